/** Where keys stand: letters as the bundle says, shift and backspace in the corners they leave. */

import type { Key, Keyboard } from "../../decoder/types";
import type { Box } from "../dom";

/** Boxes in fractions of the letter area. */
export interface Arrangement {
  letters: ReadonlyMap<string, Box>;
  /** Room beside the last row, null where it has none. */
  left: Box | null;
  right: Box | null;
}

/** In keys: less room than this is no place for a key. */
const ROOM = 1.2;

/** Lay out a keyboard. */
export function arrange(keyboard: Keyboard): Arrangement {
  const { keys, keyWidth: width, keyHeight: height } = keyboard;
  const box = ({ x, y }: Key): Box => ({ left: x - width / 2, top: y - height / 2, width, height });
  const lowest = Math.max(...keys.map((key) => key.y));
  const row = keys.filter((key) => lowest - key.y < height / 2);
  const begin = Math.min(...row.map((key) => key.x)) - width / 2;
  const end = Math.max(...row.map((key) => key.x)) + width / 2;
  const top = lowest - height / 2;
  const enough = (room: number) => room >= ROOM * width;
  return {
    letters: new Map(keys.map((key) => [key.letter, box(key)])),
    left: enough(begin) ? { left: 0, top, width: begin - width * 0.15, height } : null,
    right: enough(1 - end)
      ? { left: end + width * 0.15, top, width: 1 - end - width * 0.15, height }
      : null,
  };
}
