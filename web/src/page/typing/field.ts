/** The text that is being written: a real text field, kept in step with a draft. */

import { h } from "../dom";
import { type Draft, EMPTY, edited, takeBack } from "./draft";

/** A text field that swipes write into; a hardware keyboard may, too. */
export class TextField {
  readonly element: HTMLElement;
  private readonly area = h("textarea", {
    class: "text",
    inputmode: "none", // our keyboard is on the screen already
    autocapitalize: "off",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": "Your text",
    placeholder: "Your words appear here.",
  });
  private draft: Draft = EMPTY;

  constructor() {
    const copy = h(
      "button",
      { type: "button", class: "quiet", onclick: () => this.copy(copy) },
      "Copy",
    );
    const clear = h(
      "button",
      { type: "button", class: "quiet", onclick: () => this.clear() },
      "Clear",
    );
    this.element = h(
      "section",
      { class: "sheet", "aria-label": "Text" },
      this.area,
      h("div", { class: "tools" }, copy, clear),
    );
  }

  /** Change the text by one of the functions of `draft.ts`. */
  apply(change: (draft: Draft) => Draft): void {
    const { value, selectionStart, selectionEnd } = this.area;
    let now = edited(this.draft, value, selectionEnd);
    if (selectionStart < selectionEnd) {
      // What is selected gives way, as in any text field.
      const text = value.slice(0, selectionStart) + value.slice(selectionEnd);
      now = edited(now, text, selectionStart);
    }
    this.draft = change(now);
    this.area.value = this.draft.text;
    this.area.setSelectionRange(this.draft.caret, this.draft.caret);
    this.area.scrollTop = this.area.scrollHeight;
  }

  /** Take back what is selected, or a letter or a word before the caret. */
  takeBack(wholeWord: boolean): void {
    const selected = this.area.selectionStart < this.area.selectionEnd;
    this.apply((draft) => (selected ? draft : takeBack(draft, wholeWord)));
  }

  private clear(): void {
    this.draft = EMPTY;
    this.area.value = "";
  }

  private async copy(button: HTMLButtonElement): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.area.value);
      button.textContent = "Copied";
    } catch {
      this.area.select(); // not allowed here: leave it to the user's own copying
      button.textContent = "Selected";
    }
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1500);
  }
}
