/** A decoder on its way: its keyboard is there at once, and its answers when it is. */

import { DESCRIPTION, descriptionFromJson } from "../decoder/bundle/description";
import type { DecodeOptions, Decoder, Keyboard, LiveGesture, Point } from "../decoder/types";

/** Stands in for a decoder that is still being opened, and later for the one that was. */
export class OpeningDecoder implements Decoder {
  readonly keyboards: readonly Keyboard[];
  readonly alphabet: string;
  keyboard: Keyboard;
  private opened: Decoder | null = null;

  private constructor(
    /** Settles as the opening does. */
    readonly ready: Promise<Decoder>,
    { keyboards, letters }: { keyboards: readonly Keyboard[]; letters: string },
  ) {
    this.keyboards = keyboards;
    this.keyboard = keyboards[0];
    this.alphabet = letters;
    ready.then(
      (decoder) => {
        this.opened = decoder;
      },
      () => {}, // whoever asks for something hears of it
    );
  }

  /** Begin as soon as the bundle's description is there; rejects as `ready` does. */
  static async begin(url: string, ready: Promise<Decoder>): Promise<OpeningDecoder> {
    const description = fetch(url + DESCRIPTION)
      .then((answer) => answer.text())
      .then((text) => descriptionFromJson(text, DESCRIPTION))
      .catch(() => null); // the decoder reads it, too, and says what is wrong
    const early = await description;
    if (early) return new OpeningDecoder(ready, { ...early, letters: early.alphabet.letters });
    const late = await ready;
    return new OpeningDecoder(ready, { keyboards: late.keyboards, letters: late.alphabet });
  }

  get about() {
    return this.there().about;
  }

  get personal() {
    return this.there().personal;
  }

  async decode(points: readonly Point[], options?: DecodeOptions) {
    const { ready, keyboard } = this;
    return (await ready).decode(points, { keyboard, ...options });
  }

  async inspect(points: readonly Point[], options?: DecodeOptions) {
    const { ready, keyboard } = this;
    return (await ready).inspect(points, { keyboard, ...options });
  }

  live(options?: DecodeOptions): LiveGesture {
    const { ready, keyboard } = this;
    const chosen = { keyboard, ...options };
    const begun = this.opened?.live(chosen);
    return {
      // A swipe that began before there was a decoder shows its words when it ends.
      update: async (points) => (begun ? begun.update(points) : null),
      finish: async (points) => (begun ?? (await ready).live(chosen)).finish(points),
    };
  }

  close(): void {
    this.opened?.close();
  }

  private there(): Decoder {
    if (!this.opened) throw new Error("the decoder is not open yet");
    return this.opened;
  }
}
