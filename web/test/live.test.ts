/** Points are checked before they are decoded, and candidates do not flicker while a finger moves. */

import { describe, expect, test } from "vitest";
import { CANDIDATES, MARGIN, SteadyGesture } from "../src/decoder/live";
import { checkedPoints } from "../src/decoder/traces";
import type { Candidate, DecodeOptions, Decoding, Point } from "../src/decoder/types";

describe("points", () => {
  test("become rows that count time from the first", () => {
    const epoch = 1_700_000_000_000;
    const rows = checkedPoints([
      { x: 0.5, y: 0.25, t: epoch },
      { x: 1, y: -0.5, t: epoch + 16 },
    ]);
    expect([...rows]).toEqual([0.5, 0.25, 0, 1, -0.5, 16]);
  });

  test.each<[string, Point[]]>([
    ["the list of points is empty", []],
    ["points[1]: expected finite numbers, found NaN, 0, 1", points([0, 0, 0], [Number.NaN, 0, 1])],
    ["points[0]: expected finite numbers, found 1e+300, 0, 0", points([1e300, 0, 0])],
    ["points[2].t is 1, before 2", points([0, 0, 0], [0, 0, 2], [0, 0, 1])],
    ["t spans more than a day", points([0, 0, 0], [0, 0, 1e8])],
    ["expected at most 131072", Array(131073).fill({ x: 0, y: 0, t: 0 })],
  ])("are refused: %s", (complaint, swipe) => {
    expect(() => checkedPoints(swipe)).toThrow(complaint);
  });
});

/** A decoder that answers when it is told to. */
class Slow {
  readonly asked: (readonly Point[])[] = [];
  readonly wanted: (number | undefined)[] = [];
  private readonly answers: ((decoding: Decoding) => void)[] = [];

  readonly decode = (swipe: readonly Point[], options?: DecodeOptions): Promise<Decoding> => {
    this.asked.push(swipe);
    this.wanted.push(options?.n);
    return new Promise((resolve) => this.answers.push(resolve));
  };

  async answer(shares: Record<string, number>, spelt = ""): Promise<void> {
    const candidates = Object.entries(shares).map(([word, probability]): Candidate => {
      return { word, probability, score: Math.log(probability), literal: word === spelt };
    });
    await settled();
    this.answers.shift()?.({
      candidates,
      timings: { features: 0, encode: 0, search: 0, total: 0 },
    });
    await settled();
  }
}

describe("a swipe that is being drawn", () => {
  const first = points([0, 0, 0]);
  const words = (decoding: Decoding | null) => decoding?.candidates.map(({ word }) => word);

  async function shown(
    slow: Slow,
    live: SteadyGesture,
    shares: Record<string, number>,
    spelt?: string,
  ) {
    const update = live.update(first);
    await slow.answer(shares, spelt);
    return words(await update);
  }

  test("keeps its word until another leads by the margin or it drops out", async () => {
    const slow = new Slow();
    const live = new SteadyGesture(slow.decode);
    const less = (0.98 - MARGIN) / 2;
    expect(await shown(slow, live, { to: 0.6, the: 0.4 })).toEqual(["to", "the"]);
    expect(await shown(slow, live, { the: 0.5, them: 0.3, to: 0.2 })).toEqual([
      "to",
      "the",
      "them",
    ]);
    expect(await shown(slow, live, { the: 1 - less, to: less })).toEqual(["the", "to"]);
    expect(await shown(slow, live, { them: 0.6, to: 0.4 })).toEqual(["them", "to"]);
    expect(await shown(slow, live, {})).toEqual([]);
  });

  test("decodes the newest of the updates that wait, and drops the others", async () => {
    const slow = new Slow();
    const live = new SteadyGesture(slow.decode);
    const swipes = [1, 2, 3].map((t) => points([0, 0, t]));
    const updates = swipes.map((swipe) => live.update(swipe));
    await slow.answer({ a: 1 });
    await slow.answer({ b: 1 });
    const found = await Promise.all(updates);
    expect(slow.asked).toEqual([swipes[2]]);
    expect(found.map(words)).toEqual([undefined, undefined, ["a"]]);
  });

  test("ends with what the whole swipe says, whatever was shown before", async () => {
    const slow = new Slow();
    const live = new SteadyGesture(slow.decode);
    await shown(slow, live, { to: 0.6, the: 0.4 });
    const late = live.update(first);
    const finish = live.finish(first);
    await slow.answer({ the: 0.5, to: 0.5 });
    expect(words(await finish)).toEqual(["the", "to"]);
    expect(await late).toBeNull();
    expect(await live.update(first)).toBeNull();
  });

  test("shows what was spelt without the list at its end alone, and as many words all the same", async () => {
    const slow = new Slow();
    const live = new SteadyGesture(slow.decode, { n: 2 });
    const shares = { lsw: 0.5, law: 0.3, low: 0.2 };
    expect(await shown(slow, live, shares, "lsw")).toEqual(["law", "low"]);
    expect(await shown(slow, live, shares)).toEqual(["law", "lsw"]);
    const finish = live.finish(first);
    await slow.answer({ lsw: 0.7, law: 0.3 }, "lsw");
    expect(words(await finish)).toEqual(["lsw", "law"]);
    expect(slow.wanted).toEqual([3, 3, 2]);
  });

  test("asks for one word more than are shown unless told how many", async () => {
    const slow = new Slow();
    const all = Object.fromEntries(Array.from("abcdefghijk", (word) => [word, 1 / 11]));
    const found = await shown(slow, new SteadyGesture(slow.decode), all);
    expect(slow.wanted).toEqual([CANDIDATES + 1]);
    expect(found).toHaveLength(CANDIDATES);
  });
});

function points(...rows: [number, number, number][]): Point[] {
  return rows.map(([x, y, t]) => ({ x, y, t }));
}

/** After everything that is due by now. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
