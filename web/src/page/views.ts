/** What the page is made of: views that share one decoder, each with its own address. */

import type { Keyboard, Point } from "../decoder/types";
import type { OpeningDecoder } from "./opening";
import { pointsFromCode, pointsToCode } from "./swipe/link";

/** One part of the page. */
export interface View {
  readonly element: HTMLElement;
  /** It comes on the screen; `argument` is what its address says behind its name. */
  show(argument: string): void;
  /** It leaves the screen. */
  hide?(): void;
}

/** What every view may use. */
export interface Desk {
  readonly decoder: OpeningDecoder;
  /** Have a screen reader say something. */
  announce(text: string): void;
}

/** A swipe as an address holds it. */
export interface Sighting {
  keyboard: Keyboard;
  points: readonly Point[];
}

/** The address of the view that looks inside a swipe. */
export function insideAddress({ keyboard, points }: Sighting): string {
  return `#inside/${encodeURIComponent(keyboard.name)}/${pointsToCode(points)}`;
}

/** The swipe that an address tells; null where it tells none. */
export function sightingFrom(argument: string, keyboards: readonly Keyboard[]): Sighting | null {
  const [name, code = ""] = argument.split("/");
  const keyboard = keyboards.find((one) => encodeURIComponent(one.name) === name);
  const points = pointsFromCode(code);
  return keyboard && points ? { keyboard, points } : null;
}
