/** A swipe as a piece of a URL that reproduces it exactly, and back. */

import type { Point } from "../../decoder/types";
import { STEPS } from "./capture";

const RADIX = 36;

/**
 * Points as text: of each the steps from the point before, in base 36, `x.y.t`, joined by `_`.
 *
 * The points must be in the steps that they are captured in.
 */
export function pointsToCode(points: readonly Point[]): string {
  let before = [0, 0, 0];
  const parts = points.map(({ x, y, t }) => {
    const now = [x * STEPS.place, y * STEPS.place, t * STEPS.time].map(Math.round);
    const steps = now.map((value, axis) => (value - before[axis]).toString(RADIX));
    before = now;
    return steps.join(".");
  });
  return parts.join("_");
}

/** The points of a code; null where it is none. */
export function pointsFromCode(code: string): Point[] | null {
  const now = [0, 0, 0];
  const points: Point[] = [];
  for (const part of code.split("_")) {
    if (!/^(-?[0-9a-z]{1,8}\.){2}[0-9a-z]{1,8}$/.test(part)) return null;
    part.split(".").forEach((step, axis) => {
      now[axis] += Number.parseInt(step, RADIX);
    });
    points.push({ x: now[0] / STEPS.place, y: now[1] / STEPS.place, t: now[2] / STEPS.time });
  }
  return points;
}

/** Bring points from elsewhere to the steps that links have. */
export function inSteps(points: readonly Point[]): Point[] {
  return points.map(({ x, y, t }) => ({
    x: Math.round(x * STEPS.place) / STEPS.place,
    y: Math.round(y * STEPS.place) / STEPS.place,
    t: Math.round(t * STEPS.time) / STEPS.time,
  }));
}
