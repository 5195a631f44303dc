/** Which word comes next: prompts in random order, none twice before all were there or in a row. */

import { isSwiped, PROMPTS, type PromptKind } from "./prompts";

/** One word to swipe, and where it stands. */
export interface Prompt {
  /** The words of the prompt. */
  words: readonly string[];
  /** The one that is asked for now. */
  index: number;
}

/** Asks for word after word. */
export class Prompter {
  private kind: PromptKind = "sentences";
  private waiting: string[] = [];
  private prompt: Prompt = { words: [], index: 0 };

  constructor() {
    this.fresh();
  }

  get current(): Prompt {
    return this.prompt;
  }

  get word(): string {
    return this.prompt.words[this.prompt.index];
  }

  /** The whole prompt, as a manifest's `sentence`; a word by itself is none. */
  get sentence(): string {
    return this.prompt.words.length > 1 ? this.prompt.words.join(" ") : "";
  }

  /** Ask for sentences or for single words. */
  ask(kind: PromptKind): void {
    this.kind = kind;
    this.waiting = [];
    this.fresh();
  }

  /** Go on to the next word that is swiped, of this prompt or another. */
  next(): void {
    const { words, index } = this.prompt;
    const later = words.findIndex((word, at) => at > index && isSwiped(word));
    if (later < 0) this.fresh();
    else this.prompt = { words, index: later };
  }

  /** Leave this prompt for another. */
  fresh(): void {
    if (!this.waiting.length) {
      this.waiting = shuffled(PROMPTS[this.kind]);
      // The last of one round may not be the first of the next.
      if (this.waiting.at(-1) === this.prompt.words.join(" ")) this.waiting.reverse();
    }
    const words = this.waiting.pop()!.split(" ");
    this.prompt = { words, index: words.findIndex(isSwiped) };
  }
}

function shuffled(items: readonly string[]): string[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
