/** A word list with priors: what it holds, and how a file of it is read. */

import { LexiconError, messageOf } from "../errors";

const FLOOR = 50; // weight of a word that has none
const MAX_WEIGHT = 1200;
const MAX_LETTERS = 100;
const MAX_BYTES = 1 << 26; // a list that unpacks to more is refused: half a million words take 8 MB

/** W words and how likely each is before any swipe is seen. */
export interface Lexicon {
  /** BCP 47 language of the words; "und" where the file does not say. */
  language: string;
  /** As shown and typed; none twice. */
  words: readonly string[];
  /** `(W,)` natural logarithms of probabilities that add up to 1. */
  logPriors: Float32Array;
}

/**
 * Read a word list, plain or gzip-compressed: one word a line and behind a tab, if known, its
 * weight, 100 * log10 of occurrences in a billion words; lines that begin with # are comments.
 */
export async function readLexicon(data: Uint8Array, where: string): Promise<Lexicon> {
  return lexiconFromText(await decompressed(data, where), where);
}

async function decompressed(data: Uint8Array, where: string): Promise<string> {
  const isGzip = data[0] === 0x1f && data[1] === 0x8b;
  const parts: string[] = [];
  let size = 0;
  try {
    const bytes = new Blob([data as BlobPart]).stream();
    const plain = isGzip ? bytes.pipeThrough(new DecompressionStream("gzip")) : bytes;
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const reader = plain.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > MAX_BYTES) throw new Error(`unpacks to more than ${MAX_BYTES >> 20} MB`);
      parts.push(decoder.decode(part.value, { stream: true }));
    }
    parts.push(decoder.decode());
  } catch (error) {
    throw new LexiconError(`${where}: damaged, or no text: ${messageOf(error)}`);
  }
  return parts.join("");
}

/** The words of a list's text; throws `LexiconError`. */
export function lexiconFromText(text: string, where: string): Lexicon {
  const weights = new Map<string, number>();
  let language = "und";
  text.split("\n").forEach((line, at) => {
    if (line.startsWith("#")) {
      if (weights.size === 0) language = /^#\s*language:\s*(\S+)/.exec(line)?.[1] ?? language;
      return;
    }
    const tab = line.indexOf("\t");
    const word = (tab < 0 ? line : line.slice(0, tab)).trim();
    if (!word || word.startsWith("#") || weights.has(word)) return;
    if (word.length > MAX_LETTERS) throw new LexiconError(`${where}:${at + 1}: too long a word`);
    weights.set(word, tab < 0 ? FLOOR : weight(line.slice(tab + 1), `${where}:${at + 1}`));
  });
  if (weights.size === 0) throw new LexiconError(`${where}: has no words, expected one a line`);
  return { language, words: [...weights.keys()], logPriors: logPriors([...weights.values()]) };
}

function weight(text: string, where: string): number {
  const found = text.trim() === "" ? FLOOR : Number(text);
  if (found >= 0 && found <= MAX_WEIGHT) return found;
  throw new LexiconError(`${where}: weight '${text}': expected 0 to ${MAX_WEIGHT}`);
}

function logPriors(weights: readonly number[]): Float32Array {
  const highest = weights.reduce((most, each) => Math.max(most, each), 0);
  const nats = new Float64Array(weights).map((each) => ((each - highest) * Math.LN10) / 100);
  const total = Math.log(nats.reduce((sum, each) => sum + Math.exp(each), 0));
  return new Float32Array(nats.map((each) => each - total));
}
