/** The view that records swipes to train on: it prompts, keeps, reviews and hands out. */

import { messageOf } from "../../decoder/errors";
import type { Point } from "../../decoder/types";
import { h } from "../dom";
import { save } from "../files";
import { Board } from "../keyboard/board";
import type { Area } from "../swipe/capture";
import type { Desk, View } from "../views";
import { manifest } from "./manifest";
import { Prompter } from "./prompter";
import type { PromptKind } from "./prompts";
import { Review } from "./review";
import { type Recording, RecordingStore } from "./store";
import { rename, writer } from "./writer";

export class RecordView implements View {
  readonly element: HTMLElement;
  private readonly desk: Desk;
  private readonly prompter = new Prompter();
  private readonly prompt = h("p", { class: "prompt", "aria-live": "polite" });
  private readonly said = h("p", { class: "status", role: "status" });
  private readonly count = h("p", { class: "count" });
  private readonly board: Board;
  private readonly review: Review;
  private readonly back = button("Redo last", () => void this.takeBack());
  private readonly download = button("Download", () => this.handOut(), "loud");
  private readonly opening = RecordingStore.open();
  private store: RecordingStore | null = null;
  /** The recording that the next swipe replaces. */
  private again: Recording | null = null;

  constructor(desk: Desk) {
    this.desk = desk;
    this.board = new Board(desk.decoder.keyboard, {
      move: () => {},
      swipe: (points, area) => void this.keep(points, area),
      tap: () => this.say("That was a tap: glide over the letters."),
      cancel: () => this.say("The swipe was interrupted: swipe again."),
    });
    this.review = new Review(desk.decoder, {
      redo: (recording) => this.redo(recording),
      remove: (recording) => void this.change((store) => store.remove(recording.id)),
      clear: () => void this.change((store) => store.clear()),
    });
    const skip = button("Skip", () => this.goOn());
    this.element = h(
      "main",
      { class: "record" },
      h("h1", { class: "unseen" }, "Record swipes to train on"),
      h("section", { class: "sheet", "aria-label": "Prompt" }, this.prompt, this.said),
      h(
        "div",
        { class: "tools" },
        kindChoice((kind) => this.ask(kind)),
        this.back,
        skip,
      ),
      this.board.element,
      h(
        "section",
        { class: "kept", "aria-label": "Recorded swipes" },
        h("div", { class: "tools" }, this.count, writerField(), this.download),
        this.review.element,
      ),
    );
    this.render();
    void this.opening.then((store) => {
      this.store = store;
      this.render();
    });
  }

  show(): void {
    this.board.lay(this.desk.decoder.keyboard);
  }

  private async keep(points: readonly Point[], area: Area): Promise<void> {
    const { again } = this;
    const keyboard = {
      layout: this.desk.decoder.keyboard.name,
      width: Math.round(area.width * 100) / 100,
      height: Math.round(area.height * 100) / 100,
    };
    const word = again?.word ?? this.prompter.word;
    const sentence = again?.sentence ?? this.prompter.sentence;
    const swipe = { word, sentence, points: [...points], user: writer(), keyboard };
    if (!again) this.prompter.next(); // at once, so that a quick hand need not wait
    this.again = null;
    this.render();
    try {
      const store = await this.opening;
      const { candidates } = await this.desk.decoder.decode(points, { n: 1 });
      const read = candidates[0]?.word ?? "";
      await (again ? store.put({ ...swipe, read, id: again.id }) : store.add({ ...swipe, read }));
      this.say(read ? `${word}: read as “${read}”` : `${word}: not read as a word`);
    } catch (error) {
      this.say(`${word} was not kept: ${messageOf(error)}`);
    }
    this.render();
  }

  private ask(kind: PromptKind): void {
    this.again = null;
    this.prompter.ask(kind);
    this.render();
  }

  private goOn(): void {
    if (!this.again) this.prompter.next();
    this.again = null;
    this.render();
  }

  private redo(recording: Recording): void {
    this.again = recording;
    this.render();
    this.board.element.scrollIntoView({ block: "end" });
  }

  private async takeBack(): Promise<void> {
    const last = this.store?.all().pop();
    if (last) this.redo(last);
  }

  private async change(act: (store: RecordingStore) => Promise<void>): Promise<void> {
    if (!this.store) return;
    await act(this.store);
    this.again = null;
    this.render();
  }

  private handOut(): void {
    const recordings = this.store?.all() ?? [];
    save(`swipes-${recordings.length}.jsonl`, manifest(recordings), "application/jsonl");
  }

  private say(text: string): void {
    this.said.textContent = text;
  }

  private render(): void {
    const { words, index } = this.again
      ? { words: [this.again.word], index: 0 }
      : this.prompter.current;
    const spans = words.map((word, at) => {
      const state = at < index ? "done" : at === index ? "now" : "later";
      return h("span", { class: state, "aria-current": at === index && "step" }, word);
    });
    this.prompt.replaceChildren(...spans.flatMap((span) => [span, " "]));
    const kept = this.store?.all() ?? [];
    const where = this.store?.lasting === false ? "until this page closes" : "in this browser";
    const what = kept.length === 1 ? "1 swipe" : `${kept.length} swipes`;
    this.count.textContent = kept.length ? `${what} kept ${where}` : "Nothing kept yet";
    this.back.disabled = this.download.disabled = !kept.length;
    this.review.show(kept);
  }
}

function button(title: string, press: () => void, look = "quiet"): HTMLButtonElement {
  return h("button", { type: "button", class: look, onclick: press }, title);
}

function kindChoice(choose: (kind: PromptKind) => void): HTMLElement {
  const select = h(
    "select",
    { "aria-label": "What to prompt", onchange: () => choose(select.value as PromptKind) },
    h("option", { value: "sentences" }, "Sentences"),
    h("option", { value: "words" }, "Words"),
  );
  return select;
}

function writerField(): HTMLElement {
  const input = h("input", {
    class: "field",
    value: writer(),
    maxlength: 40,
    spellcheck: "false",
    size: 12,
  });
  // At once: a swipe does not take the focus away, so that nothing else says when it is whole.
  input.addEventListener("input", () => rename(input.value));
  input.addEventListener("blur", () => {
    input.value = writer();
  });
  return h("label", { class: "writer" }, "Name in the file", input);
}
