/** What the page and the decoder say to each other: values and the interface, nothing that runs. */

/** One place of the finger: fractions of the letter rows' area (0,0 top left), and milliseconds. */
export interface Point {
  x: number;
  y: number;
  t: number;
}

/** A letter key; its centre in fractions of the letter area. */
export interface Key {
  letter: string;
  x: number;
  y: number;
}

/**
 * A layout as the bundle gives it. It is in fractions of the letter area, which has no shape of its
 * own: whoever draws it chooses width and height.
 */
export interface Keyboard {
  name: string;
  /** BCP 47 language of the layout. */
  language: string;
  /** Distance between neighbouring keys, as a fraction of the letter area's width. */
  keyWidth: number;
  /** Distance between rows, as a fraction of the letter area's height. */
  keyHeight: number;
  keys: readonly Key[];
}

/** One word that a swipe may have meant. */
export interface Candidate {
  /** As it is shown and typed, with apostrophe and capitals. */
  word: string;
  /** Natural logarithm of an unnormalised likelihood; comparable within one n-best. */
  score: number;
  /** Calibrated probability that this is the word, 0 to 1. */
  probability: number;
  /** Read letter by letter: no word of the list, nor the user's. */
  literal: boolean;
}

/** Milliseconds that each part of a decode took in the worker. */
export interface Timings {
  features: number;
  encode: number;
  search: number;
  total: number;
}

/** Words for one swipe, best first; none where the search ended within no word. */
export interface Decoding {
  candidates: Candidate[];
  timings: Timings;
}

/** How sure the network is of every label at every frame. */
export interface Posteriors {
  /** T, the number of frames. */
  frames: number;
  /** V labels: letters, "<unk>" and "<blank>". */
  labels: readonly string[];
  /** `(T, V)` probabilities, row by row; each row adds up to 1. */
  data: Float32Array;
  /** `(T,)` where in the swipe the middle of each frame stands, in the time of its points. */
  times: Float64Array;
}

/** A prefix that the beam keeps at a frame. */
export interface Hypothesis {
  /** Letters so far. */
  prefix: string;
  /** The best word that is spelt so, if any. */
  word: string | null;
  /** Natural logarithm of the probability of being here, without the word prior. */
  score: number;
}

/** A decode with its reasons, for the view that looks inside. */
export interface Inspection extends Decoding {
  /** What the network reads by itself, without the word list. */
  greedy: string;
  /**
   * For a transducer, whose labels depend on the letters before, those that greedy reading goes
   * through: it looks at a frame once for each letter that it writes there and once more for blank,
   * and each row is the average of these.
   */
  posteriors: Posteriors;
  /** The best few prefixes after every frame, best first. */
  beam: Hypothesis[][];
}

export interface DecodeOptions {
  /** How many candidates at most; 10 if not given. */
  n?: number;
  /** The layout of the swipe; the decoder's if not given. */
  keyboard?: Keyboard;
}

/** One swipe while it is drawn; every call gets all points so far. */
export interface LiveGesture {
  /** Steady candidates, the word to show first; null where a newer call came before its turn. */
  update(points: readonly Point[]): Promise<Decoding | null>;
  /** Candidates for the whole swipe, whatever was shown before. */
  finish(points: readonly Point[]): Promise<Decoding>;
}

export type Action = "add" | "boost" | "block";

/** What a user wants of one word. */
export interface Entry {
  action: Action;
  word: string;
  /** Zipf frequency of an added word, nats of a boosted one, 0 of a blocked one. */
  amount: number;
}

/**
 * The user's own words, in the format of the command line's file. Every change counts from the next
 * decode on. All methods throw `PersonalWordsError` for a word that cannot be kept, and leave what
 * was.
 */
export interface Personal {
  readonly entries: readonly Entry[];
  /** Make a word known, written as given; `zipf` is log10 of how often it comes in 1e9 words. */
  add(word: string, zipf?: number): void;
  /** Make a word likelier by `nats`, or less likely below 0. */
  boost(word: string, nats?: number): void;
  /** Keep a word, in any case, from ever coming out. */
  block(word: string): void;
  /** Forget all that was wanted of a word; false if nothing was. */
  remove(word: string): boolean;
  /** Take a file's content in place of everything; comments and order stay. */
  load(text: string): void;
  /** The file's content. */
  text(): string;
}

/** What a bundle says of itself. */
export interface About {
  name: string;
  head: string;
  precision: string;
  /** Where the weights come from and how good they are, for people; as `bundle.json` has it. */
  facts: Readonly<Record<string, unknown>>;
  /** Bytes of the bundle's files, uncompressed as they lie. */
  sizeBytes: number;
  /** SHA-256 of `bundle.json`, hexadecimal: names this bundle exactly. */
  hash: string;
  /** Words of the list. */
  words: number;
  language: string;
  /** Search settings tuned on validation, as `bundle.json` has them. */
  decoding: Readonly<Record<string, number | boolean>>;
}

/** A bundle, opened in a worker of its own. Calls are answered in order. */
export interface Decoder {
  readonly about: About;
  /** The layouts of the bundle; the first is what `keyboard` begins as. */
  readonly keyboards: readonly Keyboard[];
  /** The layout that swipes are drawn on unless a call says otherwise. */
  keyboard: Keyboard;
  /** The letters in label order. */
  readonly alphabet: string;
  readonly personal: Personal;
  /** Rejects with `TraceError` where the points are no swipe. */
  decode(points: readonly Point[], options?: DecodeOptions): Promise<Decoding>;
  inspect(points: readonly Point[], options?: DecodeOptions): Promise<Inspection>;
  live(options?: DecodeOptions): LiveGesture;
  /** End the worker; what still waits for an answer rejects. */
  close(): void;
}

/** How far the opening is. */
export interface Progress {
  stage: "download" | "prepare";
  /** Bytes so far and in all, of the download. */
  loaded: number;
  total: number;
}

export interface OpenOptions {
  progress?: (progress: Progress) => void;
}

/**
 * `openDecoder(url, options)` of `index.ts`: url is the bundle's folder, relative to the page, such
 * as "./bundle/". Rejects with `BundleError`, whose message names the file and what was expected.
 */
export type OpenDecoder = (url: string, options?: OpenOptions) => Promise<Decoder>;
