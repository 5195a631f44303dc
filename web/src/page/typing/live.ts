/** Candidates for a swipe while it is drawn: asked for now and then, and told only if not late. */

import type { Decoder, Decoding, LiveGesture, Point } from "../../decoder/types";

// Milliseconds between questions: the finger that lifts seldom waits for one that is under way.
const PACE = 100;

/** One swipe after the other; a new one silences what still comes of the one before. */
export class LiveCandidates {
  private readonly decoder: Decoder;
  private readonly show: (decoding: Decoding) => void;
  private gesture: LiveGesture | null = null;
  private points: readonly Point[] = [];
  private frame = 0;
  private asked = 0;

  constructor(decoder: Decoder, show: (decoding: Decoding) => void) {
    this.decoder = decoder;
    this.show = show;
  }

  /** The finger moved on. */
  move(points: readonly Point[]): void {
    this.gesture ??= this.decoder.live();
    this.points = points;
    this.frame ||= requestAnimationFrame((now) => this.ask(now));
  }

  private async ask(now: number): Promise<void> {
    const { gesture } = this;
    const isEarly = now - this.asked < PACE;
    this.frame = isEarly ? requestAnimationFrame((later) => this.ask(later)) : 0;
    if (isEarly || !gesture) return;
    this.asked = now;
    // What fails here fails again on lift, and is said then.
    const decoding = await gesture.update(this.points).catch(() => null);
    if (decoding && gesture === this.gesture) this.show(decoding);
  }

  /** The finger lifted: what the whole swipe says. */
  finish(points: readonly Point[]): Promise<Decoding> {
    const gesture = this.gesture ?? this.decoder.live();
    this.drop();
    return gesture.finish(points);
  }

  /** Nothing more of this swipe. */
  drop(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.gesture = null;
  }
}
