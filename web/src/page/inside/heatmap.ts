/** Letter posteriors as a picture: a column for each frame, a row for each letter that matters. */

import type { Posteriors } from "../../decoder/types";
import { svg } from "../dom";

/** A letter below this at every frame has no row. */
const LEAST = 0.03;
const MOST_ROWS = 16;
const [ROW, LABEL, WIDTH] = [16, 20, 440];
const BLANK = "<blank>";

/** A letter's probabilities over the frames. */
export interface Row {
  label: string;
  values: Float32Array;
}

/** The letters that the network considers, by when it considers them most; blank comes last. */
export function rowsOf({ labels, frames, data }: Posteriors): Row[] {
  const rows = labels.map((label, id) => ({
    label,
    values: Float32Array.from({ length: frames }, (_, frame) => data[frame * labels.length + id]),
  }));
  const letters = rows
    .filter(({ label }) => label.length === 1)
    .map((row) => ({
      row,
      peak: Math.max(...row.values),
      when: row.values.indexOf(Math.max(...row.values)),
    }))
    .filter(({ peak }) => peak >= LEAST)
    .sort((a, b) => b.peak - a.peak)
    .slice(0, MOST_ROWS)
    .sort((a, b) => a.when - b.when);
  return [...letters.map(({ row }) => row), ...rows.filter(({ label }) => label === BLANK)];
}

/** The picture, with a line where the frame is that the user looks at. */
export class Heatmap {
  readonly element: SVGSVGElement;
  private readonly cursor = svg("rect", { class: "cursor", y: 0, rx: 3 });
  private readonly column: number;

  constructor(posteriors: Posteriors, choose: (frame: number) => void) {
    const rows = rowsOf(posteriors);
    const { frames } = posteriors;
    this.column = (WIDTH - LABEL) / frames;
    const height = rows.length * ROW;
    this.cursor.setAttribute("width", this.column.toFixed(2));
    this.cursor.setAttribute("height", String(height));
    this.element = svg(
      "svg",
      {
        class: "heatmap",
        viewBox: `0 0 ${WIDTH} ${height}`,
        role: "img",
        "aria-label": `Letters over ${frames} frames: ${rows.map(({ label }) => label).join(" ")}`,
      },
      ...rows.map((row, index) => this.line(row, index * ROW)),
      this.cursor,
    );
    const seek = (event: PointerEvent) => {
      const { left, width } = this.element.getBoundingClientRect();
      const x = ((event.clientX - left) / width) * WIDTH - LABEL;
      choose(Math.min(frames - 1, Math.max(0, Math.floor(x / this.column))));
    };
    this.element.addEventListener("pointerdown", (event) => {
      this.element.setPointerCapture(event.pointerId);
      seek(event);
    });
    this.element.addEventListener("pointermove", (event) => event.buttons && seek(event));
  }

  look(frame: number): void {
    this.cursor.setAttribute("x", (LABEL + frame * this.column).toFixed(2));
  }

  private line({ label, values }: Row, top: number): SVGGElement {
    const blank = label === BLANK;
    const name = svg("text", { x: LABEL / 2 - 2, y: top + ROW - 4.5 }, blank ? "∅" : label);
    const size = { width: Math.max(0.5, this.column - 1).toFixed(2), height: ROW - 2, rx: 2.5 };
    const cells = Array.from(values, (value, frame) => {
      if (value < 0.004) return null;
      const x = (LABEL + frame * this.column).toFixed(2);
      return svg("rect", { x, y: top + 1, ...size, opacity: Math.sqrt(value).toFixed(3) });
    });
    const shown = cells.filter((cell) => cell !== null);
    return svg("g", { class: blank ? "row blank" : "row" }, name, ...shown);
  }
}
