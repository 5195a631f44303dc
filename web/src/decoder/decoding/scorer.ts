/**
 * The seam between a network and the search: what a model must answer for words to be found.
 *
 * `T` frames, `P` width of what the joint network reads, `V` label classes, `B` batch, `H` state.
 */

/** Numbers of a swipe's frames, row by row. */
export interface Frames {
  /** T */
  count: number;
  /** P of a transducer, V of a CTC model. */
  width: number;
  data: Float32Array;
}

/** A model whose frames are log probabilities of labels already. */
export interface CtcScorer {
  kind: "ctc";
  blank: number;
  /** Features `(1, F, N)` to log probabilities `(T, V)`. */
  encode(features: Float32Array): Promise<Frames>;
}

/** Output `(B, P)` and state `(B, H)` of the prediction network. */
export interface Prediction {
  outputs: Float32Array;
  states: Float32Array;
}

/** A model whose label probabilities depend on the letters written so far. */
export interface TransducerScorer {
  kind: "rnnt";
  blank: number;
  /** Features `(1, F, N)` to frames `(T, P)`. */
  encode(features: Float32Array): Promise<Frames>;
  /** Before the first letter; B is 1. */
  initialState(): Promise<Prediction>;
  /** After one more letter `(B,)` from states `(B, H)`. */
  step(labels: ArrayLike<number>, states: Float32Array): Promise<Prediction>;
  /** Log probabilities `(B, T, V)` of labels at frames after outputs `(B, P)`. */
  joint(frames: Frames, outputs: Float32Array): Promise<Float32Array>;
}

export type Scorer = CtcScorer | TransducerScorer;
