/** From the prefixes that a search ended at to an n-best of words. */

import type { BeamSettings } from "../bundle/description";
import type { Candidate } from "../types";
import { logAddExp } from "./pruning";
import type { Endings } from "./search";
import type { SearchSpace } from "./space";

/** A word that no trie holds, and its score. */
export type Spelt = readonly [word: string, score: number];

/**
 * The `n` best words at most, best first; equal scores in the order of the words.
 *
 * A word with two spellings (`don't`, also swiped as `dont`) adds up both; a word that two tries
 * hold counts once, with the better score. `literal` is what was read without the list.
 */
export function nBest(
  space: SearchSpace,
  settings: BeamSettings,
  { nodes, mass, size }: Endings,
  n: number,
  literal: Spelt | null = null,
): Candidate[] {
  const heard = new Map<number, number>();
  for (let item = 0; item < size; item++) {
    const node = nodes[item];
    for (let at = space.firstEntry[node]; at < space.firstEntry[node + 1]; at++) {
      const entry = space.entries[at];
      heard.set(entry, logAddExp(heard.get(entry) ?? -Infinity, mass[item]));
    }
  }
  const scores = new Map<string, number>();
  for (const [entry, logProbability] of heard) {
    const word = space.words[entry];
    const score = logProbability + settings.prior_weight * space.logPriors[entry];
    if (score > (scores.get(word) ?? -Infinity)) scores.set(word, score);
  }
  const spelt = literal && !scores.has(literal[0]) ? literal : null;
  const ranked: Spelt[] = spelt ? [spelt, ...scores] : [...scores];
  ranked.sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return probabilities(ranked, settings.temperature)
    .slice(0, n)
    .map((probability, at) => {
      const [word, score] = ranked[at];
      return { word, score, probability, literal: ranked[at] === spelt };
    });
}

function probabilities(ranked: readonly Spelt[], temperature: number): number[] {
  const weights = ranked.map(([, score]) => Math.exp((score - ranked[0][1]) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
