/** What the network spells by itself is a candidate beside the list's, and only if the list lacks it. */

import { describe, expect, test } from "vitest";
import { Alphabet } from "../src/decoder/alphabet";
import type { BeamSettings } from "../src/decoder/bundle/description";
import { nBest } from "../src/decoder/decoding/ending";
import { readGreedily } from "../src/decoder/decoding/greedy";
import { LessInternal } from "../src/decoder/decoding/internal";
import { logAddExp } from "../src/decoder/decoding/pruning";
import type { Frames, Scorer, TransducerScorer } from "../src/decoder/decoding/scorer";
import { joined, type SearchSpace, searchSpace } from "../src/decoder/decoding/space";
import { WordSearch } from "../src/decoder/decoding/word_search";
import { treeOf } from "../src/decoder/lexicon/listed";
import { matchingKey } from "../src/decoder/lexicon/personal_file";
import type { Candidate } from "../src/decoder/types";
import { FRAMES, RandomCtc, RandomTransducer, SILENT } from "./random_scorers";

const LETTERS = "abc'";
const ALPHABET = new Alphabet(LETTERS, [...LETTERS, "<unk>", "<blank>"]);
const CLASSES = ALPHABET.labels.length;
const SETTINGS: BeamSettings = {
  width: 20,
  threshold: 1e12,
  max_symbols: 10,
  prior_weight: 0.7,
  internal_weight: 0,
  temperature: 1.5,
  literal: true,
  literal_prior: -3,
  literal_letter: -0.5,
};

/** A network of chance that favours some labels. */
class Biased extends RandomTransducer {
  /** Prefixes that the joint network was asked for. */
  joined = 0;

  constructor(
    seed: number,
    private readonly favour: { unk: number; blank: number; apostrophe?: number },
  ) {
    super(seed, CLASSES);
  }

  override async joint(frames: Frames, outputs: Float32Array): Promise<Float32Array> {
    this.joined += outputs.length;
    const { unk, blank, apostrophe = 0 } = this.favour;
    const favours = [0, 0, 0, apostrophe, unk, blank];
    return (await super.joint(frames, outputs)).map((each, at) => each + favours[at % CLASSES]);
  }
}

/** A few letters at most, all of them in the alphabet. */
const terse = (seed: number) => new Biased(seed, { unk: -20, blank: 1.5, apostrophe: -2 });

function spaceOf(...words: string[]): SearchSpace {
  const logPriors = new Float32Array(words.length).fill(-1);
  return searchSpace(treeOf(words, logPriors, ALPHABET), words, logPriors);
}

async function found(
  scorer: Scorer,
  space: SearchSpace,
  { settings = SETTINGS, blocked = new Set<string>() } = {},
): Promise<Candidate[]> {
  const search = await WordSearch.open(scorer, space, settings, ALPHABET);
  const frames = await scorer.encode(new Float32Array(0));
  await search.find(frames, 9, blocked); // what one swipe leaves must not touch the next
  return search.find(frames, 9, blocked);
}

/** What a network spells, and its log probabilities `(T, V)` after every prefix of that. */
async function spelt(scorer: TransducerScorer) {
  let { outputs, states } = await scorer.initialState();
  const rows = [await scorer.joint(SILENT, outputs)];
  const ids: number[] = [];
  for (let at = 0; at < FRAMES; at++) {
    for (let label = -1; label !== scorer.blank; ) {
      const frame = rows[ids.length].subarray(at * CLASSES, (at + 1) * CLASSES);
      label = frame.indexOf(Math.max(...frame));
      if (label === scorer.blank) continue;
      ids.push(label);
      ({ outputs, states } = await scorer.step([label], states));
      rows.push(await scorer.joint(SILENT, outputs));
    }
  }
  return { ids, rows, word: ALPHABET.decode(ids) };
}

/** log P(ids | swipe) from one place in it on: each alignment by itself. */
function alignments(rows: Float32Array[], ids: number[], at = 0, written = 0): number {
  if (at === FRAMES) return written === ids.length ? 0 : -Infinity;
  const frame = rows[written].subarray(at * CLASSES, (at + 1) * CLASSES);
  const stays = frame[ALPHABET.blank] + alignments(rows, ids, at + 1, written);
  if (written === ids.length) return stays;
  return logAddExp(stays, frame[ids[written]] + alignments(rows, ids, at, written + 1));
}

// The network of seed 11 spells nothing.
const SEEDS = Array.from({ length: 21 }, (_, seed) => seed).filter((seed) => seed !== 11);

describe.each(SEEDS)("chance %i", (seed) => {
  test.each([0, 0.4])("adds up all alignments, less %f of the internal model", async (weight) => {
    const { ids, rows, word } = await spelt(new LessInternal(terse(seed), weight));
    // Of its prefixes the beam reached some, the trie has more, and the others are nowhere.
    const half = word.slice(0, Math.ceil(ids.length / 2));
    const space = spaceOf(`${word.slice(0, 1)}ca`, `${half}bac`, "cab");
    const settings = { ...SETTINGS, internal_weight: weight };
    const prior = settings.literal_prior + settings.literal_letter * ids.length;
    const score = alignments(rows, ids) + settings.prior_weight * prior;
    for (const width of [1, 20]) {
      const candidates = await found(terse(seed), space, { settings: { ...settings, width } });
      const [literal, ...others] = candidates.filter((candidate) => candidate.literal);
      expect(literal.word).toBe(word);
      expect(literal.score).toBeCloseTo(score, 6);
      expect(others).toEqual([]);
      expect(candidates.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
      const scores = candidates.map((candidate) => candidate.score);
      expect(scores).toEqual(scores.toSorted((one, other) => other - one));
    }
  });
});

describe("nothing is read literally", () => {
  const words = async (...given: Parameters<typeof found>) =>
    (await found(...given)).map(({ word, literal }) => [word, literal]);

  test("unless the bundle says so", async () => {
    const settings = { ...SETTINGS, literal: false };
    expect(await words(terse(2), spaceOf("a"), { settings })).toEqual([["a", false]]);
    expect(await words(terse(2), spaceOf("a"))).toContainEqual(["ccb", true]);
  });

  test("from a CTC model", async () => {
    expect(await words(new RandomCtc(2, CLASSES), spaceOf("a"))).toEqual([["a", false]]);
  });

  test("where nothing is written, or what is no letter", async () => {
    const silent = new Biased(2, { unk: -20, blank: 20 });
    expect(await words(silent, spaceOf("a"))).toEqual([["a", false]]);
    const unsure = new Biased(2, { unk: 2, blank: 0 });
    expect((await readGreedily(unsure, SILENT)).labels).toContain(ALPHABET.unknown);
    expect(await words(unsure, spaceOf("a"))).toEqual([["a", false]]);
    const quoting = new Biased(2, { unk: -20, blank: 1.5, apostrophe: 20 });
    const { labels } = await readGreedily(quoting, SILENT);
    expect(new Set(labels)).toEqual(new Set(ALPHABET.encode("'")));
    expect(await words(quoting, spaceOf("a"))).toEqual([["a", false]]);
  });

  test("that the list or the user has, though it be blocked there", async () => {
    const [listed, other] = [spaceOf("ccb"), spaceOf("a")];
    expect(await words(terse(2), listed)).toEqual([["ccb", false]]);
    const both = [
      ["a", false],
      ["ccb", false],
    ];
    for (const space of [joined(other, listed), joined(listed, other)]) {
      expect((await words(terse(2), space)).sort()).toEqual(both);
    }
    expect(await words(terse(2), spaceOf("Cc'b"))).toEqual([["Cc'b", false]]); // also swiped as ccb
    listed.logPriors[0] = -Infinity;
    expect(await words(terse(2), listed)).toEqual([]);
    for (const space of [joined(other, listed), joined(listed, other)]) {
      expect(await words(terse(2), space)).toEqual([["a", false]]);
    }
  });

  test("that the user blocked, in whatever case", async () => {
    const blocked = new Set([matchingKey("CCB")]);
    expect(await words(terse(2), spaceOf("a"), { blocked })).toEqual([["a", false]]);
    blocked.clear();
    blocked.add("cc");
    expect(await words(terse(2), spaceOf("a"), { blocked })).toContainEqual(["ccb", true]);
  });
});

test.each([
  ["ccba", spaceOf("ccba"), 0],
  ["ccba and a word of the user's", joined(spaceOf("ccba"), spaceOf("a")), 0],
  ["ca", spaceOf("ca"), 2],
  ["a", spaceOf("a"), 3],
])("beside %s, ccb takes no more of the network than it must", async (_, space, prefixes) => {
  const [reading, plain] = [terse(2), terse(2)];
  await found(reading, space);
  await found(plain, space, { settings: { ...SETTINGS, literal: false } });
  expect(reading.joined - plain.joined).toBe(2 * prefixes); // of two swipes
  expect(reading.asked - plain.asked).toBe(2 * prefixes);
});

test("a word that the list writes like what was spelt is the list's", () => {
  const space = spaceOf("a", "b");
  const endings = { nodes: Int32Array.of(1), mass: Float64Array.of(-2), size: 1 };
  const [listed] = nBest(space, SETTINGS, endings, 9);
  expect(nBest(space, SETTINGS, endings, 9, ["a", 5])).toEqual([listed]);
});

test("greedy reading writes ten letters in a frame at most, and averages what it saw there", async () => {
  const wordy = new Biased(1, { unk: -20, blank: -20 });
  expect((await readGreedily(wordy, SILENT)).labels).toHaveLength(10 * FRAMES);
  const { posteriors } = await readGreedily(new RandomTransducer(1, CLASSES), SILENT);
  expect(posteriors).toHaveLength(FRAMES * CLASSES);
  for (let at = 0; at < FRAMES; at++) {
    const row = posteriors.subarray(at * CLASSES, (at + 1) * CLASSES);
    expect(row.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 5);
  }
});
