/** The view that looks inside one swipe: what the network heard, frame by frame, and the beam made. */

import { messageOf } from "../../decoder/errors";
import type { Inspection } from "../../decoder/types";
import { h } from "../dom";
import { drawSwipe } from "../swipe/picture";
import { type Desk, type Sighting, sightingFrom, type View } from "../views";
import { Heatmap } from "./heatmap";
import { beamRows, candidateRows, table, timingText } from "./lists";
import { Player } from "./player";

export class InsideView implements View {
  readonly element = h("main", { class: "inside-view" });
  private readonly desk: Desk;
  private shown: string | null = null;
  private player: Player | null = null;

  constructor(desk: Desk) {
    this.desk = desk;
  }

  show(argument: string): void {
    // The tab, which names no swipe, brings back what was looked at last.
    if (argument === this.shown || (!argument && this.shown)) return;
    this.shown = argument;
    this.player?.stop();
    const sighting = sightingFrom(argument, this.desk.decoder.keyboards);
    if (!argument) this.tell("Swipe a word first, or take one from the gallery.");
    else if (!sighting) this.tell("This link holds no swipe that this page can read.");
    else void this.open(argument, sighting);
  }

  hide(): void {
    this.player?.stop();
  }

  private async open(argument: string, sighting: Sighting): Promise<void> {
    try {
      const { keyboard, points } = sighting;
      const inspection = await this.desk.decoder.inspect(points, { keyboard });
      if (this.shown === argument) this.render(sighting, inspection);
    } catch (error) {
      if (this.shown === argument) this.tell(messageOf(error));
    }
  }

  private render({ points, keyboard }: Sighting, inspection: Inspection): void {
    const { candidates, posteriors, beam } = inspection;
    const { frames, labels, data, times } = posteriors;
    const word = candidates[0]?.word ?? "";
    const picture = drawSwipe(points, keyboard, word ? `A swipe read as ${word}` : "A swipe");
    const heatmap = new Heatmap(posteriors, (frame) => player.seek(frame));
    const words = table(["word", "", "probability", "score"]);
    const kept = table(["prefix", "best word", "share", "score"]);
    const duration = points[points.length - 1].t;
    const player = new Player({
      times,
      duration,
      frame: (frame) => {
        picture.mark(times[frame]);
        heatmap.look(frame);
        labels.forEach((label, id) => {
          picture.glow(label, Math.sqrt(data[frame * labels.length + id]));
        });
        kept.show(beamRows(beam[frame] ?? []));
        kept.call(`The beam at frame ${frame + 1} of ${frames}, ${times[frame].toFixed(0)} ms`);
      },
      moment: (t) => {
        picture.upTo(t ?? duration);
        if (t !== null) picture.mark(t);
      },
    });
    words.call("Words, best first");
    words.show(candidateRows(candidates));
    this.player = player;
    this.element.replaceChildren(
      h("div", { class: "title" }, h("h1", {}, word || "No word"), linkButton()),
      h("p", { class: "status" }, summary(points.length, duration, inspection)),
      player.element,
      h(
        "div",
        { class: "columns" },
        h("section", { class: "sheet", "aria-label": "Swipe" }, picture.element, heatmap.element),
        h("section", { class: "sheet", "aria-label": "Words" }, words.element, kept.element),
      ),
    );
  }

  private tell(text: string): void {
    const gallery = h("a", { href: "#gallery" }, "Gallery");
    const title = h("h1", { class: "unseen" }, "Look inside a swipe");
    this.element.replaceChildren(title, h("div", { class: "notice" }, h("p", {}, text), gallery));
  }
}

function summary(points: number, duration: number, { timings, greedy }: Inspection): string {
  const size = `${points} points in ${duration.toFixed(0)} ms`;
  return `${size}. ${timingText(timings)}. Without the word list: “${greedy}”.`;
}

/** Copies the address, which reproduces the swipe wherever this bundle is. */
function linkButton(): HTMLButtonElement {
  const button = h("button", { type: "button", class: "quiet" }, "Copy link");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
    } catch {
      button.textContent = "It is in the address bar";
    }
  });
  return button;
}
