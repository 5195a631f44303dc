/** The strip of candidates over the keyboard: they move while the finger does, then can be chosen. */

import type { Candidate } from "../../decoder/types";
import { h } from "../dom";

/** How many words there are to choose from. */
export const SHOWN = 8;

/** What a literal candidate is, for whoever points at it or listens. */
export const SPELT_OUT = "Spelt out: not in the word list";

/** A row of buttons that are kept, so that neither focus nor eye loses its place. */
export class CandidateStrip {
  readonly element: HTMLElement;
  private readonly hint = h("p", { class: "hint" });
  private readonly buttons: HTMLButtonElement[];
  private words: readonly string[] = [];

  constructor(choose: (word: string) => void) {
    this.buttons = Array.from({ length: SHOWN }, (_, index) => {
      const button = h("button", { type: "button", class: "candidate", hidden: true });
      button.addEventListener("mousedown", (event) => event.preventDefault());
      button.addEventListener("click", () => choose(this.words[index]));
      return button;
    });
    const label = "Words that the swipe may mean";
    this.element = h(
      "div",
      { class: "candidates", role: "group", "aria-label": label },
      this.hint,
      ...this.buttons,
    );
  }

  /** What to say where there are no words. */
  say(text: string): void {
    this.show([]);
    this.hint.textContent = text;
    this.hint.hidden = false;
  }

  /** Show words, best first; `settled` once the finger has lifted and one was written. */
  show(candidates: readonly Candidate[], settled = false): void {
    this.element.scrollLeft = 0; // first, since it has the browser lay out what changed before
    this.words = candidates.map((candidate) => candidate.word);
    this.hint.hidden = true;
    this.element.classList.toggle("settled", settled);
    this.buttons.forEach((button, index) => {
      button.hidden = index >= this.words.length;
      button.disabled = !settled;
      if (button.hidden) return;
      button.textContent = this.words[index];
      const { literal } = candidates[index];
      button.classList.toggle("literal", literal);
      button.title = literal ? SPELT_OUT : ""; // screen readers say it behind the word
    });
    this.mark(settled ? this.words[0] : undefined);
  }

  /** Show which word stands in the text. */
  mark(word: string | undefined): void {
    this.buttons.forEach((button, index) => {
      button.setAttribute("aria-pressed", String(word !== undefined && this.words[index] === word));
    });
  }
}
