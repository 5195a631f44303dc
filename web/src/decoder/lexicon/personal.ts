/** A user's own words, boosted and blocked ones; whoever keeps them stores `text()`. */

import type { Alphabet } from "../alphabet";
import type { Action, Entry, Personal } from "../types";
import { HEADER, lineOf, linesOf, makeEntry, matchingKey, parse } from "./personal_file";

/** What a user wants of words at one moment. */
export interface PersonalChanges {
  /** Word as shown → natural logarithm of its prior; none of them is blocked. */
  added: ReadonlyMap<string, number>;
  /** `matchingKey` of a word → nats to add to the logarithm of its prior. */
  boosts: ReadonlyMap<string, number>;
  /** `matchingKey`s of the words that must never come out. */
  blocked: ReadonlySet<string>;
}

export const NO_CHANGES: PersonalChanges = {
  added: new Map(),
  boosts: new Map(),
  blocked: new Set(),
};

/** The words of one user; comments and the order of lines stay through every change. */
export class PersonalWords implements Personal {
  private lines: readonly string[] = [];
  private parsed: readonly (Entry | null)[] = [];

  /** @param changed Hears of every change after it was made. */
  constructor(
    readonly alphabet: Alphabet,
    private readonly changed: (changes: PersonalChanges) => void = () => {},
  ) {}

  get entries(): readonly Entry[] {
    return this.parsed.filter((entry) => entry !== null);
  }

  /** What counts now. */
  get changes(): PersonalChanges {
    return changesOf(this.entries);
  }

  add(word: string, zipf?: number): void {
    this.put("add", word, zipf, ["add", "block"]);
  }

  boost(word: string, nats?: number): void {
    this.put("boost", word, nats, ["boost", "block"]);
  }

  block(word: string): void {
    this.put("block", word, undefined, ["add", "boost", "block"]);
  }

  remove(word: string): boolean {
    const before = this.lines.length;
    this.edit(matchingKey(word.trim()), ["add", "boost", "block"], null);
    return this.lines.length < before;
  }

  load(text: string): void {
    this.take(linesOf(text));
  }

  text(): string {
    return this.lines.map((line) => `${line}\n`).join("");
  }

  private put(
    action: Action,
    word: string,
    amount: number | undefined,
    insteadOf: readonly Action[],
  ): void {
    const entry = makeEntry(action, word, amount, this.alphabet);
    this.edit(matchingKey(entry.word), insteadOf, entry);
  }

  /** Drop the lines of a word that say one of `gone`, and put `fresh` where the first stood. */
  private edit(key: string, gone: readonly Action[], fresh: Entry | null): void {
    const lines: string[] = [];
    let added = fresh ? [lineOf(fresh)] : [];
    this.lines.forEach((line, at) => {
      const entry = this.parsed[at];
      if (entry && matchingKey(entry.word) === key && gone.includes(entry.action)) {
        lines.push(...added);
        added = [];
      } else {
        lines.push(line);
      }
    });
    if (added.length > 0 && lines.length === 0) lines.push(...HEADER);
    this.take([...lines, ...added]);
  }

  private take(lines: readonly string[]): void {
    this.parsed = parse(lines, this.alphabet);
    this.lines = lines;
    this.changed(this.changes);
  }
}

/** What entries want together: of two numbers for one word the later, and a block above all. */
function changesOf(entries: readonly Entry[]): PersonalChanges {
  const blocked = new Set<string>();
  const latest = new Map<string, Entry>();
  const boosts = new Map<string, number>();
  for (const entry of entries) {
    const key = matchingKey(entry.word);
    if (entry.action === "block") blocked.add(key);
    if (entry.action === "add") latest.set(key, entry);
    if (entry.action === "boost") boosts.set(key, entry.amount);
  }
  const added = [...latest]
    .filter(([key]) => !blocked.has(key))
    .map(([, { word, amount }]): [string, number] => [word, (amount - 9) * Math.LN10]);
  return { added: new Map(added), boosts, blocked };
}
