/** Many words as bytes behind each other, because as many strings would take long to make. */

const NEWLINE = 0x0a;

/** W words in UTF-8, none twice, a line feed behind each. */
export class PackedWords {
  constructor(
    readonly bytes: Uint8Array,
    /** `(W + 1,)` where each word begins; the byte before is the line feed of the word before. */
    readonly starts: Int32Array,
  ) {}

  static of(words: readonly string[]): PackedWords {
    const encoded = words.map((word) => new TextEncoder().encode(word));
    const size = encoded.reduce((sum, { length }) => sum + length, 0);
    const packing = new Packing(words.length, size);
    for (const word of encoded) packing.add(word, 0, word.length);
    return packing.packed;
  }

  get length(): number {
    return this.starts.length - 1;
  }

  at(place: number): string {
    return decoded(this.bytes.subarray(this.starts[place], this.starts[place + 1] - 1));
  }

  /** All words, a line feed between two. */
  get text(): string {
    return decoded(this.bytes.subarray(0, -1));
  }
}

/** Puts words behind each other, and knows which it has. */
export class Packing {
  private readonly bytes: Uint8Array;
  private readonly starts: Int32Array;
  private readonly slots: Int32Array; // a hash table: the number of a word, from 1; 0 where none is
  private count = 0;

  /** At most so many words, and so many bytes of words. */
  constructor(mostWords: number, mostBytes: number) {
    this.bytes = new Uint8Array(mostBytes + mostWords);
    this.starts = new Int32Array(mostWords + 1);
    this.slots = new Int32Array(1 << (33 - Math.clz32(mostWords + 1)));
  }

  get packed(): PackedWords {
    const { bytes, count, starts } = this;
    return new PackedWords(bytes.subarray(0, starts[count]), starts.subarray(0, count + 1));
  }

  /** Add the word at bytes `first … end - 1`; false if it is there already. */
  add(from: Uint8Array, first: number, end: number): boolean {
    const { bytes, slots, starts } = this;
    let at = starts[this.count];
    let hash = 0x811c9dc5; // FNV-1a
    for (let place = first; place < end; place++) {
      bytes[at++] = from[place];
      hash = Math.imul(hash ^ from[place], 0x01000193);
    }
    bytes[at++] = NEWLINE;
    let slot = (hash ^ (hash >>> 15)) & (slots.length - 1);
    for (; slots[slot] > 0; slot = (slot + 1) & (slots.length - 1)) {
      if (this.equalsLast(slots[slot] - 1, at)) return false;
    }
    slots[slot] = ++this.count;
    starts[this.count] = at;
    return true;
  }

  /** Whether a word is the one that was just put behind all others and goes to `end`. */
  private equalsLast(word: number, end: number): boolean {
    const { bytes, count, starts } = this;
    const [start, last] = [starts[word], starts[count]];
    if (starts[word + 1] - start !== end - last) return false;
    for (let at = end - last - 2; at >= 0; at--) {
      if (bytes[start + at] !== bytes[last + at]) return false;
    }
    return true;
  }
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
