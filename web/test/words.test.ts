/** Word lists, spellings, the tree and the user's words say what Python's say. */

import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { Alphabet } from "../src/decoder/alphabet";
import { searchSpace, spelling } from "../src/decoder/decoding/space";
import { lexiconFromText, readLexicon } from "../src/decoder/lexicon/lexicon";
import { type ListedWords, treeOf } from "../src/decoder/lexicon/listed";
import { PackedWords } from "../src/decoder/lexicon/packed";
import { PersonalWords } from "../src/decoder/lexicon/personal";
import { spellings } from "../src/decoder/lexicon/spelling";
import { Vocabulary } from "../src/decoder/runtime/vocabulary";
import { chance } from "./random_scorers";

const LETTERS = "abcdefghijklmnopqrstuvwxyz'";
const ENGLISH = new Alphabet(LETTERS, [...LETTERS, "<unk>", "<blank>"]);

describe("a word list", () => {
  const text = "# language: en\n# licence: free\nthe\t770\n\ndon't\t600\nthe\t1\n  rare  \n";

  function read(text: string) {
    const { words, ...others } = lexiconFromText(new TextEncoder().encode(text), "list");
    return { ...others, words: words.text.split("\n") };
  }

  test("has words with priors that add up to 1; of a word that comes again the first stays", () => {
    const { language, words, logPriors } = read(text);
    expect([language, words]).toEqual(["en", ["the", "don't", "rare"]]);
    expect(logPriors.reduce((sum, each) => sum + Math.exp(each), 0)).toBeCloseTo(1, 6);
    expect(logPriors[0] - logPriors[1]).toBeCloseTo(1.7 * Math.LN10, 5);
    expect(logPriors[1] - logPriors[2]).toBeCloseTo(5.5 * Math.LN10, 5);
  });

  test.each<[string, string, string[], number]>([
    ["the usual form", "a\t100\nb\t0\n", ["a", "b"], 1],
    ["no line feed at the end", "a\t100\nb\t0", ["a", "b"], 1],
    ["feeds of another system", "a\t100\r\nb\t0\r\n", ["a", "b"], 1],
    ["fractions", "a\t1e2\nb\t 0.0 \n", ["a", "b"], 1],
    ["space around", " a \t100\n\u00a0b\u2003\t0\n\n", ["a", "b"], 1],
    ["accents and space within", "né e\t150\nb\t50\n", ["né e", "b"], 1],
    ["comments between", "# one\na\t100\n#\t7\n# language: fr\n #b\t7\nb\t0\n", ["a", "b"], 1],
    ["no weight", "a\t150\nb\t\n", ["a", "b"], 1],
    ["the same again", "a\t100\nb\t0\na\t3\nb\nA\t0\n", ["a", "b", "A"], 1],
  ])("may have %s", (_, text, words, zipf) => {
    const found = read(text);
    expect([found.language, found.words]).toEqual(["und", words]);
    expect(found.logPriors[0] - found.logPriors[1]).toBeCloseTo(zipf * Math.LN10, 5);
  });

  test("keeps many words apart, most of which begin as others do", () => {
    const words = Array.from({ length: 60_000 }, (_, at) => `${60_000 - at}`);
    const lines = [...words, ...words.toReversed()].map((word) => `${word}\t1\n`);
    expect(read(lines.join("")).words).toEqual(words);
  });

  test("is read packed and plain, and says where it is wrong", async () => {
    const plain = new TextEncoder().encode(text);
    expect((await readLexicon(gzipSync(plain), "list")).words).toHaveLength(3);
    expect((await readLexicon(plain, "list")).words).toHaveLength(3);
    const marked = new TextEncoder().encode("\ufeffthe\t1");
    expect((await readLexicon(marked, "list")).words.text).toBe("the");
    await expect(readLexicon(gzipSync(plain).subarray(0, 30), "list")).rejects.toThrow(/list: dam/);
    await expect(readLexicon(Uint8Array.of(0xff, 0x41), "list")).rejects.toThrow(/list: damaged/);
    expect(() => read("a\t-1")).toThrow("list:1: weight '-1'");
    expect(() => read("a\t1\nb\t1201\n")).toThrow("list:2: weight '1201'");
    expect(() => read(`a\t1\n${"b".repeat(101)}\t1\n`)).toThrow("list:2: too long a word");
    expect(() => read("# nothing")).toThrow("list: has no words");
  });
});

function spelt(words: readonly string[]): { spelt: string[]; entries: number[] } {
  const { ids, starts, entries } = spellings(PackedWords.of(words), ENGLISH);
  const one = (_: number, at: number) => ENGLISH.decode(ids.subarray(starts[at], starts[at + 1]));
  return { spelt: Array.from(entries, one), entries: [...entries] };
}

test("words are spelt in letters, those with an apostrophe in two ways", () => {
  expect(spelt(["Café", "don't", "NASA", "it’s", "'tis'"])).toEqual({
    spelt: ["cafe", "nasa", "tis", "don't", "dont", "it's", "its"],
    entries: [0, 2, 4, 1, 1, 3, 3],
  });
  expect(() => spelt(["naïve3"])).toThrow("'3' is not in the alphabet");
  expect(() => spelt(["--"])).toThrow("has no letters");
});

test("a spelling may be longer than its word", () => {
  const ligatures = Array.from({ length: 50 }, (_, at) => "ﬃ".repeat(1 + at));
  expect(spelt(ligatures).spelt).toEqual(ligatures.map((_, at) => "ffi".repeat(1 + at)));
  expect(() => spelt(["ﬃ".repeat(70)])).toThrow("too many letters");
});

test("an alphabet that lacks a letter spells no word with it", () => {
  const short = new Alphabet("ab", ["a", "b", "<unk>", "<blank>"]);
  expect([...spellings(PackedWords.of(["aB"]), short).ids]).toEqual([0, 1]);
  expect(() => spellings(PackedWords.of(["abc"]), short)).toThrow("'c' is not in the alphabet");
});

describe.each([1, 2, 3])("a tree of words by chance %i", (seed) => {
  const words = [
    ...new Set(
      Array.from({ length: 200 }, (_, at) =>
        Array.from(
          { length: 1 + Math.floor(5 * chance(seed, at)) },
          (_, place) => "abz'"[Math.floor(4 * chance(seed, at, place))],
        ).join(""),
      ).filter((word) => /^[abz].*[abz]$|^[abz]$/.test(word)),
    ),
  ];
  const logPriors = Float32Array.from(words, (_, at) => -5 * chance(seed, at, 99));
  const { spelt: all, entries } = spelt(words);
  const trie = treeOf(words, logPriors, ENGLISH);
  const space = searchSpace(trie, words, logPriors);

  test("has a node for every prefix and for nothing else, siblings in order", () => {
    const prefixes = new Set(
      all.flatMap((word) => Array.from(word, (_, at) => word.slice(0, at + 1))),
    );
    const found = Array.from(trie.letter, (_, node) => ENGLISH.decode(spelling(space, node)));
    expect(found.length).toBe(prefixes.size + 1);
    expect(new Set(found.slice(1))).toEqual(prefixes);
    trie.letter.forEach((_, node) => {
      const first = trie.firstChild[node];
      const children = Array.from({ length: trie.childCount[node] }, (_, at) => first + at);
      expect(children.every((child) => trie.parent[child] === node)).toBe(true);
      const letters = children.map((child) => trie.letter[child]);
      expect(letters).toEqual([...letters].sort((a, b) => a - b));
    });
  });

  test("knows the words at each node and the best of those below", () => {
    trie.letter.forEach((_, node) => {
      const prefix = ENGLISH.decode(spelling(space, node));
      const [from, to] = [trie.firstEntry[node], trie.firstEntry[node + 1]];
      const here = [...trie.entries.subarray(from, to)].sort((a, b) => a - b);
      const rows = all.map((each, row) => [each, entries[row]] as const);
      const expected = rows.filter(([each]) => each === prefix).map(([, entry]) => entry);
      expect(here).toEqual(expected.sort((a, b) => a - b));
      const below = rows.filter(([each]) => each.startsWith(prefix));
      const best = Math.max(...below.map(([, entry]) => logPriors[entry]));
      expect(trie.bestBelow[node]).toBe(best);
    });
  });
});

describe("the user's words", () => {
  test("are written as the command line writes them", () => {
    const mine = new PersonalWords(ENGLISH);
    mine.add("Gruffalo", 4);
    mine.boost("thesis", 3);
    mine.block("ducking");
    const [a, b, c, d, ...lines] = mine.text().split("\n");
    expect([a, b, c, d].every((line) => line.startsWith("#"))).toBe(true);
    expect(lines).toEqual(["add\tGruffalo\t4", "boost\tthesis\t3", "block\tducking", ""]);
  });

  test("keep comments and order, and take a word's place when it changes", () => {
    const mine = new PersonalWords(ENGLISH);
    mine.load("# mine\r\nadd one\r\n\r\nboost two -1.5\r\nblock Three\r\n");
    mine.block("ONE");
    expect(mine.remove("three")).toBe(true);
    expect(mine.remove("three")).toBe(false);
    expect(mine.text()).toBe("# mine\nblock\tONE\n\nboost two -1.5\n");
    expect(mine.entries).toEqual([
      { action: "block", word: "ONE", amount: 0 },
      { action: "boost", word: "two", amount: -1.5 },
    ]);
  });

  test("refuse what no file may say, and leave what was", () => {
    const mine = new PersonalWords(ENGLISH);
    mine.add("one");
    const before = mine.text();
    for (const [text, complaint] of [
      ["add", "line 1: expected 'add', a word and perhaps a number"],
      ["\nshout one", "line 2: expected one of add, boost, block, found 'shout'"],
      ["add one 9", "line 1: add one: expected a number from 0 to 8, found 9"],
      ["boost one 0x1", "line 1: '0x1': expected a number"],
      ["block one 1", "line 1: block takes a word only"],
      ["add 42", "line 1: word '42': '4' is not in the alphabet"],
      ["add a-b", "line 1: word 'a-b': '-' is not in the alphabet"],
      ["add -ab", "line 1: word '-ab': '-' is not part of a word"],
      [`add ${"a".repeat(49)}`, "has more than 48 letters"],
    ]) {
      expect(() => mine.load(text)).toThrow(complaint);
    }
    expect(mine.text()).toBe(before);
  });

  test("are no longer blocked when they are added or boosted", () => {
    const mine = new PersonalWords(ENGLISH);
    mine.block("one");
    mine.block("two");
    mine.add("One");
    mine.boost("TWO");
    expect(mine.changes.blocked.size).toBe(0);
    mine.block("one");
    expect(mine.changes).toMatchObject({ added: new Map(), blocked: new Set(["one"]) });
  });

  test("tell of every change", () => {
    const seen: number[] = [];
    const mine = new PersonalWords(ENGLISH, ({ added }) => seen.push(added.size));
    mine.add("one");
    mine.add("two");
    mine.block("one");
    expect(seen).toEqual([1, 2, 1]);
  });
});

describe("a vocabulary", () => {
  const words = ["apple", "Apple", "pear"];
  const logPriors = Float32Array.of(-1, -2, -3);
  const trie = treeOf(words, logPriors, ENGLISH);
  const list: ListedWords = { language: "en", words, logPriors, trie };
  const priors = (prepare: (mine: PersonalWords) => void) => {
    const mine = new PersonalWords(ENGLISH);
    prepare(mine);
    const vocabulary = new Vocabulary(list, ENGLISH);
    vocabulary.change(mine.changes);
    const { words, logPriors } = vocabulary.space;
    return words.map((word, at) => [word, logPriors[at]]);
  };

  test("blocks a word in any case", () => {
    const found = priors((mine) => mine.block("APPLE"));
    expect(found).toEqual([
      ["apple", -Infinity],
      ["Apple", -Infinity],
      ["pear", -3],
    ]);
  });

  test("makes words likelier beside the list and less likely within it", () => {
    expect(priors((mine) => mine.boost("pear", -2))).toContainEqual(["pear", -5]);
    const found = priors((mine) => mine.boost("apple", 2));
    expect(found.slice(0, 3)).toEqual(list.words.map((word, at) => [word, list.logPriors[at]]));
    expect(found.slice(3)).toEqual([
      ["apple", 1],
      ["Apple", 0],
    ]);
  });

  test("knows an added word by its frequency, boosted or not", () => {
    const found = priors((mine) => {
      mine.add("Gruffalo", 6);
      mine.boost("gruffalo", 1);
    });
    expect(found[3][0]).toBe("Gruffalo");
    expect(found[3][1]).toBeCloseTo(1 - 3 * Math.LN10, 5);
  });

  test("is as before when nothing is wanted any more", () => {
    const vocabulary = new Vocabulary(list, ENGLISH);
    const mine = new PersonalWords(ENGLISH);
    mine.add("fig");
    vocabulary.change(mine.changes);
    expect(vocabulary.space.words).toContain("fig");
    mine.remove("fig");
    vocabulary.change(mine.changes);
    expect(vocabulary.space.words).toEqual(list.words);
  });
});
