/** What goes between the page and its worker. */

import type { PersonalChanges } from "./lexicon/personal";
import type { About, Decoding, Inspection, Keyboard, Point, Progress } from "./types";

/** Opening a bundle. */
export interface Opened {
  about: About;
  keyboards: readonly Keyboard[];
  letters: string;
  labels: readonly string[];
}

/** Questions by name. */
export interface Requests {
  /** Answers that fit into the mailbox come there, if there is one. */
  open: { mailbox: SharedArrayBuffer | null };
  decode: Swipe;
  inspect: Swipe;
  change: { changes: PersonalChanges };
}

/** What each is answered with. */
export interface Answers {
  open: Opened;
  decode: Decoding;
  inspect: Inspection;
  change: null;
}

export interface Swipe {
  points: readonly Point[];
  keyboard: Keyboard;
  n: number;
}

/** A question with a number that its reply repeats. */
export type Numbered = {
  [Kind in keyof Requests]: { id: number; kind: Kind; request: Requests[Kind] };
}[keyof Requests];

export type Reply =
  | { kind: "progress"; progress: Progress }
  | { kind: "answer"; id: number; answer: Answers[keyof Answers] }
  | { kind: "error"; id: number; name: string; message: string };
