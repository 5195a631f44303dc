/** The list of what was recorded: a picture of each swipe, to do again or to delete. */

import type { Decoder } from "../../decoder/types";
import { h } from "../dom";
import { drawSwipe } from "../swipe/picture";
import type { Recording } from "./store";

/** What may be done to recordings. */
export interface ReviewActions {
  redo(recording: Recording): void;
  remove(recording: Recording): void;
  clear(): void;
}

const PAGE = 24;

/** Newest first, a page at a time, since every picture is drawn. */
export class Review {
  readonly element: HTMLElement;
  private readonly decoder: Decoder;
  private readonly actions: ReviewActions;
  private readonly list = h("ul", { class: "cards" });
  private readonly more = h("button", { type: "button", class: "quiet" }, "Show more");
  private readonly clear: HTMLButtonElement;
  private readonly cards = new Map<Recording, HTMLElement>();
  private recordings: readonly Recording[] = [];
  private shown = PAGE;

  constructor(decoder: Decoder, actions: ReviewActions) {
    this.decoder = decoder;
    this.actions = actions;
    this.more.addEventListener("click", () => {
      this.shown += PAGE;
      this.show(this.recordings);
    });
    this.clear = sureButton("Delete all", "Really delete all?", () => actions.clear());
    this.element = h("div", { class: "review" }, this.list, this.more, this.clear);
  }

  show(recordings: readonly Recording[]): void {
    this.recordings = recordings;
    for (const gone of [...this.cards.keys()].filter((one) => !recordings.includes(one))) {
      this.cards.delete(gone);
    }
    const newest = [...recordings].reverse().slice(0, this.shown);
    this.list.replaceChildren(...newest.map((recording) => this.card(recording)));
    this.more.hidden = recordings.length <= this.shown;
    this.clear.hidden = !recordings.length;
  }

  private card(recording: Recording): HTMLElement {
    const known = this.cards.get(recording);
    if (known) return known;
    const { word, points, read, keyboard } = recording;
    const layout = this.decoder.keyboards.find((one) => one.name === keyboard.layout);
    const picture = drawSwipe(points, layout ?? this.decoder.keyboard, `Your swipe for ${word}`);
    const same = letters(read) === letters(word);
    const note = h(
      "span",
      { class: same ? "right" : "wrong" },
      same ? "read right" : `read “${read}”`,
    );
    const act = (title: string, press: () => void) =>
      h(
        "button",
        { type: "button", class: "quiet", "aria-label": `${title} ${word}`, onclick: press },
        title,
      );
    const card = h(
      "li",
      { class: "card" },
      picture.element,
      h("div", { class: "caption" }, h("b", {}, word), note),
      h(
        "div",
        { class: "tools" },
        act("Redo", () => this.actions.redo(recording)),
        act("Delete", () => this.actions.remove(recording)),
      ),
    );
    this.cards.set(recording, card);
    return card;
  }
}

/** A button that asks once more before it acts. */
function sureButton(title: string, question: string, act: () => void): HTMLButtonElement {
  const button = h("button", { type: "button", class: "quiet danger" }, title);
  const calm = () => {
    button.textContent = title;
  };
  button.addEventListener("click", () => {
    if (button.textContent !== question) {
      button.textContent = question;
      return;
    }
    calm();
    act();
  });
  button.addEventListener("blur", calm);
  return button;
}

/** What decides whether a word is right: its letters, whatever their case and the apostrophes. */
function letters(word: string): string {
  return word.toLowerCase().replace(/\P{L}/gu, "");
}
