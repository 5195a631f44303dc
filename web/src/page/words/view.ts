/** The view of the user's own words: to add, prefer or block, and to carry from place to place. */

import { messageOf } from "../../decoder/errors";
import type { Action, Entry } from "../../decoder/types";
import { h } from "../dom";
import { fileButton, save } from "../files";
import type { Desk, View } from "../views";
import { keepWords } from "./keeping";

/** What an entry of each kind is called, and what its number means, if it has one. */
const KINDS: Readonly<Record<Action, { title: string; unit?: string }>> = {
  add: { title: "Add", unit: "zipf" },
  boost: { title: "Boost", unit: "nats" },
  block: { title: "Block" },
};

export class WordsView implements View {
  readonly element: HTMLElement;
  private readonly desk: Desk;
  private readonly word = h("input", {
    class: "field",
    required: true,
    maxlength: 60,
    autocapitalize: "off",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "a word",
    "aria-label": "Word",
  });
  private readonly amount = h("input", {
    class: "field",
    type: "number",
    step: "any",
    placeholder: "as usual",
    "aria-label": "How much: zipf 0 to 8 for an added word, nats -20 to 20 for a boosted one",
  });
  private readonly said = h("p", { class: "status", role: "status" });
  private readonly list = h("ul", { class: "entries" });

  constructor(desk: Desk) {
    this.desk = desk;
    const buttons = Object.entries(KINDS).map(([action, { title }]) =>
      h(
        "button",
        { type: "submit", value: action, class: action === "add" ? "loud" : "quiet" },
        title,
      ),
    );
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      this.put((event.submitter as HTMLButtonElement | null)?.value as Action);
    };
    const handOut = () => save("words.txt", this.desk.decoder.personal.text(), "text/plain");
    this.element = h(
      "main",
      { class: "words" },
      h("h1", { class: "unseen" }, "Your words"),
      h(
        "p",
        { class: "lead" },
        "Words that the list lacks, words to prefer, and words that must never come out. ",
        "They are kept in this browser, in the format of ",
        h("code", {}, "glissando words"),
        ".",
      ),
      h("form", { class: "sheet", onsubmit: submit }, this.word, this.amount, ...buttons),
      this.said,
      this.list,
      h(
        "div",
        { class: "tools" },
        fileButton("Import", ".txt,text/plain", (text) => this.take(text)),
        h("button", { type: "button", class: "quiet", onclick: handOut }, "Export"),
      ),
    );
  }

  show(): void {
    this.render();
  }

  private put(action: Action = "add"): void {
    const { personal } = this.desk.decoder;
    const word = this.word.value.trim();
    const amount = this.amount.value === "" ? undefined : Number(this.amount.value);
    this.attempt(() => {
      if (action === "block") personal.block(word);
      else personal[action](word, amount);
      this.word.value = this.amount.value = "";
      return `${KINDS[action].title}ed: ${word}`;
    });
    this.word.focus();
  }

  private take(text: string): void {
    this.attempt(() => {
      const { personal } = this.desk.decoder;
      personal.load(text);
      return `Imported: ${personal.entries.length} lines about words`;
    });
  }

  private attempt(act: () => string): void {
    try {
      const done = act();
      const kept = keepWords(this.desk.decoder);
      this.said.textContent = kept ? done : `${done}, until this page closes`;
    } catch (error) {
      this.said.textContent = messageOf(error);
    }
    this.render();
  }

  private render(): void {
    const { entries } = this.desk.decoder.personal;
    this.list.replaceChildren(...entries.map((entry) => this.row(entry)));
    if (!entries.length) this.list.append(h("li", { class: "empty" }, "No words of your own yet."));
  }

  private row({ action, word, amount }: Entry): HTMLElement {
    const { title, unit } = KINDS[action];
    const remove = () =>
      this.attempt(() => {
        this.desk.decoder.personal.remove(word);
        return `Forgotten: ${word}`;
      });
    return h(
      "li",
      {},
      h("span", { class: `kind ${action}` }, title.toLowerCase()),
      h("b", {}, word),
      h("span", { class: "number" }, unit ? `${amount} ${unit}` : ""),
      h(
        "button",
        { type: "button", class: "quiet", "aria-label": `Forget ${word}`, onclick: remove },
        "Forget",
      ),
    );
  }
}
