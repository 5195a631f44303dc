/** Networks of chance: what they say depends on prefix, frame and label alone, and adds up to 1. */

import type {
  CtcScorer,
  Frames,
  Prediction,
  TransducerScorer,
} from "../src/decoder/decoding/scorer";

export const FRAMES = 5;

/** Numbers from 0 to 1 that are the same for the same seeds. */
export function chance(...seeds: number[]): number {
  let state = 2166136261;
  for (const seed of seeds) {
    state = Math.imul(state ^ (seed + 1), 16777619);
    state = Math.imul(state ^ (state >>> 15), 2246822507);
  }
  return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
}

/** `(1, 1)` frames that say nothing but how many there are. */
export const SILENT: Frames = { count: FRAMES, width: 1, data: new Float32Array(FRAMES) };

/** A transducer whose state is a hash of the prefix. */
export class RandomTransducer implements TransducerScorer {
  readonly kind = "rnnt";
  readonly blank: number;
  /** Prefixes that the prediction network was asked for. */
  asked = 0;

  constructor(
    private readonly seed: number,
    private readonly classes: number,
  ) {
    this.blank = classes - 1;
  }

  encode(): Promise<Frames> {
    return Promise.resolve(SILENT);
  }

  initialState(): Promise<Prediction> {
    const start = Float32Array.of(this.seed);
    return Promise.resolve({ outputs: start, states: start });
  }

  step(labels: ArrayLike<number>, states: Float32Array): Promise<Prediction> {
    this.asked += labels.length;
    const next = states.map((state, at) => Math.floor(chance(state, labels[at]) * 1e6));
    return Promise.resolve({ outputs: next, states: next });
  }

  joint(frames: Frames, outputs: Float32Array): Promise<Float32Array> {
    const rows = Array.from(outputs, (output) => randomRows(frames.count, this.classes, output));
    return Promise.resolve(Float32Array.from(rows.flatMap((row) => [...row])));
  }
}

/** A CTC model that says the same of every swipe. */
export class RandomCtc implements CtcScorer {
  readonly kind = "ctc";
  readonly blank: number;

  constructor(
    private readonly seed: number,
    private readonly classes: number,
  ) {
    this.blank = classes - 1;
  }

  encode(): Promise<Frames> {
    const data = randomRows(FRAMES, this.classes, this.seed);
    return Promise.resolve({ count: FRAMES, width: this.classes, data });
  }
}

/** `(T, V)` log probabilities. */
function randomRows(frames: number, classes: number, seed: number): Float32Array {
  const rows = new Float32Array(frames * classes);
  for (let at = 0; at < frames; at++) {
    const row = rows.subarray(at * classes, (at + 1) * classes);
    row.forEach((_, label) => {
      row[label] = 4 * chance(seed, at, label);
    });
    const total = Math.log(row.reduce((sum, each) => sum + Math.exp(each), 0));
    row.forEach((each, label) => {
      row[label] = each - total;
    });
  }
  return rows;
}
