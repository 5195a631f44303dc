/** Keeps the user's words in the browser, as the text of the command line's file. */

import type { Decoder } from "../../decoder/types";
import { remember, remembered } from "../settings";

const NAME = "words";

/** Give a fresh decoder the words that were kept; damaged ones are left alone. */
export function restoreWords({ personal }: Decoder): void {
  const text = remembered(NAME);
  if (!text) return;
  try {
    personal.load(text);
  } catch (error) {
    console.warn("the words that were kept cannot be read:", error);
  }
}

/** Keep what counts now; false where the browser keeps nothing. */
export function keepWords({ personal }: Decoder): boolean {
  return remember(NAME, personal.text());
}
