/** Reads the bytes of a word list into words and weights; lines of the usual form fast. */

import { LexiconError } from "../errors";
import { type PackedWords, Packing } from "./packed";

const FLOOR = 50; // weight of a word that has none
const MAX_WEIGHT = 1200;
const MAX_LETTERS = 100;
const [TAB, NEWLINE, SPACE, HASH, ZERO, DELETE] = [0x09, 0x0a, 0x20, 0x23, 0x30, 0x7f];

/** What a list says: its words and the weight of each. */
export interface Rows {
  language: string;
  words: PackedWords;
  weights: Float64Array;
}

/** Read a text in UTF-8; throws `LexiconError`, whose message names `where` and the line. */
export function readRows(text: Uint8Array, where: string): Rows {
  return new Reader(text, where).rows();
}

class Reader {
  private readonly packing: Packing;
  private readonly weights: Float64Array;
  private language = "und";
  private count = 0;

  constructor(
    private readonly text: Uint8Array,
    private readonly where: string,
  ) {
    const lines = linesOf(text);
    this.packing = new Packing(lines, text.length);
    this.weights = new Float64Array(lines);
  }

  rows(): Rows {
    const { text } = this;
    for (let start = 0, line = 1; start < text.length; line++) {
      const end = this.usual(start) || this.other(start, line);
      start = end + 1;
    }
    const { count, language, packing, weights } = this;
    return { language, words: packing.packed, weights: weights.subarray(0, count) };
  }

  /** Where a line of ASCII signs, a tab and a whole number ends that begins here; else 0. */
  private usual(start: number): number {
    const { text } = this;
    let at = start;
    while (text[at] > SPACE && text[at] < DELETE) at++;
    const end = at;
    if (text[start] === HASH || end === start || end - start > MAX_LETTERS) return 0;
    if (text[at++] !== TAB) return 0;
    let weight = 0;
    const first = at;
    for (; text[at] >= ZERO && text[at] < ZERO + 10; at++) weight = 10 * weight + text[at] - ZERO;
    if (at === first || weight > MAX_WEIGHT || text[at] !== NEWLINE) return 0;
    this.keep(text, start, end, weight);
    return at;
  }

  /** Where any other line ends, a comment or a wrong one among them. */
  private other(start: number, number: number): number {
    const { text, where } = this;
    const feed = text.indexOf(NEWLINE, start);
    const end = feed < 0 ? text.length : feed;
    const line = new TextDecoder().decode(text.subarray(start, end)); // no byte order mark is left
    if (line.startsWith("#") && this.count === 0) {
      this.language = /^#\s*language:\s*(\S+)/.exec(line)?.[1] ?? this.language;
    }
    const tab = line.indexOf("\t");
    const word = (tab < 0 ? line : line.slice(0, tab)).trim();
    if (!word || line.startsWith("#") || word.startsWith("#")) return end;
    if (word.length > MAX_LETTERS) throw new LexiconError(`${where}:${number}: too long a word`);
    const bytes = new TextEncoder().encode(word);
    const weight = tab < 0 ? FLOOR : weightOf(line.slice(tab + 1), `${where}:${number}`);
    this.keep(bytes, 0, bytes.length, weight);
    return end;
  }

  /** Of a word that comes again the first stays. */
  private keep(bytes: Uint8Array, first: number, end: number, weight: number): void {
    if (this.packing.add(bytes, first, end)) this.weights[this.count++] = weight;
  }
}

function linesOf(text: Uint8Array): number {
  let count = 1;
  for (let at = 0; at < text.length; at++) if (text[at] === NEWLINE) count++;
  return count;
}

function weightOf(text: string, where: string): number {
  const found = text.trim() === "" ? FLOOR : Number(text);
  if (found >= 0 && found <= MAX_WEIGHT) return found;
  throw new LexiconError(`${where}: weight '${text}': expected 0 to ${MAX_WEIGHT}`);
}
