/** Draws the path under the finger: only what is new, so that a long swipe costs no more. */

import type { Point } from "../../decoder/types";
import type { Area } from "./capture";
import { pathColour } from "./colour";

/** Share of a key's width that the line is wide. */
const WIDTH = 0.17;
/** In keys: after this much of the way the colour has gone two thirds from start to end. */
const COLOUR_LENGTH = 7;

interface Place {
  x: number;
  y: number;
}

/** The ink on one canvas, which lies over the letter area and may be larger. */
export class Ink {
  private readonly canvas: HTMLCanvasElement;
  private readonly pen: CanvasRenderingContext2D;
  private toCanvas = (point: Point): Place => point;
  private keyWidth = 1;
  private done = 0;
  private last: Place = { x: 0, y: 0 };
  private middle: Place = { x: 0, y: 0 };
  private length = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d")!;
  }

  /** Start a new path; `keyWidth` is a fraction of the letter area's width. */
  begin(area: Area, keyWidth: number): void {
    const canvas = this.canvas.getBoundingClientRect();
    const scale = Math.min(devicePixelRatio || 1, 3);
    this.canvas.width = Math.round(canvas.width * scale); // clears it, too
    this.canvas.height = Math.round(canvas.height * scale);
    this.canvas.classList.remove("fading");
    this.toCanvas = ({ x, y }) => ({
      x: (area.left - canvas.left + x * area.width) * scale,
      y: (area.top - canvas.top + y * area.height) * scale,
    });
    this.keyWidth = keyWidth * area.width * scale;
    this.pen.lineWidth = this.keyWidth * WIDTH;
    this.pen.lineCap = "round";
    this.pen.lineJoin = "round";
    this.done = 0;
    this.length = 0;
  }

  /** Draw what came since the last call: a curve through the middles between points. */
  extend(points: readonly Point[]): void {
    for (; this.done < points.length; this.done++) {
      const next = this.toCanvas(points[this.done]);
      if (this.done === 0) this.last = this.middle = next;
      const middle = { x: (this.last.x + next.x) / 2, y: (this.last.y + next.y) / 2 };
      this.length += Math.hypot(next.x - this.last.x, next.y - this.last.y) / this.keyWidth;
      this.stroke(this.middle, this.last, middle);
      this.last = next;
      this.middle = middle;
    }
  }

  /** Draw to the very end and let the path fade. */
  end(): void {
    this.stroke(this.middle, this.middle, this.last);
    this.canvas.classList.add("fading");
  }

  private stroke(from: Place, through: Place, to: Place): void {
    this.pen.strokeStyle = pathColour(1 - Math.exp(-this.length / COLOUR_LENGTH));
    this.pen.beginPath();
    this.pen.moveTo(from.x, from.y);
    this.pen.quadraticCurveTo(through.x, through.y, to.x, to.y);
    this.pen.stroke();
  }
}
