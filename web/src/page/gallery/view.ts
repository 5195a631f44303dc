/** The view that replays sample swipes, and shows what this page reads in them. */

import type { Keyboard, Point } from "../../decoder/types";
import { h } from "../dom";
import { inSteps } from "../swipe/link";
import { drawSwipe } from "../swipe/picture";
import { type Desk, insideAddress, type View } from "../views";

/** `gallery.json`, as `tools/make_gallery.py` writes it. */
interface Gallery {
  layout: string;
  samples: { word: string; points: Point[] }[];
}

const PAUSE = 500; // ms between one replay and the next

export class GalleryView implements View {
  readonly element: HTMLElement;
  private readonly desk: Desk;
  private readonly list = h("ul", { class: "cards" });
  private readonly said = h("p", { class: "status", role: "status" });
  private replays: (() => Promise<void>)[] = [];
  private visible = false;

  constructor(desk: Desk) {
    this.desk = desk;
    this.element = h(
      "main",
      { class: "gallery" },
      h("h1", { class: "unseen" }, "Sample swipes"),
      h(
        "p",
        { class: "lead" },
        "These swipes were made by Glissando’s own synthesiser, not by people. ",
        "What is written below each was read on this device, just now.",
      ),
      this.said,
      this.list,
    );
    void this.load();
  }

  show(): void {
    this.visible = true;
    void this.replayAll();
  }

  hide(): void {
    this.visible = false;
  }

  private async load(): Promise<void> {
    try {
      const answer = await fetch("./gallery.json");
      if (!answer.ok) throw new Error(`gallery.json: ${answer.status}`);
      const { layout, samples } = (await answer.json()) as Gallery;
      const keyboard = this.desk.decoder.keyboards.find(({ name }) => name === layout);
      if (!keyboard) throw new Error(`this bundle has no layout ${layout}`);
      for (const { word, points } of samples) {
        this.replays.push(this.addCard(word, inSteps(points), keyboard));
      }
      void this.replayAll();
    } catch (error) {
      this.said.textContent = `There are no samples: ${(error as Error).message}`;
    }
  }

  private addCard(word: string, points: Point[], keyboard: Keyboard): () => Promise<void> {
    const picture = drawSwipe(points, keyboard, `A synthetic swipe for ${word}`);
    const read = h("b", { class: "read" }, "…");
    const address = insideAddress({ keyboard, points });
    const replay = () => this.replay(points, picture.upTo);
    this.list.append(
      h(
        "li",
        { class: "card" },
        h(
          "button",
          { type: "button", class: "replay", "aria-label": `Replay ${word}`, onclick: replay },
          picture.element,
        ),
        h("div", { class: "caption" }, read, h("span", {}, `meant: ${word}`)),
        h("a", { href: address, "aria-label": `Look inside ${word}` }, "Look inside"),
      ),
    );
    this.desk.decoder.decode(points, { keyboard, n: 1 }).then(
      ({ candidates }) => {
        read.textContent = candidates[0]?.word ?? "no word";
        read.classList.toggle("wrong", read.textContent.toLowerCase() !== word.toLowerCase());
      },
      (error: Error) => {
        read.textContent = error.message;
      },
    );
    return replay;
  }

  /** Replay them one after the other, unless motion is not wanted. */
  private async replayAll(): Promise<void> {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const replay of this.replays) {
      if (!this.visible) return;
      await replay();
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  }

  private replay(points: readonly Point[], upTo: (t: number) => void): Promise<void> {
    const duration = points[points.length - 1].t;
    return new Promise((done) => {
      let begin = 0;
      const step = (now: number) => {
        begin ||= now;
        upTo(Math.min(now - begin, duration));
        if (now - begin < duration && this.visible) requestAnimationFrame(step);
        else {
          upTo(duration);
          done();
        }
      };
      requestAnimationFrame(step);
    });
  }
}
