/** A bundle's words and their tree, which a worker of their own may build. */

import type { Alphabet } from "../alphabet";
import { LEXICON } from "../bundle/description";
import type { Bundle } from "../bundle/folder";
import { BundleError, errorNamed } from "../errors";
import { readLexicon } from "./lexicon";
import { PackedWords } from "./packed";
import { spellings } from "./spelling";
import { buildTrie, type Trie } from "./trie";

/** W words that do not change, and where the search finds them. */
export interface ListedWords {
  /** BCP 47 language of the words; "und" where the file does not say. */
  language: string;
  /** As shown and typed; none twice. */
  words: readonly string[];
  /** `(W,)` natural logarithms of probabilities. */
  logPriors: Float32Array;
  trie: Trie;
}

/** The same with all words as one text, which is sooner made and sent. */
export type Built = Omit<ListedWords, "words"> & { text: string };

/** What the worker of the words says. */
export type BuiltOrError = Built | { name: string; message: string };

/** Build the tree of a bundle's list; throws `BundleError` or `LexiconError`. */
export async function build({ description, files }: Bundle): Promise<Built> {
  const content = await files.get(LEXICON);
  if (!content) throw new BundleError(`${LEXICON}: the bundle does not have it`);
  const { language, words, logPriors } = await readLexicon(content, LEXICON);
  const trie = buildTrie(spellings(words, description.alphabet), logPriors);
  return { language, text: words.text, logPriors, trie };
}

/** Have the list of the bundle in `folder` built beside this thread. */
export function buildBeside(folder: string): Promise<ListedWords> {
  const options: WorkerOptions = { type: "module", name: folder };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), /* @vite-ignore */ options);
  const answer = new Promise<ListedWords>((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<BuiltOrError>) => {
      if ("message" in data) reject(errorNamed(data.name, data.message));
      else resolve(listed(data));
    });
    worker.addEventListener("error", ({ message }) => {
      reject(new Error(`the worker of the words failed: ${message || "it could not be loaded"}`));
    });
  });
  return answer.finally(() => worker.terminate());
}

export function listed({ text, ...others }: Built): ListedWords {
  return { ...others, words: text.split("\n") };
}

/** The tree of a few words with their log priors. */
export function treeOf(
  words: readonly string[],
  logPriors: Float32Array,
  alphabet: Alphabet,
): Trie {
  return buildTrie(spellings(PackedWords.of(words), alphabet), logPriors);
}
