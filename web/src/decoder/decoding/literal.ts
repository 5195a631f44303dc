/**
 * Reads a swipe letter by letter, for the words that a list lacks: names, slang, abbreviations;
 * `decoding/literal.py` in TypeScript.
 *
 * Keyboards call it the literal candidate. A transducer needs no list to spell; what it spells
 * greedily is scored as the search scores listed words, with a prior of its own that falls with
 * every letter.
 */

import type { BeamSettings } from "../bundle/description";
import { FreePrefix, follow, type Prefix } from "./greedy";
import { logAddExp } from "./pruning";
import type { ScoreTable } from "./scores";
import { childOf, hasWord, type SearchSpace } from "./space";

/** Letters that spell no word of the list. */
export interface LiteralReading {
  /** Their ids. */
  labels: number[];
  /** Natural logarithm of the network's probability for them. */
  logProbability: number;
}

/**
 * What the network writes by itself for the swipe that a search has just gone through.
 *
 * Null where it writes nothing, or letters that some word of the list is spelt with: that one is
 * the search's business, and if a user blocked it, it stays blocked.
 *
 * @param table The search's, whose rows are used and added to.
 * @param space The words; the first of its tries lends its rows.
 */
export async function readLiterally(
  table: ScoreTable,
  space: SearchSpace,
  blank: number,
): Promise<LiteralReading | null> {
  const start = await TriePrefix.reached(table, space, space.roots[0]);
  const { labels, prefixes } = await follow(start, table.frames.count, blank);
  if (labels.length === 0 || hasWord(space, labels)) return null;
  const said = prefixes.map(({ logProbs }) => logProbs);
  return { labels, logProbability: spellingLogProbability(said, labels, blank, table.classes) };
}

/** Comparable with the scores of listed words. */
export function literalScore(reading: LiteralReading, settings: BeamSettings): number {
  const prior = settings.literal_prior + settings.literal_letter * reading.labels.length;
  return reading.logProbability + settings.prior_weight * prior;
}

/**
 * Log probability of U letters, all their alignments to T frames added up (Graves 2012).
 *
 * @param said `(T, V)` after 0 to U letters.
 */
export function spellingLogProbability(
  said: readonly Float32Array[],
  labels: readonly number[],
  blank: number,
  classes: number,
): number {
  const mass = new Float64Array(said.length).fill(-Infinity); // of each prefix at this frame
  mass[0] = 0;
  for (let row = 0; row < said[0].length; row += classes) {
    let written = -Infinity; // has come to a prefix by its last letter at this frame
    for (let length = 0; length < said.length; length++) {
      const reached = logAddExp(mass[length], written);
      mass[length] = reached + said[length][row + blank];
      if (length < labels.length) written = reached + said[length][row + labels[length]];
    }
  }
  return mass[labels.length];
}

/** A prefix of some listed word: the search may have asked the network for it already. */
class TriePrefix implements Prefix {
  private constructor(
    private readonly table: ScoreTable,
    private readonly space: SearchSpace,
    private readonly node: number,
    readonly logProbs: Float32Array,
  ) {}

  static async reached(table: ScoreTable, space: SearchSpace, node: number): Promise<TriePrefix> {
    return new TriePrefix(table, space, node, await table.scores(node));
  }

  async grown(label: number): Promise<Prefix> {
    const { node, space, table } = this;
    const child = childOf(space, node, label);
    if (child >= 0) return TriePrefix.reached(table, space, child);
    const after = await table.scorer.step([label], await table.state(node));
    return FreePrefix.reached(table.scorer, table.frames, after);
  }
}
