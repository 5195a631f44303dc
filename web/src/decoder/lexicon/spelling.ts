/** The letters that a finger passes over for a word: two spellings where it has an apostrophe. */

import type { Alphabet } from "../alphabet";
import { LexiconError, messageOf } from "../errors";

const MAX_LETTERS = 200; // signs that stand for several letters make a spelling longer than its word

/** S spellings and which word each is of. */
export interface Spellings {
  /** In letters of the alphabet; none empty. */
  spelt: readonly string[];
  /** `(S,)` indices into the words. */
  entries: Int32Array;
}

/**
 * How a finger may spell each word: as the alphabet normalises it and, where that has apostrophes,
 * without them as well, because few keyboards show the apostrophe. Those with an apostrophe stand
 * behind all others. Throws `LexiconError` for a word that the alphabet cannot spell.
 */
export function spellings(words: readonly string[], alphabet: Alphabet): Spellings {
  const isPlain = plainTest(alphabet);
  const spelt: string[] = [];
  const entries: number[] = [];
  const marked: [string, number][] = [];
  words.forEach((word, entry) => {
    const small = word.toLowerCase();
    const spelling = isPlain.test(small) ? small : normalised(word, alphabet);
    if (spelling.includes("'")) {
      marked.push([spelling, entry]);
    } else {
      spelt.push(spelling);
      entries.push(entry);
    }
  });
  for (const [spelling, entry] of marked) {
    for (const each of [spelling, spelling.replaceAll("'", "")]) {
      spelt.push(each);
      entries.push(entry);
    }
  }
  return { spelt, entries: Int32Array.from(entries) };
}

/** Tells what is spelt as it stands: small letters, with no apostrophe at an end. */
function plainTest(alphabet: Alphabet): RegExp {
  const small = Array.from(alphabet.letters).filter((letter) => /^[a-z]$/.test(letter));
  const letters = `[${small.join("")}]+`;
  const marked = alphabet.id("'") === undefined ? "" : `(?:'${letters})*`;
  return new RegExp(`^${letters}${marked}$`);
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
