/** Runs a bundle's graphs once when it is opened: do they fit each other and the description? */

import type { Description } from "../bundle/description";
import type { Frames, Scorer } from "../decoding/scorer";
import { BundleError } from "../errors";

const TOLERANCE = 0.01; // of the sum of all probabilities; eight-bit weights do not touch it

/**
 * Hold what the graphs make of one swipe to the description; gives its frames.
 *
 * Throws `BundleError` for sizes that do not fit, and scores that are no log probabilities.
 */
export async function checkGraphs(
  description: Description,
  scorer: Scorer,
  features: Float32Array,
): Promise<Frames> {
  const { alphabet, features: spec } = description;
  expect("features.onnx: features", features.length, spec.width * spec.points);
  const frames = await scorer.encode(features);
  const classes = alphabet.labels.length;
  if (scorer.kind === "ctc") {
    expect("encoder.onnx: classes", frames.width, classes);
    expectLogProbabilities("encoder.onnx", frames.data, classes);
    return frames;
  }
  const { outputs, states } = await scorer.initialState();
  expect("decoder.onnx: outputs", outputs.length, frames.width);
  const next = await scorer.step([0], states);
  expect("decoder.onnx: next_states", next.states.length, states.length);
  const scores = await scorer.joint(frames, outputs);
  expect("joiner.onnx: log_probs", scores.length, frames.count * classes);
  expectLogProbabilities("joiner.onnx", scores, classes);
  return frames;
}

function expect(what: string, found: number, expected: number): void {
  if (found !== expected) {
    throw new BundleError(`${what}: expected ${expected} numbers, found ${found}`);
  }
}

function expectLogProbabilities(what: string, scores: Float32Array, classes: number): void {
  for (let start = 0; start < scores.length; start += classes) {
    const row = scores.subarray(start, start + classes);
    const total = row.reduce((sum, score) => sum + Math.exp(score), 0);
    if (!(Math.abs(Math.log(total)) <= TOLERANCE)) {
      throw new BundleError(`${what}: its scores are not logarithms of probabilities`);
    }
  }
}
