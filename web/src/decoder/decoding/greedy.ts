/** Greedy decoding: the likeliest label at every frame, without a lexicon. */

import type { Frames, Scorer, TransducerScorer } from "./scorer";

const MAX_SYMBOLS = 10; // letters within one frame, as NeMo's greedy decoding bounds them

/** What a network reads by itself: label ids, and `(T, V)` probabilities that it saw on its way. */
export interface Reading {
  labels: number[];
  posteriors: Float32Array;
}

/** Read one swipe's frames `(T, P or V)`. */
export async function readGreedily(scorer: Scorer, frames: Frames): Promise<Reading> {
  if (scorer.kind === "rnnt") return readTransducer(scorer, frames);
  const labels: number[] = [];
  let before = -1;
  for (let at = 0; at < frames.count; at++) {
    const label = argmax(frames.data, at * frames.width, frames.width);
    if (label !== before && label !== scorer.blank) labels.push(label);
    before = label;
  }
  return { labels, posteriors: frames.data.map(Math.exp) };
}

/** A frame in which letters are written is seen once for each and once for blank: the average. */
async function readTransducer(scorer: TransducerScorer, frames: Frames): Promise<Reading> {
  let { outputs, states } = await scorer.initialState();
  let scores = await scorer.joint(frames, outputs);
  const classes = scores.length / frames.count;
  const posteriors = new Float32Array(scores.length);
  const labels: number[] = [];
  for (let at = 0; at < frames.count; at++) {
    const row = posteriors.subarray(at * classes, (at + 1) * classes);
    let seen = 0;
    for (let label = -1; label !== scorer.blank && seen <= MAX_SYMBOLS; seen++) {
      label = argmax(scores, at * classes, classes);
      for (let each = 0; each < classes; each++) row[each] += Math.exp(scores[at * classes + each]);
      if (label === scorer.blank || seen === MAX_SYMBOLS) continue;
      labels.push(label);
      ({ outputs, states } = await scorer.step([label], states));
      scores = await scorer.joint(frames, outputs);
    }
    for (let each = 0; each < classes; each++) row[each] /= seen;
  }
  return { labels, posteriors };
}

function argmax(values: Float32Array, start: number, count: number): number {
  let best = start;
  for (let at = start + 1; at < start + count; at++) if (values[at] > values[best]) best = at;
  return best - start;
}
