/** With a wide beam, both searches give every word the score of all its alignments added up. */

import { describe, expect, test } from "vitest";
import { Alphabet } from "../src/decoder/alphabet";
import type { BeamSettings } from "../src/decoder/bundle/description";
import { nBest } from "../src/decoder/decoding/ending";
import { PredictionCache } from "../src/decoder/decoding/predictions";
import { logAddExp, Ranked } from "../src/decoder/decoding/pruning";
import type { CtcScorer, Frames, Scorer, TransducerScorer } from "../src/decoder/decoding/scorer";
import { makeSearch } from "../src/decoder/decoding/search";
import { joined, type SearchSpace, searchSpace, spelling } from "../src/decoder/decoding/space";
import { treeOf } from "../src/decoder/lexicon/listed";
import { PackedWords } from "../src/decoder/lexicon/packed";
import { spellings } from "../src/decoder/lexicon/spelling";
import { chance, FRAMES, RandomCtc, RandomTransducer, SILENT } from "./random_scorers";

const LETTERS = "abc'";
const ALPHABET = new Alphabet(LETTERS, [...LETTERS, "<unk>", "<blank>"]);
const CLASSES = ALPHABET.labels.length;
const WIDE: BeamSettings = {
  width: 10_000,
  threshold: 1e12,
  max_symbols: 10,
  prior_weight: 0.7,
  internal_weight: 0,
  temperature: 1.5,
  literal: false,
  literal_prior: -11,
  literal_letter: -2,
};

function spaceOf(words: readonly string[], seed = 1): SearchSpace {
  const logPriors = Float32Array.from(words, (_, at) => Math.log(0.01 + chance(seed, at)));
  return searchSpace(treeOf(words, logPriors, ALPHABET), words, logPriors);
}

/** Words of one to four letters, some with an apostrophe or with a letter twice. */
function randomWords(seed: number): string[] {
  const words = Array.from({ length: 12 }, (_, at) => {
    const length = 1 + Math.floor(4 * chance(seed, at));
    const letter = (_: unknown, place: number) => "abc"[Math.floor(3 * chance(seed, at, place))];
    const word = Array.from({ length }, letter).join("");
    return at % 5 === 4 && length > 1 ? `${word.slice(0, 1)}'${word.slice(1)}` : word;
  });
  return [...new Set(words)];
}

async function scoresOf(scorer: Scorer, space: SearchSpace, settings = WIDE) {
  const search = await makeSearch(scorer, space, settings);
  const frames = await scorer.encode(new Float32Array(0));
  await search.run(frames); // what one swipe leaves must not touch the next
  const found = nBest(space, settings, await search.run(frames), 1000);
  return new Map(found.map(({ word, score }) => [word, score]));
}

/** Score of every word by adding up alignments of each of its spellings, one frame after another. */
async function bruteForce(
  words: readonly string[],
  logPriors: Float32Array,
  likelihood: (ids: number[]) => Promise<number>,
) {
  const { ids, starts, entries } = spellings(PackedWords.of(words), ALPHABET);
  const total = new Map<string, number>();
  for (const [at, entry] of entries.entries()) {
    const word = words[entry];
    const spelling = [...ids.subarray(starts[at], starts[at + 1])];
    total.set(word, logAddExp(total.get(word) ?? -Infinity, await likelihood(spelling)));
  }
  return new Map(
    words.map((word, at) => [
      word,
      (total.get(word) ?? -Infinity) + WIDE.prior_weight * logPriors[at],
    ]),
  );
}

/** log P(ids | swipe) of a transducer: the forward algorithm. */
async function transducerLikelihood(scorer: TransducerScorer, ids: number[]): Promise<number> {
  let { outputs, states } = await scorer.initialState();
  let alpha = Array<number>(FRAMES).fill(-Infinity); // of having come to each frame
  for (let row = 0; row <= ids.length; row++) {
    const scores = await scorer.joint(SILENT, outputs);
    const here = Array<number>(FRAMES).fill(-Infinity);
    const next = Array<number>(FRAMES).fill(-Infinity);
    let left = row === 0 ? 0 : -Infinity; // has left the frame before by blank
    for (let at = 0; at < FRAMES; at++) {
      here[at] = logAddExp(left, alpha[at]);
      if (row < ids.length) next[at] = here[at] + scores[at * CLASSES + ids[row]];
      left = here[at] + scores[at * CLASSES + scorer.blank];
    }
    if (row === ids.length) return left;
    alpha = next;
    ({ outputs, states } = await scorer.step([ids[row]], states));
  }
  return -Infinity;
}

/** log P(ids) that the network alone gives, where it is asked with a frame of zeros. */
async function internalLikelihood(scorer: TransducerScorer, ids: number[]): Promise<number> {
  let { outputs, states } = await scorer.initialState();
  let total = 0;
  for (const id of ids) {
    const nothing: Frames = { count: 1, width: 1, data: new Float32Array(1) };
    const alone = await scorer.joint(nothing, outputs);
    const letters = alone.filter((_, label) => label !== scorer.blank);
    total += alone[id] - Math.log(letters.reduce((sum, each) => sum + Math.exp(each), 0));
    ({ outputs, states } = await scorer.step([id], states));
  }
  return total;
}

/** log P(ids | swipe) of CTC: every path of labels that collapses to the ids. */
async function ctcLikelihood(scorer: CtcScorer, ids: number[]): Promise<number> {
  const { data } = await scorer.encode(new Float32Array(0));
  const states = [scorer.blank, ...ids.flatMap((id) => [id, scorer.blank])];
  let alpha = states.map((_, state) => (state < 2 ? data[states[state]] : -Infinity));
  for (let at = 1; at < FRAMES; at++) {
    alpha = states.map((label, state) => {
      let sum = logAddExp(alpha[state], alpha[state - 1] ?? -Infinity);
      const skips = label !== scorer.blank && label !== states[state - 2];
      if (skips) sum = logAddExp(sum, alpha[state - 2] ?? -Infinity);
      return sum + data[at * CLASSES + label];
    });
  }
  return logAddExp(alpha[alpha.length - 1], alpha[alpha.length - 2]);
}

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

describe.each(SEEDS)("chance %i", (seed) => {
  const words = randomWords(seed);
  const space = spaceOf(words, seed);

  test("transducer", async () => {
    const scorer = new RandomTransducer(seed, CLASSES);
    const expected = await bruteForce(words, space.logPriors, (ids) =>
      transducerLikelihood(scorer, ids),
    );
    expectEqual(await scoresOf(scorer, space), expected);
  });

  test("transducer, less what the network alone expects", async () => {
    const scorer = new RandomTransducer(seed, CLASSES);
    const expected = await bruteForce(
      words,
      space.logPriors,
      async (ids) =>
        (await transducerLikelihood(scorer, ids)) - 0.4 * (await internalLikelihood(scorer, ids)),
    );
    expectEqual(await scoresOf(scorer, space, { ...WIDE, internal_weight: 0.4 }), expected);
  });

  test("CTC", async () => {
    const scorer = new RandomCtc(seed, CLASSES);
    const expected = await bruteForce(words, space.logPriors, (ids) => ctcLikelihood(scorer, ids));
    expectEqual(await scoresOf(scorer, space), expected);
  });

  test("two tries side by side answer as one", async () => {
    const half = Math.floor(words.length / 2);
    const [some, others] = [words.slice(0, half), words.slice(half)];
    const [first, second] = [spaceOf(some, seed), spaceOf(others, seed)];
    second.logPriors.set(space.logPriors.subarray(half));
    const scorer = new RandomTransducer(seed, CLASSES);
    expectEqual(await scoresOf(scorer, joined(first, second)), await scoresOf(scorer, space));
  });
});

test("a narrow beam asks the network less and answers fewer words", async () => {
  const space = spaceOf(randomWords(3), 3);
  const [wide, narrow] = [new RandomTransducer(3, CLASSES), new RandomTransducer(3, CLASSES)];
  const all = await scoresOf(wide, space);
  const found = await scoresOf(narrow, space, { ...WIDE, width: 1 });
  expect(narrow.asked).toBeLessThan(wide.asked);
  expect(found.size).toBeLessThan(all.size);
});

test("every prefix is asked for once, however many swipes there are", async () => {
  const scorer = new RandomTransducer(5, CLASSES);
  const space = spaceOf(randomWords(5), 5);
  await scoresOf(scorer, space);
  expect(scorer.asked).toBe(space.letter.length - 1);
});

test.each([1, 3, 7, 1000])("a cache of %i predictions says what a fresh one says", async (size) => {
  const scorer = new RandomTransducer(5, CLASSES);
  const space = spaceOf(randomWords(5), 5);
  const first = await scorer.initialState();
  const cache = new PredictionCache(scorer, space, first, size);
  const count = space.letter.length;
  for (let turn = 0; turn < 30; turn++) {
    const chosen = Array.from({ length: 4 }, (_, at) => Math.floor(count * chance(turn, at)));
    const nodes = Int32Array.from(new Set(chosen));
    const expected = await Promise.all(Array.from(nodes, (node) => predicted(scorer, space, node)));
    expect([...(await cache.outputs(nodes))]).toEqual(expected);
    const other = Math.floor(count * chance(turn, 4));
    expect([...(await cache.state(other))]).toEqual([await predicted(scorer, space, other)]);
  }
});

/** The prediction after a node's prefix, letter by letter. */
async function predicted(scorer: RandomTransducer, space: SearchSpace, node: number) {
  let { outputs, states } = await scorer.initialState();
  for (const id of spelling(space, node)) ({ outputs, states } = await scorer.step([id], states));
  return outputs[0];
}

test("a blocked word never comes out", async () => {
  const space = spaceOf(["a", "ab", "b"]);
  space.logPriors[1] = -Infinity;
  const found = await scoresOf(new RandomCtc(1, CLASSES), space);
  expect([...found.keys()].sort()).toEqual(["a", "b"]);
});

test("probabilities are those of the scores at the bundle's temperature", async () => {
  const space = spaceOf(["a", "b"]);
  const scorer = new RandomCtc(1, CLASSES);
  const search = await makeSearch(scorer, space, WIDE);
  const frames = await scorer.encode();
  const [first, second] = nBest(space, WIDE, await search.run(frames), 2);
  const odds = Math.exp((first.score - second.score) / WIDE.temperature);
  expect(first.probability / second.probability).toBeCloseTo(odds, 9);
  expect(first.probability + second.probability).toBeCloseTo(1, 9);
});

test("of ranks that are equal at the edge, no more are kept than there is room for", () => {
  const ranked = new Ranked();
  for (const [at, rank] of [3, 1, 2, 2, 2, 0].entries()) ranked.push(at, 10 * at, rank);
  ranked.keepBest(3, 0.5);
  expect([...ranked.nodes.subarray(0, ranked.size)]).toEqual([0, 2, 3]);
  expect([...ranked.mass.subarray(0, ranked.size)]).toEqual([0, 20, 30]);
  ranked.keepBest(3, 2.5);
  expect([...ranked.nodes.subarray(0, ranked.size)]).toEqual([0]);
});

function expectEqual(found: Map<string, number>, expected: Map<string, number>): void {
  const possible = [...expected].filter(([, score]) => score > -Infinity);
  expect([...found.keys()].sort()).toEqual(possible.map(([word]) => word).sort());
  for (const [word, score] of possible) expect(found.get(word)).toBeCloseTo(score, 6);
}
