/**
 * Takes a transducer's own language model out of its scores; `decoding/internal.py` in TypeScript.
 *
 * A transducer learns which letters follow which in the words that it was trained on; with the prior
 * of a word list, English would count twice.
 */

import { logAddExp } from "./pruning";
import type { Frames, Prediction, TransducerScorer } from "./scorer";

/**
 * A transducer whose letters cost less, the surer its prediction network alone expects them.
 *
 * Every letter's log probability loses `weight` times that of the internal language model: the joint
 * network's answer to a frame of zeros, blank left out (Meng et al., SLT 2021).
 */
export class LessInternal implements TransducerScorer {
  readonly kind = "rnnt";
  readonly blank: number;

  constructor(
    private readonly scorer: TransducerScorer,
    private readonly weight: number,
  ) {
    this.blank = scorer.blank;
  }

  encode(features: Float32Array): Promise<Frames> {
    return this.scorer.encode(features);
  }

  initialState(): Promise<Prediction> {
    return this.scorer.initialState();
  }

  step(labels: ArrayLike<number>, states: Float32Array): Promise<Prediction> {
    return this.scorer.step(labels, states);
  }

  /** Scores `(B, T, V)` of labels at frames after outputs `(B, P)`; blank's as it was. */
  async joint(frames: Frames, outputs: Float32Array): Promise<Float32Array> {
    const { count, width } = frames;
    const data = new Float32Array((count + 1) * width);
    data.set(frames.data.subarray(0, count * width)); // behind them a frame of zeros
    const said = await this.scorer.joint({ count: count + 1, width, data }, outputs);
    const prefixes = outputs.length / width;
    const classes = said.length / prefixes / (count + 1);
    const scores = new Float32Array(prefixes * count * classes);
    for (let prefix = 0; prefix < prefixes; prefix++) {
      const start = prefix * (count + 1) * classes;
      const end = start + count * classes;
      const less = this.lessOf(said.subarray(end, end + classes));
      const row = prefix * count * classes;
      for (let at = 0; at < count * classes; at++) {
        scores[row + at] = said[start + at] - less[at % classes];
      }
    }
    return scores;
  }

  /** What each label loses, from the log probabilities that the network alone gives. */
  private lessOf(alone: Float32Array): Float64Array {
    let total = -Infinity;
    alone.forEach((each, label) => {
      if (label !== this.blank) total = logAddExp(total, each);
    });
    return Float64Array.from(alone, (each, label) =>
      label === this.blank ? 0 : this.weight * (each - total),
    );
  }
}
