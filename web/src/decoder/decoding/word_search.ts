/** Frames of a swipe in, an n-best out: the beam over the list, and what is read without it. */

import type { Alphabet } from "../alphabet";
import type { BeamSettings } from "../bundle/description";
import { matchingKey } from "../lexicon/personal_file";
import type { Candidate } from "../types";
import { nBest, type Spelt } from "./ending";
import { literalScore, readLiterally } from "./literal";
import type { Frames, Scorer } from "./scorer";
import { makeSearch, type Search, type Watch } from "./search";
import type { SearchSpace } from "./space";

/** Finds the words of one swipe after another; a call must end before the next begins. */
export class WordSearch {
  private constructor(
    private readonly search: Search,
    private readonly space: SearchSpace,
    private readonly settings: BeamSettings,
    private readonly alphabet: Alphabet,
  ) {}

  static async open(
    scorer: Scorer,
    space: SearchSpace,
    settings: BeamSettings,
    alphabet: Alphabet,
  ): Promise<WordSearch> {
    const search = await makeSearch(scorer, space, settings);
    return new WordSearch(search, space, settings, alphabet);
  }

  /**
   * The `n` best words at most of one swipe's frames `(T, P or V)`, best first.
   *
   * @param blocked Keys of words (`matchingKey`) that are never read literally.
   */
  async find(
    frames: Frames,
    n: number,
    blocked: ReadonlySet<string>,
    watch?: Watch,
  ): Promise<Candidate[]> {
    const endings = await this.search.run(frames, watch);
    return nBest(this.space, this.settings, endings, n, await this.literal(blocked));
  }

  private async literal(blocked: ReadonlySet<string>): Promise<Spelt | null> {
    const { alphabet, settings } = this;
    const { table } = this.search;
    if (!table || !settings.literal) return null;
    const reading = await readLiterally(table, this.space, alphabet.blank);
    if (!reading || reading.labels.includes(alphabet.unknown)) return null;
    const word = alphabet.decode(reading.labels);
    if (blocked.has(matchingKey(word)) || !/[^']/.test(word)) return null;
    return [word, literalScore(reading, settings)];
  }
}
