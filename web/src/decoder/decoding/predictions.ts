/** The prediction network's answers, kept by trie node across frames and across swipes. */

import type { Prediction, TransducerScorer } from "./scorer";
import type { SearchSpace } from "./space";

const CAPACITY = 8192; // nodes kept; about 12 MB where a state and an output have 384 numbers

/**
 * Outputs and states of the prediction network by node.
 *
 * What the network says after a prefix depends on nothing but the prefix, so every node is asked
 * for once and remembered; when the cache is full, it starts anew.
 */
export class PredictionCache {
  private readonly slot: Int32Array;
  private outputRows: Rows;
  private stateRows: Rows;
  private used = 0;

  constructor(
    private readonly scorer: TransducerScorer,
    private readonly space: SearchSpace,
    private readonly first: Prediction,
    capacity = CAPACITY,
  ) {
    this.slot = new Int32Array(space.letter.length).fill(-1);
    this.outputRows = new Rows(first.outputs.length, capacity);
    this.stateRows = new Rows(first.states.length, capacity);
  }

  /** Outputs `(n, P)` after the prefixes of n distinct nodes. */
  async outputs(nodes: Int32Array): Promise<Float32Array> {
    let levels = this.missing(nodes);
    if (this.used + total(levels) > this.outputRows.capacity) {
      this.clear();
      levels = this.missing(nodes);
      this.makeRoom(total(levels));
    }
    for (const level of levels) await this.ask(level);
    return this.outputRows.gathered(nodes.map((node) => this.slot[node]));
  }

  /** State `(1, H)` after the prefix of one node. */
  async state(node: number): Promise<Float32Array> {
    if (this.slot[node] < 0) await this.outputs(Int32Array.of(node));
    return this.stateRows.gathered(Int32Array.of(this.slot[node]));
  }

  /** Nodes to ask for, each once, level by level: what comes first is needed for what follows. */
  private missing(nodes: Int32Array): Int32Array[] {
    const { slot } = this;
    const { parent } = this.space;
    const levels: Int32Array[] = [];
    let level = nodes.filter((node) => slot[node] < 0);
    while (level.length > 0) {
      const inLevel = new Set(level);
      for (let at = 0; at < levels.length; at++) {
        levels[at] = levels[at].filter((node) => !inLevel.has(node)); // needed earlier
      }
      levels.push(level);
      const above = level.map((node) => parent[node]);
      level = Int32Array.from(new Set(above.filter((node) => node >= 0 && slot[node] < 0)));
    }
    return levels.reverse();
  }

  private async ask(nodes: Int32Array): Promise<void> {
    const { letter, parent } = this.space;
    const others = nodes.filter((node) => parent[node] >= 0);
    for (const node of nodes) {
      if (parent[node] < 0) this.store(Int32Array.of(node), this.first);
    }
    if (others.length === 0) return;
    const states = this.stateRows.gathered(others.map((node) => this.slot[parent[node]]));
    const labels = others.map((node) => letter[node]);
    this.store(others, await this.scorer.step(labels, states));
  }

  private store(nodes: Int32Array, { outputs, states }: Prediction): void {
    this.outputRows.write(this.used, outputs);
    this.stateRows.write(this.used, states);
    for (const node of nodes) this.slot[node] = this.used++;
  }

  private makeRoom(needed: number): void {
    if (needed <= this.outputRows.capacity) return;
    this.outputRows = new Rows(this.outputRows.width, needed);
    this.stateRows = new Rows(this.stateRows.width, needed);
  }

  private clear(): void {
    this.slot.fill(-1);
    this.used = 0;
  }
}

/** Rows of equally many numbers. */
class Rows {
  private readonly data: Float32Array;

  constructor(
    readonly width: number,
    readonly capacity: number,
  ) {
    this.data = new Float32Array(width * capacity);
  }

  write(at: number, rows: Float32Array): void {
    this.data.set(rows, at * this.width);
  }

  gathered(places: Int32Array): Float32Array {
    const { data, width } = this;
    const rows = new Float32Array(places.length * width);
    places.forEach((place, at) => {
      rows.set(data.subarray(place * width, (place + 1) * width), at * width);
    });
    return rows;
  }
}

function total(levels: readonly Int32Array[]): number {
  return levels.reduce((sum, level) => sum + level.length, 0);
}
