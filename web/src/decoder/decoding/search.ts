/** Chooses the search that fits a scorer. */

import type { BeamSettings } from "../bundle/description";
import { CtcSearch } from "./ctc";
import { LessInternal } from "./internal";
import type { Frames, Scorer } from "./scorer";
import type { ScoreTable } from "./scores";
import type { SearchSpace } from "./space";
import { TransducerSearch } from "./transducer";

/** Nodes and the log probability of being at each, the first `size` of both; until the next run. */
export interface Endings {
  readonly nodes: Int32Array;
  readonly mass: Float64Array;
  readonly size: number;
}

/** Sees what the beam keeps after every frame. */
export type Watch = (beam: Endings) => void;

export interface Search {
  /** What a transducer said of the last swipe; null for a CTC model. */
  readonly table: ScoreTable | null;
  /** Search all frames of one swipe; a run must end before the next begins. */
  run(frames: Frames, watch?: Watch): Endings | Promise<Endings>;
}

/** A search over one swipe's frames after another. */
export async function makeSearch(
  scorer: Scorer,
  space: SearchSpace,
  settings: BeamSettings,
): Promise<Search> {
  if (scorer.kind === "ctc") return new CtcSearch(scorer, space, settings);
  const weight = settings.internal_weight;
  const heard = weight > 0 ? new LessInternal(scorer, weight) : scorer;
  return TransducerSearch.open(heard, space, settings);
}

/** What the best word below each node can still bring. */
export function lookAhead(space: SearchSpace, settings: BeamSettings): Float64Array {
  return new Float64Array(space.bestBelow).map((prior) => settings.prior_weight * prior);
}
