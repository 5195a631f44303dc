/** Follows one finger, pen or mouse from where it touches to where it lifts. */

import type { Point } from "../../decoder/types";

/** Where a rectangle lies on the screen, in CSS pixels. */
export type Area = Pick<DOMRect, "left" | "top" | "width" | "height">;

/** What becomes of a swipe. `points` is one growing list; whoever keeps it copies it. */
export interface SwipeListener {
  begin(points: readonly Point[], area: Area): void;
  move(points: readonly Point[]): void;
  end(points: readonly Point[]): void;
  /** It came to nothing: the system took the finger, or the keyboard moved under it. */
  cancel(reason: "taken" | "moved"): void;
}

/** The finest steps that a point is told in: what is decoded is what links and manifests hold. */
export const STEPS = { place: 1e5, time: 1e2 } as const;

interface Following {
  pointer: number;
  area: Area;
  start: number;
  points: Point[];
}

/**
 * Listen for swipes on a surface.
 *
 * Other fingers are ignored while one is followed, and it is followed beyond the surface.
 *
 * @param surface What is touched.
 * @param area Gives the letter area, which points are fractions of.
 * @param starts Whether a swipe may start on this part of the surface.
 */
export function followSwipes(
  surface: HTMLElement,
  area: () => Area,
  listener: SwipeListener,
  starts: (target: Element) => boolean = () => true,
): void {
  let current: Following | null = null;

  function drop(reason: "taken" | "moved"): void {
    if (!current) return;
    current = null;
    listener.cancel(reason);
  }

  surface.addEventListener("pointerdown", (event) => {
    if (current || event.button !== 0 || !starts(event.target as Element)) return;
    surface.setPointerCapture(event.pointerId);
    const now = { pointer: event.pointerId, area: area(), start: event.timeStamp, points: [] };
    current = now;
    extend(now, event);
    listener.begin(now.points, now.area);
  });
  surface.addEventListener("pointermove", (event) => {
    if (!current || event.pointerId !== current.pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) extend(current, one);
    listener.move(current.points);
  });
  surface.addEventListener("pointerup", (event) => {
    if (!current || event.pointerId !== current.pointer) return;
    const { points } = current;
    extend(current, event);
    current = null;
    listener.end(points);
  });
  for (const name of ["pointercancel", "lostpointercapture"] as const) {
    surface.addEventListener(name, (event) => {
      if (event.pointerId === current?.pointer) drop("taken");
    });
  }
  // A press would move the focus away from the text, and a long one would ask for a menu.
  for (const name of ["mousedown", "contextmenu", "dragstart"] as const) {
    surface.addEventListener(name, (event) => event.preventDefault());
  }
  for (const name of ["resize", "scroll"] as const) {
    addEventListener(name, () => current && !equal(current.area, area()) && drop("moved"), true);
  }
}

function extend({ area, start, points }: Following, event: PointerEvent): void {
  const last = points[points.length - 1];
  const point = {
    x: rounded((event.clientX - area.left) / area.width, STEPS.place),
    y: rounded((event.clientY - area.top) / area.height, STEPS.place),
    // Not every browser keeps the times of joined events in order.
    t: Math.max(last?.t ?? 0, rounded(event.timeStamp - start, STEPS.time)),
  };
  if (!last || last.x !== point.x || last.y !== point.y || last.t !== point.t) points.push(point);
}

function rounded(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}

function equal(a: Area, b: Area): boolean {
  const sides = ["left", "top", "width", "height"] as const;
  return sides.every((side) => Math.abs(a[side] - b[side]) < 0.5);
}
