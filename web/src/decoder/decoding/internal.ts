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
 * network's answer to a frame of zeros, blank left out (Meng et al., SLT 2021). What a prefix's
 * letters lose depends on the prefix alone, so it travels behind the prediction network's output and
 * is kept with it: outputs are `(B, P + V)` here.
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

  async initialState(): Promise<Prediction> {
    return this.withLosses(await this.scorer.initialState(), 1);
  }

  async step(labels: ArrayLike<number>, states: Float32Array): Promise<Prediction> {
    return this.withLosses(await this.scorer.step(labels, states), labels.length);
  }

  /** Scores `(B, T, V)` of labels at frames after outputs `(B, P + V)`; blank's as it was. */
  async joint(frames: Frames, outputs: Float32Array): Promise<Float32Array> {
    const { count, width } = frames;
    const stride = width + this.blank + 1;
    const prefixes = outputs.length / stride;
    const heard = new Float32Array(prefixes * width);
    for (let prefix = 0; prefix < prefixes; prefix++) {
      const start = prefix * stride;
      heard.set(outputs.subarray(start, start + width), prefix * width);
    }
    const scores = (await this.scorer.joint(frames, heard)).slice();
    const classes = stride - width;
    for (let prefix = 0, at = 0; prefix < prefixes; prefix++) {
      const losses = outputs.subarray(prefix * stride + width, (prefix + 1) * stride);
      for (let frame = 0; frame < count; frame++) {
        for (let label = 0; label < classes; label++) scores[at++] -= losses[label];
      }
    }
    return scores;
  }

  private async withLosses({ outputs, states }: Prediction, prefixes: number): Promise<Prediction> {
    const width = outputs.length / prefixes;
    const nothing = { count: 1, width, data: new Float32Array(width) };
    const alone = await this.scorer.joint(nothing, outputs);
    const classes = alone.length / prefixes;
    const rows = new Float32Array(prefixes * (width + classes));
    for (let prefix = 0; prefix < prefixes; prefix++) {
      const start = prefix * (width + classes);
      rows.set(outputs.subarray(prefix * width, (prefix + 1) * width), start);
      const said = alone.subarray(prefix * classes, (prefix + 1) * classes);
      rows.set(this.lossesOf(said), start + width);
    }
    return { outputs: rows, states };
  }

  /** What each label loses, from the log probabilities that the network alone gives. */
  private lossesOf(alone: Float32Array): Float64Array {
    let total = -Infinity;
    alone.forEach((each, label) => {
      if (label !== this.blank) total = logAddExp(total, each);
    });
    return Float64Array.from(alone, (each, label) =>
      label === this.blank ? 0 : this.weight * (each - total),
    );
  }
}
