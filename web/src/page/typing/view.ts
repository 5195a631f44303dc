/** The view to type in: text, candidates, keyboard, and how long the word took. */

import { messageOf } from "../../decoder/errors";
import type { Point } from "../../decoder/types";
import { h } from "../dom";
import { Board } from "../keyboard/board";
import type { Command } from "../keyboard/commands";
import { type Desk, insideAddress, type View } from "../views";
import { CandidateStrip, SHOWN } from "./candidates";
import { replaceWord, writeLetter, writeMark, writeWord } from "./draft";
import { TextField } from "./field";
import { layoutChoice } from "./layouts";
import { LiveCandidates } from "./live";

const WELCOME = "Glide over the letters of a word, or tap them.";
const CANCELLED = {
  moved: "The keyboard moved: swipe again.",
  taken: "The swipe was interrupted: swipe again.",
} as const;

export class TypingView implements View {
  readonly element: HTMLElement;
  private readonly desk: Desk;
  private readonly field = new TextField();
  private readonly strip = new CandidateStrip((word) => this.choose(word));
  private readonly live: LiveCandidates;
  private readonly board: Board;
  private readonly latency = h("span", { class: "latency" });
  private readonly inside = h("a", { class: "inside", hidden: true }, "Look inside");
  private shifted = false;

  constructor(desk: Desk) {
    this.desk = desk;
    const { decoder } = desk;
    this.live = new LiveCandidates(decoder, ({ candidates }) =>
      this.strip.show(candidates.slice(0, SHOWN)),
    );
    this.board = new Board(decoder.keyboard, {
      move: (points) => this.live.move(points),
      swipe: (points, _area, when) => void this.write(points, when),
      tap: (letter) => this.tap(letter),
      cancel: (reason) => {
        this.live.drop();
        this.strip.say(CANCELLED[reason]);
      },
      command: (command, held) => this.obey(command, held),
    });
    const layout = layoutChoice(decoder, (keyboard) => this.board.lay(keyboard));
    this.element = h(
      "main",
      { class: "typing" },
      h("h1", { class: "unseen" }, "Type by gliding"),
      this.field.element,
      h("p", { class: "status" }, this.latency, this.inside, ...layout),
      this.strip.element,
      this.board.element,
    );
    this.strip.say(WELCOME);
    void this.settle();
  }

  show(): void {}

  hide(): void {
    this.live.drop();
  }

  /** Say that the decoder is on its way, and what it is when it has come. */
  private async settle(): Promise<void> {
    const { decoder } = this.desk;
    this.latency.textContent = "Loading the decoder; swipes wait for it";
    this.element.ariaBusy = "true";
    const opened = await decoder.ready.catch(() => null);
    if (!opened) return; // said elsewhere
    this.element.ariaBusy = null;
    const words = opened.about.words.toLocaleString("en");
    this.latency.textContent = `${words} words, decoded on this device`;
  }

  private async write(points: readonly Point[], when: number): Promise<void> {
    const keyboard = this.desk.decoder.keyboard;
    try {
      const { candidates, timings } = await this.live.finish(points);
      this.inside.href = insideAddress({ keyboard, points });
      this.inside.hidden = false;
      if (!candidates.length) {
        this.strip.say("No word begins so: swipe again, or tap the letters.");
        return;
      }
      this.strip.show(candidates.slice(0, SHOWN), true);
      const word = this.capitalised(candidates[0].word);
      this.field.apply((draft) => writeWord(draft, word));
      const span = { start: when, end: performance.now(), detail: timings };
      const took = performance.measure("lift to word", span);
      this.latency.textContent = `${took.duration.toFixed(1)} ms from lift to word`;
      this.desk.announce(word);
    } catch (error) {
      this.strip.say(messageOf(error));
    }
  }

  private choose(word: string): void {
    this.field.apply((draft) => replaceWord(draft, word));
    this.strip.mark(word);
    this.desk.announce(word);
  }

  private tap(letter: string): void {
    const written = this.capitalised(letter);
    this.field.apply((draft) => writeLetter(draft, written));
    this.strip.say("");
  }

  private obey(command: Command, held: boolean): void {
    if (command === "shift") {
      this.shift(!this.shifted);
      return;
    }
    if (command === "backspace") this.field.takeBack(held);
    else {
      const mark = { space: " ", enter: "\n" }[command as string] ?? command;
      this.field.apply((draft) => writeMark(draft, mark));
    }
    this.strip.say("");
  }

  private shift(on: boolean): void {
    this.shifted = on;
    this.board.shifted = on;
  }

  /** The text with a capital if one was asked for, once. */
  private capitalised(text: string): string {
    if (!this.shifted) return text;
    this.shift(false);
    return text.charAt(0).toLocaleUpperCase() + text.slice(1);
  }
}
