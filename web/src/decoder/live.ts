/** Candidates while the finger still moves, without flicker; `runtime/live.py` in TypeScript. */

import type { Candidate, DecodeOptions, Decoding, LiveGesture, Point } from "./types";

/** By how much of probability a new best word must lead before it replaces the one shown. */
export const MARGIN = 0.4;

/** How many candidates there are at most unless a call says otherwise. */
export const CANDIDATES = 10;

type Decode = (points: readonly Point[], options?: DecodeOptions) => Promise<Decoding>;

/**
 * One swipe while it is drawn.
 *
 * Words come and go as the finger passes over keys. The word shown stays until another leads it by
 * a margin or it drops out of the candidates, so that what the eye follows settles early. What has
 * been spelt of a word so far is no word, so literal candidates wait for the end, too; `finish`
 * shows what the whole swipe says, whatever was shown before. The finger may be faster than the
 * network: of the updates that wait, the newest alone is decoded.
 */
export class SteadyGesture implements LiveGesture {
  private shown: string | null = null;
  private running: Promise<unknown> = Promise.resolve();
  private newest = 0;
  private finished = false;

  constructor(
    private readonly decode: Decode,
    private readonly options: DecodeOptions = {},
    private readonly margin = MARGIN,
  ) {}

  async update(points: readonly Point[]): Promise<Decoding | null> {
    const turn = ++this.newest;
    await this.running;
    if (turn !== this.newest || this.finished) return null;
    const found = await this.next(points);
    if (this.finished) return null;
    const listed = found.candidates.filter(({ literal }) => !literal).slice(0, this.n);
    return { ...found, candidates: this.steadied(listed) };
  }

  finish(points: readonly Point[]): Promise<Decoding> {
    this.finished = true;
    return this.decode(points, this.options);
  }

  private get n(): number {
    return this.options.n ?? CANDIDATES;
  }

  private next(points: readonly Point[]): Promise<Decoding> {
    const decoding = this.decode(points, { ...this.options, n: this.n + 1 });
    this.running = decoding.catch(() => {}); // whoever asked for it hears of what failed
    return decoding;
  }

  private steadied(candidates: Candidate[]): Candidate[] {
    const shown = candidates.find(({ word }) => word === this.shown);
    const leads = shown && candidates[0].probability - shown.probability >= this.margin;
    const steady =
      shown && !leads ? [shown, ...candidates.filter((each) => each !== shown)] : candidates;
    this.shown = steady[0]?.word ?? null;
    return steady;
  }
}
