/** What the page uses: `openDecoder`, and the types and errors that go with it. */

import { Alphabet } from "./alphabet";
import { Client } from "./client";
import { PersonalWords } from "./lexicon/personal";
import { CANDIDATES, SteadyGesture } from "./live";
import type { Opened } from "./protocol";
import type {
  About,
  DecodeOptions,
  Decoder,
  Decoding,
  Inspection,
  Keyboard,
  LiveGesture,
  OpenOptions,
  Personal,
  Point,
} from "./types";

export { BundleError, PersonalWordsError, TraceError } from "./errors";
export type * from "./types";

/**
 * Open a bundle in a worker of its own.
 *
 * @param url The bundle's folder, relative to the page, such as "./bundle/".
 * @returns Rejects with `BundleError`, whose message names the file and what was expected.
 */
export async function openDecoder(url: string, options: OpenOptions = {}): Promise<Decoder> {
  const folder = new URL(url.endsWith("/") ? url : `${url}/`, document.baseURI).href;
  const named: WorkerOptions = { type: "module", name: folder };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), /* @vite-ignore */ named);
  const client = new Client(worker, options.progress);
  try {
    const { mailbox } = client;
    return new WorkerDecoder(client, await client.ask("open", { mailbox }));
  } catch (error) {
    client.end(new Error("the decoder did not open"));
    throw error;
  }
}

class WorkerDecoder implements Decoder {
  readonly about: About;
  readonly keyboards: readonly Keyboard[];
  readonly alphabet: string;
  readonly personal: Personal;
  keyboard: Keyboard;

  constructor(
    private readonly client: Client,
    { about, keyboards, letters, labels }: Opened,
  ) {
    this.about = about;
    this.keyboards = keyboards;
    this.keyboard = keyboards[0];
    this.alphabet = letters;
    this.personal = new PersonalWords(new Alphabet(letters, labels), (changes) => {
      client.ask("change", { changes }).catch(() => {}); // fails with the worker alone
    });
  }

  decode(points: readonly Point[], options: DecodeOptions = {}): Promise<Decoding> {
    return this.client.ask("decode", { points, ...this.filledIn(options) });
  }

  inspect(points: readonly Point[], options: DecodeOptions = {}): Promise<Inspection> {
    return this.client.ask("inspect", { points, ...this.filledIn(options) });
  }

  live(options?: DecodeOptions): LiveGesture {
    return new SteadyGesture((points, each) => this.decode(points, each), options);
  }

  close(): void {
    this.client.end(new Error("the decoder was closed"));
  }

  private filledIn({ keyboard = this.keyboard, n = CANDIDATES }: DecodeOptions) {
    return { keyboard, n };
  }
}
