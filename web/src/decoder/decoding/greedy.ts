/** Greedy decoding: the likeliest label at every frame, without a lexicon. */

import type { Frames, Prediction, Scorer, TransducerScorer } from "./scorer";

const MAX_SYMBOLS = 10; // letters within one frame, as NeMo's greedy decoding bounds them

/** What a network reads by itself: label ids, and `(T, V)` probabilities that it saw on its way. */
export interface Reading {
  labels: number[];
  posteriors: Float32Array;
}

/** Letters written so far, and what a transducer says after them. */
export interface Prefix {
  /** Of all labels at all frames of the swipe, `(T, V)`. */
  readonly logProbs: Float32Array;
  /** One letter more. */
  grown(label: number): Promise<Prefix>;
}

/** A prefix that no word list knows of: the network is asked for it anew. */
export class FreePrefix implements Prefix {
  private constructor(
    private readonly scorer: TransducerScorer,
    private readonly frames: Frames,
    readonly logProbs: Float32Array,
    private readonly states: Float32Array,
  ) {}

  /** The prefix after which the prediction network says this; B is 1. */
  static async reached(
    scorer: TransducerScorer,
    frames: Frames,
    { outputs, states }: Prediction,
  ): Promise<FreePrefix> {
    return new FreePrefix(scorer, frames, await scorer.joint(frames, outputs), states);
  }

  async grown(label: number): Promise<FreePrefix> {
    const { frames, scorer, states } = this;
    return FreePrefix.reached(scorer, frames, await scorer.step([label], states));
  }
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

/**
 * The likeliest label at every frame in turn: U letters, and the U + 1 prefixes on the way.
 *
 * @param look Sees every prefix at every frame where it is asked for a label.
 */
export async function follow(
  start: Prefix,
  frames: number,
  blank: number,
  look?: (at: number, prefix: Prefix) => void,
): Promise<{ labels: number[]; prefixes: Prefix[] }> {
  const classes = start.logProbs.length / frames;
  const labels: number[] = [];
  const prefixes = [start];
  let prefix = start;
  for (let at = 0; at < frames; at++) {
    for (let written = 0; written <= MAX_SYMBOLS; written++) {
      look?.(at, prefix);
      const label = argmax(prefix.logProbs, at * classes, classes);
      if (label === blank || written === MAX_SYMBOLS) break;
      prefix = await prefix.grown(label);
      labels.push(label);
      prefixes.push(prefix);
    }
  }
  return { labels, prefixes };
}

/** A frame in which letters are written is seen once for each and once for blank: the average. */
async function readTransducer(scorer: TransducerScorer, frames: Frames): Promise<Reading> {
  const start = await FreePrefix.reached(scorer, frames, await scorer.initialState());
  const classes = start.logProbs.length / frames.count;
  const posteriors = new Float32Array(start.logProbs.length);
  const seen = new Uint8Array(frames.count);
  const { labels } = await follow(start, frames.count, scorer.blank, (at, { logProbs }) => {
    seen[at]++;
    const end = (at + 1) * classes;
    for (let each = at * classes; each < end; each++) posteriors[each] += Math.exp(logProbs[each]);
  });
  for (let each = 0; each < posteriors.length; each++) {
    posteriors[each] /= seen[Math.floor(each / classes)];
  }
  return { labels, posteriors };
}

function argmax(values: Float32Array, start: number, count: number): number {
  let best = start;
  for (let at = start + 1; at < start + count; at++) if (values[at] > values[best]) best = at;
  return best - start;
}
