/** Moves through the frames of a swipe: by a slider, or by itself in about the swipe's own time. */

import { h } from "../dom";

const EXTRA = 1000; // ms: a long swipe is played faster, so that it takes at most half its time more

/** What the player shows. */
export interface Stage {
  /** `(T,)` where each frame stands, in milliseconds. */
  times: ArrayLike<number>;
  /** Milliseconds of the whole swipe. */
  duration: number;
  /** Show what the network and the beam say at a frame. */
  frame(index: number): void;
  /** Show where the finger is; null where nothing moves. */
  moment(t: number | null): void;
}

/** A button and a slider. */
export class Player {
  readonly element: HTMLElement;
  private readonly stage: Stage;
  private readonly slider: HTMLInputElement;
  private request = 0;

  constructor(stage: Stage) {
    this.stage = stage;
    const last = stage.times.length - 1;
    this.slider = h("input", {
      type: "range",
      min: 0,
      max: last,
      value: last,
      "aria-label": "Frame",
    });
    this.slider.addEventListener("input", () => this.seek(Number(this.slider.value)));
    const play = h("button", { type: "button", class: "loud", onclick: () => this.play() }, "Play");
    this.element = h("div", { class: "tools" }, play, this.slider);
    this.seek(last);
  }

  /** Stop, and look at one frame. */
  seek(frame: number): void {
    this.stop();
    this.stage.moment(null);
    this.show(frame);
  }

  play(): void {
    this.stop();
    const { times, duration } = this.stage;
    const takes = Math.min(duration, duration / 2 + EXTRA);
    let begin = 0;
    let frame = -1;
    const step = (now: number) => {
      begin ||= now;
      const t = Math.min(duration, ((now - begin) / takes) * duration);
      this.stage.moment(t);
      const before = frame;
      while (frame + 1 < times.length && times[frame + 1] <= t) frame++;
      if (frame !== before) this.show(frame);
      if (t < duration) this.request = requestAnimationFrame(step);
      else this.seek(times.length - 1);
    };
    this.request = requestAnimationFrame(step);
  }

  stop(): void {
    cancelAnimationFrame(this.request);
  }

  private show(frame: number): void {
    this.slider.value = String(frame);
    this.stage.frame(frame);
  }
}
