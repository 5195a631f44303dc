/** The file that `glissando prepare` and `glissando finetune` read: `Gesture.to_row`, one a line. */

import type { Recording } from "./store";

const SOURCE = "glissando-demo";

/** All recordings as JSON lines. */
export function manifest(recordings: readonly Recording[]): string {
  return recordings.map((recording) => `${JSON.stringify(row(recording))}\n`).join("");
}

function row({ word, points, user, sentence, keyboard }: Recording) {
  return { word, points, user, sentence, keyboard, is_err: false, clean: true, source: SOURCE };
}
