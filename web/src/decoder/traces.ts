/** Checks that points are a swipe, and lays them out for the features graph. */

import { TraceError } from "./errors";
import type { Point } from "./types";

const LONGEST = 86_400_000; // milliseconds: a day; in float32, more would lose the difference of two
const MOST_POINTS = 1 << 17; // two minutes at 1000 Hz

/**
 * Points as `(T, 3)` numbers x, y and milliseconds since the first, row by row.
 *
 * Throws `TraceError` for no points or too many, what is no finite number, and time that goes
 * backwards or on for more than a day.
 */
export function checkedPoints(points: readonly Point[]): Float32Array {
  if (points.length === 0) throw new TraceError("the list of points is empty");
  if (points.length > MOST_POINTS) {
    throw new TraceError(`${points.length} points, expected at most ${MOST_POINTS}`);
  }
  const rows = new Float32Array(3 * points.length);
  let before = points[0].t;
  points.forEach(({ x, y, t }, at) => {
    rows.set([x, y, t - points[0].t], 3 * at);
    if (!rows.subarray(3 * at, 3 * at + 3).every(Number.isFinite)) {
      throw new TraceError(`points[${at}]: expected finite numbers, found ${x}, ${y}, ${t}`);
    }
    if (t < before) throw new TraceError(`points[${at}].t is ${t}, before ${before}`);
    before = t;
  });
  if (before - points[0].t > LONGEST) throw new TraceError("t spans more than a day");
  return rows;
}
