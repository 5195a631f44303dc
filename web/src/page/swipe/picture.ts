/** A still picture of a swipe on its keyboard, as SVG; like `drawing.py`, with keys that can glow. */

import type { Keyboard, Point } from "../../decoder/types";
import { svg } from "../dom";
import { pathColour } from "./colour";
import { at } from "./measure";

const KEY = 40; // width of a key; everything else follows
const ROW_RATIO = 1.3; // a row's height over a key's width
const MARGIN = 7;
const BEYOND = 0.4; // of the letter area: what strays farther is cut off
const PIECES = 48; // of equal time, each of one colour

/** A picture, and what may change in it. */
export interface SwipePicture {
  readonly element: SVGSVGElement;
  /** Show the path up to a time only, in milliseconds. */
  upTo(t: number): void;
  /** Put the marker where the finger was at a time; null hides it. */
  mark(t: number | null): void;
  /** Let a key glow, 0 to 1. */
  glow(letter: string, strength: number): void;
}

/** Draw a swipe, the letter area and every point that left it. */
export function drawSwipe(
  points: readonly Point[],
  keyboard: Keyboard,
  label: string,
): SwipePicture {
  const unit = { x: KEY / keyboard.keyWidth, y: (KEY * ROW_RATIO) / keyboard.keyHeight };
  const place = (point: Pick<Point, "x" | "y">) =>
    `${num(point.x * unit.x)},${num(point.y * unit.y)}`;
  const caps = new Map(keyboard.keys.map((key) => [key.letter, cap(key, unit)]));
  const pieces = pathPieces(points).map(({ places, share }) =>
    svg("polyline", { points: places.map(place).join(" "), stroke: pathColour(share) }),
  );
  const first = points[0] ?? { x: 0.5, y: 0.5 };
  const start = { cx: first.x * unit.x, cy: first.y * unit.y };
  const marker = svg("circle", { class: "marker", r: 10, visibility: "hidden" });
  const element = svg(
    "svg",
    {
      class: "picture",
      viewBox: viewBox(points, keyboard, unit),
      role: "img",
      "aria-label": label,
    },
    svg("g", { class: "caps" }, ...[...caps.values()].flatMap(({ rest, light }) => [rest, light])),
    svg("g", { class: "path" }, ...pieces),
    svg("circle", { class: "start", r: 7, fill: pathColour(0), ...start }),
    ...[...caps.values()].map(({ letter }) => letter),
    marker,
  );
  const duration = points[points.length - 1]?.t ?? 0;
  return {
    element,
    upTo(t) {
      const shown = duration ? Math.ceil((t / duration) * PIECES) : PIECES;
      pieces.forEach((piece, index) => {
        piece.toggleAttribute("hidden", index >= shown);
      });
    },
    mark(t) {
      marker.setAttribute("visibility", t === null ? "hidden" : "visible");
      if (t === null) return;
      const spot = at(points, t);
      marker.setAttribute("cx", num(spot.x * unit.x));
      marker.setAttribute("cy", num(spot.y * unit.y));
    },
    glow(letter, strength) {
      caps.get(letter)?.light.setAttribute("opacity", strength.toFixed(3));
    },
  };
}

interface Unit {
  x: number;
  y: number;
}

function cap(key: { letter: string; x: number; y: number }, unit: Unit) {
  const size = { width: KEY * 0.88, height: KEY * ROW_RATIO * 0.88, rx: 6 };
  const [x, y] = [key.x * unit.x, key.y * unit.y];
  const corner = { x: num(x - size.width / 2), y: num(y - size.height / 2) };
  const light = svg("rect", { class: "light", ...size, ...corner, opacity: 0 });
  const letter = svg("text", { x: num(x), y: num(y + 5), "text-anchor": "middle" }, key.letter);
  return { rest: svg("rect", { ...size, ...corner }), light, letter };
}

/** The path in pieces of equal time, joined end to end. */
function pathPieces(points: readonly Point[]) {
  const duration = points[points.length - 1]?.t ?? 0;
  if (!duration) return points.length ? [{ places: [points[0], points[0]], share: 0 }] : [];
  const pieces = [];
  let next = 0;
  for (let piece = 0; piece < PIECES; piece++) {
    const [begin, end] = [piece, piece + 1].map((cut) => (duration * cut) / PIECES);
    const places: Pick<Point, "x" | "y">[] = [at(points, begin)];
    for (; next < points.length && points[next].t < end; next++) places.push(points[next]);
    pieces.push({ places: [...places, at(points, end)], share: (piece + 0.5) / PIECES });
  }
  return pieces;
}

function viewBox(points: readonly Point[], keyboard: Keyboard, unit: Unit): string {
  const half = { x: keyboard.keyWidth / 2, y: keyboard.keyHeight / 2 };
  let [left, top, right, bottom] = [0, 0, 1, 1];
  for (const { x, y } of keyboard.keys) {
    left = Math.min(left, x - half.x);
    top = Math.min(top, y - half.y);
    right = Math.max(right, x + half.x);
    bottom = Math.max(bottom, y + half.y);
  }
  for (const { x, y } of points) {
    left = Math.min(left, Math.max(x, -BEYOND));
    top = Math.min(top, Math.max(y, -BEYOND));
    right = Math.max(right, Math.min(x, 1 + BEYOND));
    bottom = Math.max(bottom, Math.min(y, 1 + BEYOND));
  }
  const corner = [left * unit.x - MARGIN, top * unit.y - MARGIN];
  const size = [(right - left) * unit.x + 2 * MARGIN, (bottom - top) * unit.y + 2 * MARGIN];
  return [...corner, ...size].map(num).join(" ");
}

function num(value: number): string {
  return value.toFixed(1);
}
