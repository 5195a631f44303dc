/** Who swipes: a name in the manifest that tells people apart, random unless chosen. */

import { remember, remembered } from "../settings";

let name = remembered("writer") ?? "";

/** The name now. */
export function writer(): string {
  if (!name) rename(`web-${Math.random().toString(36).slice(2, 10)}`);
  return name;
}

/** Take another name; an empty one asks for a random one. */
export function rename(wanted: string): void {
  name = wanted.trim();
  remember("writer", name);
}
