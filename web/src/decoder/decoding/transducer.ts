/**
 * Frame-synchronous transducer beam over a trie; `decoding/transducer.py` in TypeScript.
 *
 * Objective: for every word w, log P(w | swipe) + prior_weight * log prior(w), where P(w | swipe)
 * adds up all alignments of the word's letters to the frames (Graves 2012); a scorer may have taken
 * its internal language model out of P already (`internal.ts`). A prefix is a trie node, so prefixes
 * that spell the same letters are one entry and their probabilities add; blank goes on to the next
 * frame and leaves the prediction network alone.
 */

import type { BeamSettings } from "../bundle/description";
import { PredictionCache } from "./predictions";
import { logAddExp, Ranked } from "./pruning";
import type { Frames, TransducerScorer } from "./scorer";
import { ScoreTable } from "./scores";
import { type Endings, lookAhead, type Search, type Watch } from "./search";
import type { SearchSpace } from "./space";

/** Finds the likeliest prefixes of one swipe after another; one swipe at a time. */
export class TransducerSearch implements Search {
  private readonly look: Float64Array;
  private readonly total: Float64Array; // mass of each node within the current frame
  private beam = new Ranked();
  private stayed = new Ranked();
  private front = new Ranked();
  private fresh = new Ranked();
  private readonly touched: number[] = [];

  private constructor(
    private readonly blank: number,
    readonly table: ScoreTable,
    private readonly space: SearchSpace,
    private readonly settings: BeamSettings,
  ) {
    this.look = lookAhead(space, settings);
    this.total = new Float64Array(space.letter.length).fill(-Infinity);
  }

  static async open(
    scorer: TransducerScorer,
    space: SearchSpace,
    settings: BeamSettings,
  ): Promise<TransducerSearch> {
    const cache = new PredictionCache(scorer, space, await scorer.initialState());
    const table = new ScoreTable(scorer, cache, space.letter.length);
    return new TransducerSearch(scorer.blank, table, space, settings);
  }

  /** Search all frames `(T, P)`: nodes and the log probability of ending at each. */
  async run(frames: Frames, watch?: Watch): Promise<Endings> {
    this.table.begin(frames);
    await this.table.add(this.space.roots);
    this.beam.clear();
    for (const root of this.space.roots) this.beam.push(root, 0, this.look[root]);
    for (let at = 0; at < frames.count; at++) {
      await this.advance(at);
      watch?.(this.beam);
    }
    return this.beam;
  }

  /** Everything within frame number `at`: letters first, in rounds, then blank. */
  private async advance(at: number): Promise<void> {
    const { settings, total, touched, beam } = this;
    touched.length = 0;
    this.front.clear();
    for (let item = 0; item < beam.size; item++) {
      const node = beam.nodes[item];
      total[node] = beam.mass[item];
      touched.push(node);
      this.front.push(node, beam.mass[item], 0);
    }
    const limit = beam.highest() - settings.threshold;
    for (let round = 0; round < settings.max_symbols; round++) {
      this.expand(at);
      this.fresh.keepBest(settings.width, limit);
      if (this.fresh.size === 0) break;
      [this.front, this.fresh] = [this.fresh, this.front];
      const unknown = this.arrive();
      if (unknown.length > 0) await this.table.add(unknown);
    }
    this.stay(at);
  }

  /** From the front to its children, by one letter each. */
  private expand(at: number): void {
    const { front, fresh, look, table } = this;
    const { letter, firstChild, childCount } = this.space;
    const { logProbs, row, stride, classes } = table;
    fresh.clear();
    for (let item = 0; item < front.size; item++) {
      const node = front.nodes[item];
      const arriving = front.mass[item];
      const scores = row[node] * stride + at * classes;
      const end = firstChild[node] + childCount[node];
      for (let child = firstChild[node]; child < end; child++) {
        const gain = arriving + logProbs[scores + letter[child]];
        fresh.push(child, gain, gain + look[child]);
      }
    }
  }

  /** Add the front's mass to its nodes; returns those whose scores are not known yet. */
  private arrive(): Int32Array {
    const { front, total, touched } = this;
    const { row } = this.table;
    const unknown: number[] = [];
    for (let item = 0; item < front.size; item++) {
      const node = front.nodes[item];
      if (total[node] === -Infinity) touched.push(node);
      // A child has one parent, so no node stands twice among the children of a round.
      total[node] = logAddExp(total[node], front.mass[item]);
      if (row[node] < 0) unknown.push(node);
    }
    return Int32Array.from(unknown);
  }

  /** Blank: every prefix goes on to the next frame, and the best are kept. */
  private stay(at: number): void {
    const { look, settings, stayed, total, touched } = this;
    const { classes, logProbs, row, stride } = this.table;
    stayed.clear();
    for (const node of touched) {
      const mass = total[node] + logProbs[row[node] * stride + at * classes + this.blank];
      stayed.push(node, mass, mass + look[node]);
      total[node] = -Infinity;
    }
    stayed.keepBest(settings.width, stayed.highest() - settings.threshold);
    [this.beam, this.stayed] = [stayed, this.beam];
  }
}
