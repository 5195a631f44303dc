/** The words that a decoder knows now: the bundle's list, and what the user changed of it. */

import type { Alphabet } from "../alphabet";
import { joined, type SearchSpace, searchSpace } from "../decoding/space";
import { type ListedWords, treeOf } from "../lexicon/listed";
import { NO_CHANGES, type PersonalChanges } from "../lexicon/personal";
import { matchingKey } from "../lexicon/personal_file";

/** The list's tree, and beside it a small one that is built whenever the user's words change. */
export class Vocabulary {
  private readonly fixed: SearchSpace;
  private current: SearchSpace;
  private never: ReadonlySet<string> = NO_CHANGES.blocked;
  private listed: ReadonlyMap<string, readonly number[]> | null = null;

  constructor(
    private readonly list: ListedWords,
    private readonly alphabet: Alphabet,
  ) {
    this.fixed = searchSpace(list.trie, list.words, list.logPriors);
    this.current = this.fixed;
  }

  /** Where to search; the same object until the user's words change. */
  get space(): SearchSpace {
    return this.current;
  }

  /** Keys (`matchingKey`) of the words that must never come out. */
  get blocked(): ReadonlySet<string> {
    return this.never;
  }

  /** Take what the user wants of words from now on. */
  change(changes: PersonalChanges = NO_CHANGES): void {
    const logPriors = this.list.logPriors.slice();
    for (const [key, nats] of changes.boosts) {
      for (const at of this.places(key)) logPriors[at] += Math.min(nats, 0);
    }
    for (const key of changes.blocked) {
      for (const at of this.places(key)) logPriors[at] = -Infinity;
    }
    this.never = changes.blocked;
    const own = this.ownPriors(changes);
    const space = { ...this.fixed, logPriors };
    this.current =
      own.size === 0
        ? space
        : joined(space, this.spaceOf([...own.keys()], Float32Array.from(own.values())));
  }

  /**
   * Log priors of the words with a tree of their own: added ones, and boosted ones.
   *
   * A listed word that is boosted is in both trees, because the list's tree promises the search no
   * more than it did before; the better of its two scores counts.
   */
  private ownPriors({ added, boosts }: PersonalChanges): Map<string, number> {
    const priors = new Map(added);
    for (const [key, nats] of boosts) {
      for (const at of nats > 0 ? this.places(key) : []) {
        const word = this.list.words[at];
        if (!priors.has(word)) priors.set(word, this.list.logPriors[at]);
      }
      for (const [word, prior] of priors) {
        if (matchingKey(word) === key) priors.set(word, prior + nats);
      }
    }
    return priors;
  }

  /** Where in the list the words of a key are. */
  private places(key: string): readonly number[] {
    if (!this.listed) {
      const listed = new Map<string, number[]>();
      this.list.words.forEach((word, at) => {
        const each = matchingKey(word);
        const places = listed.get(each);
        if (places) places.push(at);
        else listed.set(each, [at]);
      });
      this.listed = listed;
    }
    return this.listed.get(key) ?? [];
  }

  private spaceOf(words: readonly string[], logPriors: Float32Array): SearchSpace {
    return searchSpace(treeOf(words, logPriors, this.alphabet), words, logPriors);
  }
}
