/** The same answers as Python's decoder, on the swipes that `tools/make_golden_decodes.py` wrote. */

import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { PersonalWords } from "../src/decoder/lexicon/personal";
import type { GestureDecoder } from "../src/decoder/runtime/decoder";
import type { Candidate, Keyboard, Point } from "../src/decoder/types";
import { BUNDLE, bundleIn, bytesOf, opened } from "./bundles";

const GOLDEN = process.env.GLISSANDO_GOLDEN ?? join(import.meta.dirname, "golden/decodes.jsonl.gz");
const TOLERANCE = 1e-3; // of a score and of a probability, and by which two words are as good

type Row = [word: string, score: number, probability: number, literal: boolean];

interface Golden {
  word: string;
  keyboard: string;
  points: [number, number, number][];
  candidates: Row[];
  taught: Row[];
  greedy: string;
}

interface Header {
  bundle: { files: Record<string, string>; decoding: Record<string, number | boolean> };
  personal: string[];
}

const [header, ...golden] = gunzipSync(bytesOf(GOLDEN))
  .toString()
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line)) as [Header, ...Golden[]];

let decoder: GestureDecoder;
let keyboards: ReadonlyMap<string, Keyboard>;
let taught: PersonalWords;

beforeAll(async () => {
  const bundle = await bundleIn(BUNDLE);
  const { files, decoding } = bundle.description;
  const hashes = Object.fromEntries([...files].map(([name, { sha256 }]) => [name, sha256]));
  const advice = "another bundle: make the golden file again with tools/make_golden_decodes.py";
  expect({ files: hashes, decoding }, advice).toEqual(header.bundle);
  keyboards = new Map(bundle.description.keyboards.map((keyboard) => [keyboard.name, keyboard]));
  decoder = await opened(bundle);
  taught = new PersonalWords(bundle.description.alphabet);
  taught.load(header.personal.join("\n"));
});

describe("on every golden swipe the browser's decoder answers as Python's", () => {
  test("n-best, scores, probabilities and greedy letters", async () => {
    expect(await differences(({ candidates }) => candidates)).toEqual([]);
  });

  test("with the user's words, boosts and blocks", async () => {
    const changed = golden.filter((row) => !same(row.candidates, row.taught));
    expect(changed.length).toBeGreaterThan(golden.length / 20); // or this would test nothing
    decoder.change(taught.changes);
    expect(await differences((row) => row.taught)).toEqual([]);
    decoder.change(new PersonalWords(taught.alphabet).changes);
  });

  test("nor reads literally what the user blocks or adds", async () => {
    const literal = ([, , , is]: Row) => is;
    const row = golden.find(({ candidates }) => candidates.some(literal));
    if (!row) return; // a CTC model reads nothing so
    const [word] = row.candidates.find(literal)!;
    const own = new PersonalWords(taught.alphabet);
    const told = async () => {
      decoder.change(own.changes);
      const { candidates } = await decoder.decode(pointsOf(row), keyboardOf(row), 100);
      return candidates.filter((each) => each.word === word).map((each) => each.literal);
    };
    expect(await told()).toEqual([true]);
    own.block(word.toUpperCase());
    expect(await told()).toEqual([]);
    own.add(word);
    expect(await told()).toEqual([false]);
    own.remove(word);
    expect(await told()).toEqual([true]);
  });
});

/** Every golden swipe on which the decoder says other than expected. */
async function differences(expected: (row: Golden) => Row[]): Promise<string[]> {
  const found: string[] = [];
  for (const row of golden) {
    const { candidates, greedy } = await decoder.inspect(pointsOf(row), keyboardOf(row), 10);
    const rows = candidates.map(
      ({ word, score, probability, literal }): Row => [word, score, probability, literal],
    );
    if (greedy !== row.greedy) found.push(`${row.word}: reads ${greedy}, not ${row.greedy}`);
    if (!same(rows, expected(row))) {
      found.push(`${row.word}: ${told(candidates)}, not ${JSON.stringify(expected(row))}`);
    }
  }
  return found;
}

/** Same words in the same order with the same numbers; words as good as each other may swap. */
function same(found: Row[], expected: Row[]): boolean {
  const rows = new Map(expected.map((row) => [row[0], row]));
  return (
    found.length === expected.length &&
    found.every(([word, score, probability, literal], at) => {
      const [, expectedScore, expectedProbability] = expected[at];
      const [, own, , expectedLiteral] = rows.get(word) ?? [word, Number.NaN];
      return (
        literal === expectedLiteral &&
        close(score, own) &&
        close(own, expectedScore) &&
        close(probability, expectedProbability)
      );
    })
  );
}

function close(one: number, other: number): boolean {
  return Math.abs(one - other) <= TOLERANCE;
}

function pointsOf({ points }: Golden): Point[] {
  return points.map(([x, y, t]) => ({ x, y, t }));
}

function keyboardOf({ keyboard }: Golden): Keyboard {
  const found = keyboards.get(keyboard);
  if (!found) throw new Error(`the bundle has no keyboard ${keyboard}`);
  return found;
}

function told(candidates: Candidate[]): string {
  return JSON.stringify(candidates.map(({ word, score, literal }) => [word, score, literal]));
}
