/**
 * Frame-synchronous CTC prefix beam over a trie; `decoding/ctc.py` in TypeScript.
 *
 * The objective is that of the transducer beam with CTC's P(w | swipe): every prefix keeps the
 * probability of ending in blank apart from that of ending in its letter, because a letter that
 * follows itself must have a blank between (Graves 2006).
 */

import type { BeamSettings } from "../bundle/description";
import { logAddExp, Ranked } from "./pruning";
import type { CtcScorer, Frames } from "./scorer";
import { type Endings, lookAhead, type Search, type Watch } from "./search";
import type { SearchSpace } from "./space";

/** Finds the likeliest prefixes of one swipe after another; one swipe at a time. */
export class CtcSearch implements Search {
  readonly table = null;
  private readonly look: Float64Array;
  // Of each node at this frame and at the next: log probability of ending in blank, in its letter.
  private inBlank: Float64Array;
  private inLetter: Float64Array;
  private nextBlank: Float64Array;
  private nextLetter: Float64Array;
  private readonly reached: number[] = [];
  private beam = new Ranked();
  private fresh = new Ranked();
  private readonly blank: number;

  constructor(
    scorer: CtcScorer,
    private readonly space: SearchSpace,
    private readonly settings: BeamSettings,
  ) {
    const none = () => new Float64Array(space.letter.length).fill(-Infinity);
    this.blank = scorer.blank;
    this.look = lookAhead(space, settings);
    [this.inBlank, this.inLetter, this.nextBlank, this.nextLetter] = [
      none(),
      none(),
      none(),
      none(),
    ];
  }

  /** Search all frames `(T, V)`: nodes and the log probability of ending at each. */
  run(frames: Frames, watch?: Watch): Endings {
    this.beam.clear();
    for (const root of this.space.roots) {
      this.inBlank[root] = 0;
      this.beam.push(root, 0, this.look[root]);
    }
    for (let at = 0; at < frames.count; at++) {
      this.advance(frames.data.subarray(at * frames.width, (at + 1) * frames.width));
      watch?.(this.beam);
    }
    for (const node of this.beam.nodes.subarray(0, this.beam.size)) {
      this.inBlank[node] = this.inLetter[node] = -Infinity;
    }
    return this.beam;
  }

  private advance(frame: Float32Array): void {
    const { beam, settings, space } = this;
    this.reached.length = 0;
    for (let item = 0; item < beam.size; item++) {
      const node = beam.nodes[item];
      const own = space.letter[node];
      const again = own < 0 ? -Infinity : this.inLetter[node] + frame[own]; // no letter at a root
      this.reach(node, beam.mass[item] + frame[this.blank], again);
      const end = space.firstChild[node] + space.childCount[node];
      for (let child = space.firstChild[node]; child < end; child++) {
        const written = space.letter[child];
        const before = written === own ? this.inBlank[node] : beam.mass[item];
        this.reach(child, -Infinity, before + frame[written]);
      }
    }
    this.forget();
    const { fresh, look, nextBlank, nextLetter } = this;
    fresh.clear();
    for (const node of this.reached) {
      const mass = logAddExp(nextBlank[node], nextLetter[node]);
      fresh.push(node, mass, mass + look[node]);
    }
    fresh.keepBest(settings.width, fresh.highest() - settings.threshold);
    this.settle();
  }

  /** Add to what a node will have at the next frame. */
  private reach(node: number, blank: number, letter: number): void {
    const { nextBlank, nextLetter } = this;
    if (blank === -Infinity && letter === -Infinity) return;
    if (nextBlank[node] === -Infinity && nextLetter[node] === -Infinity) this.reached.push(node);
    nextBlank[node] = logAddExp(nextBlank[node], blank);
    nextLetter[node] = logAddExp(nextLetter[node], letter);
  }

  /** Clear what this frame had. */
  private forget(): void {
    for (const node of this.beam.nodes.subarray(0, this.beam.size)) {
      this.inBlank[node] = this.inLetter[node] = -Infinity;
    }
  }

  /** Make the next frame this one, with those prefixes alone that were kept. */
  private settle(): void {
    const { fresh, inBlank, inLetter, nextBlank, nextLetter } = this;
    for (const node of fresh.nodes.subarray(0, fresh.size)) {
      inBlank[node] = nextBlank[node];
      inLetter[node] = nextLetter[node];
    }
    for (const node of this.reached) nextBlank[node] = nextLetter[node] = -Infinity;
    [this.beam, this.fresh] = [fresh, this.beam];
  }
}
