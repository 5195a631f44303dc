/** The letters that a finger passes over for a word: two spellings where it has an apostrophe. */

import type { Alphabet } from "../alphabet";
import { LexiconError, messageOf } from "../errors";
import type { PackedWords } from "./packed";

const MAX_LETTERS = 200; // signs that stand for several letters make a spelling longer than its word
const NO_LETTER = 0xff;

/** S spellings as label ids behind each other, and which word each is of; none is empty. */
export interface Spellings {
  ids: Uint8Array;
  /** `(S + 1,)` where each spelling begins. */
  starts: Int32Array;
  /** `(S,)` indices into the words. */
  entries: Int32Array;
}

/**
 * How a finger may spell each word: as the alphabet normalises it and, where that has apostrophes,
 * without them as well, because few keyboards show the apostrophe. Those with an apostrophe stand
 * behind all others. Throws `LexiconError` for a word that the alphabet cannot spell.
 */
export function spellings(words: PackedWords, alphabet: Alphabet): Spellings {
  const plain = plainLabels(alphabet);
  const spelt = new Spelt(words.length, words.bytes.length);
  const marked: [string, number][] = [];
  for (let entry = 0; entry < words.length; entry++) {
    const [first, end] = [words.starts[entry], words.starts[entry + 1] - 1];
    if (spelt.plain(words.bytes, first, end, plain, entry)) continue;
    const spelling = normalised(words.at(entry), alphabet);
    if (spelling.includes("'")) marked.push([spelling, entry]);
    else spelt.add(alphabet.encode(spelling), entry);
  }
  for (const [spelling, entry] of marked) {
    for (const each of [spelling, spelling.replaceAll("'", "")]) {
      spelt.add(alphabet.encode(each), entry);
    }
  }
  return spelt.spellings;
}

/** Spellings that are being put behind each other. */
class Spelt {
  private ids: Uint8Array;
  private starts: Int32Array;
  private entries: Int32Array;
  private count = 0;

  constructor(words: number, letters: number) {
    this.ids = new Uint8Array(letters);
    this.starts = new Int32Array(words + 1);
    this.entries = new Int32Array(words);
  }

  get spellings(): Spellings {
    const { count, entries, ids, starts } = this;
    return {
      ids: ids.subarray(0, starts[count]),
      starts: starts.subarray(0, count + 1),
      entries: entries.subarray(0, count),
    };
  }

  /** Add bytes that are letters one by one; false, and nothing added, if they are not. */
  plain(from: Uint8Array, first: number, end: number, labels: Uint8Array, entry: number): boolean {
    this.makeRoom(end - first);
    const { ids } = this;
    let at = this.starts[this.count];
    for (let place = first; place < end; place++) {
      const label = labels[from[place]];
      if (label === NO_LETTER) return false;
      ids[at++] = label;
    }
    this.end(at, entry);
    return true;
  }

  add(labels: readonly number[], entry: number): void {
    this.makeRoom(labels.length);
    const start = this.starts[this.count];
    this.ids.set(labels, start);
    this.end(start + labels.length, entry);
  }

  private end(at: number, entry: number): void {
    this.entries[this.count++] = entry;
    this.starts[this.count] = at;
  }

  private makeRoom(letters: number): void {
    const { count, entries, ids, starts } = this;
    if (starts[count] + letters > ids.length) {
      this.ids = new Uint8Array(2 * (ids.length + letters));
      this.ids.set(ids);
    }
    if (count === entries.length) {
      this.entries = new Int32Array(2 * count + 1);
      this.entries.set(entries);
      this.starts = new Int32Array(2 * count + 2);
      this.starts.set(starts);
    }
  }
}

/** Label id of each ASCII letter in either case, by its byte. */
function plainLabels(alphabet: Alphabet): Uint8Array {
  const labels = new Uint8Array(256).fill(NO_LETTER);
  for (const letter of "abcdefghijklmnopqrstuvwxyz") {
    const label = alphabet.id(letter) ?? NO_LETTER;
    labels[letter.charCodeAt(0)] = labels[letter.toUpperCase().charCodeAt(0)] = label;
  }
  return labels;
}

function normalised(word: string, alphabet: Alphabet): string {
  let spelling: string;
  try {
    spelling = alphabet.normalise(word);
  } catch (error) {
    throw new LexiconError(messageOf(error));
  }
  if (spelling.length > MAX_LETTERS) throw new LexiconError(`word '${word}': too many letters`);
  return spelling;
}
