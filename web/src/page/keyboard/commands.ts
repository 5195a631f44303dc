/** The keys that are no letters: what they are called, and how they repeat while held. */

import { h, svg } from "../dom";

export type Command = "shift" | "backspace" | "space" | "enter" | "'" | "," | "." | "?";

const NAMES: Readonly<Record<Command, string>> = {
  shift: "Capital letter",
  backspace: "Delete word",
  space: "Space",
  enter: "New line",
  "'": "Apostrophe",
  ",": "Comma",
  ".": "Full stop",
  "?": "Question mark",
};
const PICTURES: Partial<Record<Command, string>> = {
  shift: "M12 4 4.5 12H9v7h6v-7h4.5z",
  backspace: "M9 5h11v14H9l-6-7zm3.5 4.5 5 5m0-5-5 5",
  enter: "M19 6v6H6m4-4.5L5.5 12l4.5 4.5",
};
const HOLD = 450; // ms until a held backspace repeats
const REPEAT = 130;

/** A key that sends its command when clicked, and again and again while backspace is held. */
export function commandKey(
  command: Command,
  send: (command: Command, held: boolean) => void,
): HTMLButtonElement {
  const drawn = PICTURES[command];
  const face = drawn
    ? svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: drawn }))
    : h("span", {}, command === "space" ? "space" : command);
  const key = h("button", { class: "key", type: "button", "aria-label": NAMES[command] }, face);
  key.dataset.command = command;
  key.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps the focus
  key.addEventListener("contextmenu", (event) => event.preventDefault());
  let held = false;
  key.addEventListener("click", () => {
    if (!held) send(command, false);
    held = false;
  });
  if (command === "backspace") {
    whileHeld(key, () => {
      held = true;
      send(command, true);
    });
  }
  return key;
}

function whileHeld(key: HTMLElement, act: () => void): void {
  let timer = 0;
  const again = () => {
    act();
    timer = window.setTimeout(again, REPEAT);
  };
  key.addEventListener("pointerdown", () => {
    clearTimeout(timer);
    timer = window.setTimeout(again, HOLD);
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
    key.addEventListener(name, () => clearTimeout(timer));
  }
}
