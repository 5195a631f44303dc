import { expect, test } from "vitest";
import type { Keyboard, Point } from "../src/decoder/types";
import { inSteps, pointsFromCode, pointsToCode } from "../src/page/swipe/link";
import { at, isTap, nearestLetter, reach } from "../src/page/swipe/measure";
import { insideAddress, sightingFrom } from "../src/page/views";

const KEYBOARD: Keyboard = {
  name: "two keys",
  language: "en",
  keyWidth: 0.5,
  keyHeight: 1,
  keys: [
    { letter: "a", x: 0.25, y: 0.5 },
    { letter: "b", x: 0.75, y: 0.5 },
  ],
};

const SWIPE: Point[] = inSteps([
  { x: 0.123456789, y: -0.3, t: 0 },
  { x: 0.2, y: 1.25, t: 8.3333 },
  { x: 0.2, y: 1.25, t: 8.3333 },
  { x: -12.5, y: 1.00001, t: 86_400_000 },
]);

test("a link gives the very same numbers back", () => {
  expect(pointsFromCode(pointsToCode(SWIPE))).toEqual(SWIPE);
  const sighting = { keyboard: KEYBOARD, points: SWIPE };
  const [, ...argument] = insideAddress(sighting).slice(1).split("/");
  expect(sightingFrom(argument.join("/"), [KEYBOARD])).toEqual(sighting);
});

test("a link stays short", () => {
  const points = Array.from({ length: 100 }, (_, i) => ({ x: i * 0.0123, y: 0.5, t: i * 8.33 }));
  expect(pointsToCode(inSteps(points)).length).toBeLessThan(1200);
});

test.each(["", "x", "1.2", "1.2.3.4", "1.2.-3", "1.2.3__1.2.3", "A.1.2", "1.2.3456789012"])(
  "%j is no code",
  (code) => {
    expect(pointsFromCode(code)).toBeNull();
  },
);

test("an address of a layout that the bundle lacks tells no swipe", () => {
  expect(sightingFrom(`dvorak/${pointsToCode(SWIPE)}`, [KEYBOARD])).toBeNull();
  expect(sightingFrom("", [KEYBOARD])).toBeNull();
});

test("how far a swipe goes is measured in keys, from its first point", () => {
  const swipe = (x: number, y: number): Point[] => [
    { x: 0.25, y: 0.5, t: 0 },
    { x, y, t: 10 },
    { x: 0.25, y: 0.5, t: 20 },
  ];
  expect(reach(swipe(0.75, 0.5), KEYBOARD)).toBe(1);
  expect(reach(swipe(0.25, 1), KEYBOARD)).toBe(0.5);
  expect(isTap(swipe(0.25, 0.9), KEYBOARD)).toBe(true);
  expect(isTap(swipe(0.25, 1), KEYBOARD)).toBe(false);
});

test("the nearest key is found from anywhere", () => {
  expect(nearestLetter({ x: -3, y: 9 }, KEYBOARD)).toBe("a");
  expect(nearestLetter({ x: 0.51, y: 0.5 }, KEYBOARD)).toBe("b");
});

test("where the finger was between two points, before the first and after the last", () => {
  const points = [
    { x: 0, y: 0, t: 0 },
    { x: 1, y: 2, t: 10 },
    { x: 1, y: 4, t: 10 },
  ];
  expect(at(points, 5)).toEqual({ x: 0.5, y: 1 });
  expect(at(points, -5)).toMatchObject({ x: 0, y: 0 });
  expect(at(points, 11)).toMatchObject({ x: 1, y: 4 });
});
