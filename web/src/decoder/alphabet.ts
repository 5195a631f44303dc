/** Letters to label ids and back, in the order that the bundle gives. */

import { WordError } from "./errors";

const APOSTROPHES = /[’‘ʼ`´]/g;

/** `word` with composed accents (NFC) and straight apostrophes: one form of what looks equal. */
export function straightened(word: string): string {
  return word.normalize("NFC").replace(APOSTROPHES, "'");
}

/** The letters of a language and where the other labels are among them. */
export class Alphabet {
  private readonly ids: ReadonlyMap<string, number>;

  /**
   * @param letters The letters in label order.
   * @param labels Every label in id order, as `bundle.json` lists them.
   */
  constructor(
    readonly letters: string,
    readonly labels: readonly string[],
  ) {
    this.ids = new Map(Array.from(letters, (letter, id) => [letter, id]));
  }

  /** Id of the label for what is no letter. */
  get unknown(): number {
    return this.labels.indexOf("<unk>");
  }

  /** Id of blank. */
  get blank(): number {
    return this.labels.indexOf("<blank>");
  }

  /** Label id of a letter; undefined if it is none. */
  id(letter: string): number | undefined {
    return this.ids.get(letter);
  }

  /** Label ids of a spelling in letters of this alphabet. */
  encode(spelling: string): number[] {
    return Array.from(spelling, (letter) => this.ids.get(letter)!);
  }

  /** The word that label ids spell; what is no letter is left out. */
  decode(ids: Iterable<number>): string {
    return Array.from(ids, (id) => (id < this.ids.size ? this.labels[id] : "")).join("");
  }

  /**
   * A word in this alphabet's letters: lower case, straight apostrophes, without accents that the
   * alphabet lacks and without punctuation around it. Throws `WordError` where that leaves nothing,
   * or a character that has no letter.
   */
  normalise(word: string): string {
    const folded = Array.from(straightened(word).toLowerCase(), (c) => this.fold(c)).join("");
    const spelt = folded.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
    if (!spelt) throw new WordError(`word '${word}' has no letters`);
    for (const character of spelt) {
      if (!this.ids.has(character)) {
        throw new WordError(`word '${word}': '${character}' is not in the alphabet`);
      }
    }
    return spelt;
  }

  private fold(character: string): string {
    return this.ids.has(character) ? character : character.normalize("NFKD").replace(/\p{M}/gu, "");
  }
}
