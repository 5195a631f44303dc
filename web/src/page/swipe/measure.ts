/** What can be said of a swipe's points without decoding it. */

import type { Keyboard, Point } from "../../decoder/types";

/** In keys: a finger that stays this near to where it came down has tapped. */
const TAP = 0.5;

/** How far the swipe ever is from its first point, in keys. */
export function reach(points: readonly Point[], keyboard: Keyboard): number {
  return points.reduce((far, point) => Math.max(far, distance(points[0], point, keyboard)), 0);
}

/** Whether the finger only tapped. */
export function isTap(points: readonly Point[], keyboard: Keyboard): boolean {
  return reach(points, keyboard) < TAP;
}

/** The key whose centre is nearest. */
export function nearestLetter(point: Pick<Point, "x" | "y">, keyboard: Keyboard): string {
  let best = keyboard.keys[0];
  for (const key of keyboard.keys) {
    if (distance(point, key, keyboard) < distance(point, best, keyboard)) best = key;
  }
  return best.letter;
}

/** Where the finger was at a time, between two points if need be. */
export function at(points: readonly Point[], t: number): Pick<Point, "x" | "y"> {
  const after = points.findIndex((point) => point.t >= t);
  if (after <= 0) return points[after < 0 ? points.length - 1 : 0];
  const [from, to] = [points[after - 1], points[after]];
  const share = to.t > from.t ? (t - from.t) / (to.t - from.t) : 1;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

type Place = Pick<Point, "x" | "y">;

function distance(a: Place, b: Place, { keyWidth, keyHeight }: Keyboard): number {
  return Math.hypot((a.x - b.x) / keyWidth, (a.y - b.y) / keyHeight);
}
