/** A word list with priors: what it holds, and how a file of it is read. */

import { LexiconError, messageOf } from "../errors";
import type { PackedWords } from "./packed";
import { readRows } from "./reading";

const MAX_BYTES = 1 << 26; // a list that unpacks to more is refused: half a million words take 8 MB

/** W words and how likely each is before any swipe is seen. */
export interface Lexicon {
  /** BCP 47 language of the words; "und" where the file does not say. */
  language: string;
  /** As shown and typed. */
  words: PackedWords;
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

async function decompressed(data: Uint8Array, where: string): Promise<Uint8Array> {
  const isGzip = data[0] === 0x1f && data[1] === 0x8b;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    const bytes = new Blob([data as BlobPart]).stream();
    const plain = isGzip ? bytes.pipeThrough(new DecompressionStream("gzip")) : bytes;
    const reader = plain.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > MAX_BYTES) throw new Error(`unpacks to more than ${MAX_BYTES >> 20} MB`);
      parts.push(part.value);
    }
    const text = new Uint8Array(await new Blob(parts).arrayBuffer());
    new TextDecoder("utf-8", { fatal: true }).decode(text); // or it throws
    return text;
  } catch (error) {
    throw new LexiconError(`${where}: damaged, or no text: ${messageOf(error)}`);
  }
}

/** The words of a list's text in UTF-8; throws `LexiconError`. */
export function lexiconFromText(text: Uint8Array, where: string): Lexicon {
  const { language, words, weights } = readRows(text, where);
  if (words.length === 0) throw new LexiconError(`${where}: has no words, expected one a line`);
  return { language, words, logPriors: logPriors(weights) };
}

function logPriors(weights: Float64Array): Float32Array {
  const highest = weights.reduce((most, each) => Math.max(most, each), 0);
  const nats = weights.map((each) => ((each - highest) * Math.LN10) / 100);
  const total = Math.log(nats.reduce((sum, each) => sum + Math.exp(each), 0));
  return new Float32Array(nats.map((each) => each - total));
}
