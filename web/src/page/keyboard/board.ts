/** The keyboard on the screen: its keys, the ink over them, and what fingers do there. */

import type { Keyboard, Point } from "../../decoder/types";
import { h, place } from "../dom";
import { type Area, followSwipes, type SwipeListener } from "../swipe/capture";
import { Ink } from "../swipe/ink";
import { isTap, nearestLetter } from "../swipe/measure";
import { arrange } from "./arrange";
import { type Command, commandKey } from "./commands";

/** What a board tells its owner. */
export interface BoardListener {
  /** A swipe moves on; `points` is one growing list. */
  move(points: readonly Point[]): void;
  /** A swipe ended, at `when` by `performance.now()`. */
  swipe(points: readonly Point[], area: Area, when: number): void;
  /** A letter was tapped; `points` are empty where no finger did it. */
  tap(letter: string, points: readonly Point[], area: Area): void;
  /** A swipe came to nothing. */
  cancel(reason: "taken" | "moved"): void;
  /** A key that is no letter. */
  command?(command: Command, held: boolean): void;
}

/** The keyboard of a bundle; without `listener.command` it has letters alone. */
export class Board {
  readonly element: HTMLElement;
  private readonly letters = h("div", { class: "letters" });
  private readonly rest = h("div", { class: "commands" });
  private readonly canvas = h("canvas", { class: "ink", "aria-hidden": "true" });
  private readonly ink = new Ink(this.canvas);
  private readonly listener: BoardListener;
  private keyboard: Keyboard;

  constructor(keyboard: Keyboard, listener: BoardListener) {
    this.listener = listener;
    this.keyboard = keyboard;
    this.element = h(
      "div",
      { class: "board", role: "group", "aria-label": "Keyboard: glide from letter to letter" },
      this.letters,
      this.rest,
      this.canvas,
    );
    const isLetter = (target: Element) => !target.closest("[data-command]");
    followSwipes(this.letters, () => this.letters.getBoundingClientRect(), this.swipes(), isLetter);
    this.letters.addEventListener("click", (event) => {
      const key = (event.target as Element).closest<HTMLElement>("[data-letter]");
      // Fingers come as swipes; a click without one is a screen reader's or a key's.
      if (key && event.detail === 0) this.listener.tap(key.dataset.letter!, [], this.area());
    });
    this.lay(keyboard);
  }

  /** Show another layout. */
  lay(keyboard: Keyboard): void {
    this.keyboard = keyboard;
    const { letters, left, right } = arrange(keyboard);
    const rows = Math.max(1, Math.round(1 / keyboard.keyHeight));
    this.letters.style.setProperty("--rows", String(rows));
    this.letters.replaceChildren(
      ...[...letters].map(([letter, box]) => {
        const key = h(
          "button",
          { class: "key", type: "button", tabindex: -1 },
          h("span", {}, letter),
        );
        key.dataset.letter = letter;
        place(key, box);
        return key;
      }),
    );
    const send = this.listener.command;
    if (!send) return;
    const key = (command: Command) => commandKey(command, send);
    for (const [command, box] of [
      ["shift", left],
      ["backspace", right],
    ] as const) {
      if (!box) continue;
      const corner = key(command);
      place(corner, box);
      this.letters.append(corner);
    }
    const row: Command[] = [",", "space", ".", "?"];
    if (!letters.has("'")) row.unshift("'");
    if (!left) row.unshift("shift");
    if (!right) row.push("backspace");
    this.rest.replaceChildren(...row.map(key), key("enter"));
  }

  /** Show whether the next word gets a capital. */
  set shifted(on: boolean) {
    this.element.classList.toggle("shifted", on);
    for (const key of this.element.querySelectorAll("[data-command=shift]")) {
      key.setAttribute("aria-pressed", String(on));
    }
  }

  private area(): Area {
    return this.letters.getBoundingClientRect();
  }

  private swipes(): SwipeListener {
    let area: Area;
    let gliding = false;
    let pressed: Element | null = null;
    const release = () => pressed?.classList.remove("pressed");
    return {
      begin: (points, where) => {
        area = where;
        gliding = false;
        this.ink.begin(area, this.keyboard.keyWidth);
        const letter = nearestLetter(points[0], this.keyboard);
        pressed = this.letters.querySelector(`[data-letter="${CSS.escape(letter)}"]`);
        pressed?.classList.add("pressed");
      },
      move: (points) => {
        gliding ||= !isTap([points[0], points[points.length - 1]], this.keyboard);
        if (!gliding) return;
        release();
        this.ink.extend(points);
        this.listener.move(points);
      },
      end: (points) => {
        const when = performance.now();
        release();
        if (!gliding && isTap(points, this.keyboard)) {
          this.listener.tap(nearestLetter(points[0], this.keyboard), points, area);
          return;
        }
        this.listener.swipe(points, area, when);
        this.ink.extend(points);
        this.ink.end();
      },
      cancel: (reason) => {
        release();
        this.ink.end();
        this.listener.cancel(reason);
      },
    };
  }
}
