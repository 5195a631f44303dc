import { expect, test } from "vitest";
import {
  type Draft,
  EMPTY,
  edited,
  replaceWord,
  takeBack,
  writeLetter,
  writeMark,
  writeWord,
} from "../src/page/typing/draft";

type Step = (draft: Draft) => Draft;
const word =
  (text: string): Step =>
  (draft) =>
    writeWord(draft, text);
const letter =
  (text: string): Step =>
  (draft) =>
    writeLetter(draft, text);
const mark =
  (text: string): Step =>
  (draft) =>
    writeMark(draft, text);
const instead =
  (text: string): Step =>
  (draft) =>
    replaceWord(draft, text);
const back: Step = (draft) => takeBack(draft);
const backWord: Step = (draft) => takeBack(draft, true);
const caretAt =
  (caret: number): Step =>
  (draft) =>
    edited(draft, draft.text, caret);

const after = (...steps: Step[]) => steps.reduce((draft, step) => step(draft), EMPTY);

test.each<[string, Step[], string]>([
  ["a space comes between swiped words", [word("good"), word("morning")], "good morning"],
  [
    "none comes at the beginning or after a space",
    [mark(" "), word("a"), mark(" "), word("b")],
    "a b",
  ],
  ["none comes behind an opening bracket", [mark("("), word("so")], "(so"],
  ["a letter after a swiped word begins the next", [word("go"), letter("a"), letter("t")], "go at"],
  ["an apostrophe belongs to the word", [word("dog"), mark("'"), letter("s")], "dog's"],
  [
    "a full stop stands close to the word",
    [word("so"), mark(" "), mark("."), word("we")],
    "so. we",
  ],
  ["no two spaces", [word("a"), mark(" "), mark(" ")], "a "],
  ["backspace takes a swiped word", [word("one"), word("two"), back], "one "],
  ["and the one before", [word("one"), word("two"), back, back], ""],
  [
    "and a word whose candidate was changed",
    [word("one"), word("to"), instead("two"), back],
    "one ",
  ],
  ["it takes letters one by one", [word("on"), letter("a"), letter("b"), back], "on a"],
  ["but the whole word when held", [word("on"), letter("a"), letter("b"), backWord], "on "],
  ["it takes a new line by itself", [word("on"), mark("\n"), back], "on"],
  ["it leaves an empty text alone", [back, back], ""],
  ["letters that it takes may have two units", [letter("x"), letter("𝒜"), back], "x"],
  [
    "a word goes where the caret is",
    [word("one"), word("three"), caretAt(3), word("two")],
    "one two three",
  ],
])("%s", (_name, steps, text) => {
  expect(after(...steps).text).toBe(text);
});

test("another candidate replaces the last swiped word and moves the caret with it", () => {
  const draft = after(word("hallo"), word("word"), instead("world"));
  expect(draft).toMatchObject({ text: "hallo world", caret: 11 });
  expect(replaceWord(draft, "w").text).toBe("hallo w");
});

test("it does so where the caret went before it, but not once the text was edited", () => {
  const draft = after(word("one"), word("two"), caretAt(1), instead("twofold"));
  expect(draft).toMatchObject({ text: "one twofold", caret: 1 });
  const changed = edited(draft, "none twofold", 1);
  expect(replaceWord(changed, "too")).toBe(changed);
});
