/** Candidates for a swipe while it is drawn: asked for once a picture, and told only if not late. */

import type { Decoder, Decoding, LiveGesture, Point } from "../../decoder/types";

/** One swipe after the other; a new one silences what still comes of the one before. */
export class LiveCandidates {
  private readonly decoder: Decoder;
  private readonly show: (decoding: Decoding) => void;
  private gesture: LiveGesture | null = null;
  private frame = 0;

  constructor(decoder: Decoder, show: (decoding: Decoding) => void) {
    this.decoder = decoder;
    this.show = show;
  }

  /** The finger moved on. */
  move(points: readonly Point[]): void {
    this.gesture ??= this.decoder.live();
    const gesture = this.gesture;
    this.frame ||= requestAnimationFrame(async () => {
      this.frame = 0;
      // What fails here fails again on lift, and is said then.
      const decoding = await gesture.update(points).catch(() => null);
      if (decoding && gesture === this.gesture) this.show(decoding);
    });
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
