/** What the network says of one swipe after each prefix that the search has reached. */

import type { PredictionCache } from "./predictions";
import type { Frames, TransducerScorer } from "./scorer";

const NO_FRAMES: Frames = { count: 0, width: 0, data: new Float32Array(0) };

/**
 * Log probabilities of all labels at all frames of a swipe, a row for each node reached.
 *
 * A prefix stays in the beam for several frames, so asking the joint network for all frames at
 * once takes a handful of calls for a swipe instead of several for every frame.
 */
export class ScoreTable {
  /** `(N,)` row of each node, -1 where it has none yet. */
  readonly row: Int32Array;
  /** `(R, T, V)`; rows behind the last one used hold nothing. */
  logProbs = new Float32Array(0);
  /** T * V, the numbers of a row. */
  stride = 0;
  /** V, the numbers of a frame within a row. */
  classes = 0;
  /** The swipe's, `(T, P)`. */
  frames = NO_FRAMES;
  private nodes: Int32Array[] = [];
  private used = 0;

  constructor(
    readonly scorer: TransducerScorer,
    private readonly cache: PredictionCache,
    size: number,
  ) {
    this.row = new Int32Array(size).fill(-1);
  }

  /** Start on another swipe. */
  begin(frames: Frames): void {
    for (const nodes of this.nodes) {
      for (const node of nodes) this.row[node] = -1;
    }
    this.nodes = [];
    this.used = 0;
    this.frames = frames;
  }

  /** Give n distinct nodes that have none their rows. */
  async add(nodes: Int32Array): Promise<void> {
    const scores = await this.scorer.joint(this.frames, await this.cache.outputs(nodes));
    this.stride = scores.length / nodes.length;
    this.classes = this.stride / this.frames.count;
    const start = this.used * this.stride;
    if (start + scores.length > this.logProbs.length) {
      const grown = new Float32Array(Math.max(2 * (start + scores.length), 256 * this.stride));
      grown.set(this.logProbs.subarray(0, start));
      this.logProbs = grown;
    }
    this.logProbs.set(scores, start);
    for (const node of nodes) this.row[node] = this.used++;
    this.nodes.push(nodes);
  }

  /** Log probabilities `(T, V)` after one prefix; asks for them where nobody has. */
  async scores(node: number): Promise<Float32Array> {
    if (this.row[node] < 0) await this.add(Int32Array.of(node));
    const start = this.row[node] * this.stride;
    return this.logProbs.subarray(start, start + this.stride);
  }

  /** State `(1, H)` of the prediction network after one prefix. */
  state(node: number): Promise<Float32Array> {
    return this.cache.state(node);
  }
}
