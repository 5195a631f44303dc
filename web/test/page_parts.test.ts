import { expect, test } from "vitest";
import type { Keyboard } from "../src/decoder/types";
import { rowsOf } from "../src/page/inside/heatmap";
import { arrange } from "../src/page/keyboard/arrange";
import { manifest } from "../src/page/record/manifest";
import { Prompter } from "../src/page/record/prompter";
import { PROMPTS } from "../src/page/record/prompts";

const key = (letter: string, x: number, y: number) => ({ letter, x, y });
const KEYBOARD: Keyboard = {
  name: "few keys",
  language: "en",
  keyWidth: 0.1,
  keyHeight: 0.5,
  keys: [key("a", 0.05, 0.25), key("b", 0.95, 0.25), key("c", 0.25, 0.75), key("d", 0.75, 0.75)],
};

test("letters stand where the bundle says, and commands in the corners of the last row", () => {
  const { letters, left, right } = arrange(KEYBOARD);
  expect(letters.get("b")).toMatchObject({ left: 0.95 - 0.05, top: 0, width: 0.1, height: 0.5 });
  expect(left).toMatchObject({ left: 0, top: 0.5 });
  expect(left!.width).toBeLessThan(0.2);
  expect(right!.left).toBeGreaterThan(0.8);
  expect(right!.left + right!.width).toBeCloseTo(1);
});

test("a last row without room has no corners", () => {
  const full = { ...KEYBOARD, keys: [...KEYBOARD.keys, key("e", 0.1, 0.75), key("f", 0.9, 0.75)] };
  expect(arrange(full)).toMatchObject({ left: null, right: null });
});

test("rows of the heat map: letters that matter by when they do, then blank", () => {
  const data = Float32Array.from(
    [
      [0.02, 0.1, 0.0, 0.88],
      [0.02, 0.8, 0.1, 0.08],
      [0.02, 0.0, 0.9, 0.08],
    ].flat(),
  );
  const rows = rowsOf({
    frames: 3,
    labels: ["z", "b", "a", "<blank>"],
    data,
    times: new Float64Array(3),
  });
  expect(rows.map(({ label }) => label)).toEqual(["b", "a", "<blank>"]);
  expect(rows[0].values[1]).toBeCloseTo(0.8);
});

test("a manifest is JSON lines with the fields of a gesture", () => {
  const recording = {
    id: 7,
    word: "hello",
    sentence: "hello there",
    points: [{ x: 0.1, y: 0.2, t: 0 }],
    user: "me",
    keyboard: { layout: "qwerty", width: 360, height: 150 },
    read: "help",
  };
  const lines = manifest([recording, recording]).split("\n");
  expect(lines).toHaveLength(3);
  expect(JSON.parse(lines[0])).toEqual({
    word: "hello",
    points: recording.points,
    user: "me",
    sentence: "hello there",
    keyboard: recording.keyboard,
    is_err: false,
    clean: true,
    source: "glissando-demo",
  });
});

test("prompts are words of letters, none given twice, all of them asked for", () => {
  for (const prompts of Object.values(PROMPTS)) {
    expect(new Set(prompts).size).toBe(prompts.length);
    for (const prompt of prompts) expect(prompt).toMatch(/^[a-z']+( [a-z']+)*$/);
  }
  const letters = new Set([...PROMPTS.sentences.join(""), ...PROMPTS.words.join("")]);
  for (const letter of "abcdefghijklmnopqrstuvwxyz'") expect(letters).toContain(letter);
});

test("the prompter goes through every word of more than one letter, then to another prompt", () => {
  const prompter = new Prompter();
  const seen = new Set<string>();
  for (let count = 0; count < PROMPTS.sentences.length; count++) {
    const { sentence } = prompter;
    expect(seen).not.toContain(sentence);
    seen.add(sentence);
    const asked: string[] = [];
    while (prompter.sentence === sentence) {
      asked.push(prompter.word);
      prompter.next();
    }
    expect(asked).toEqual(sentence.split(" ").filter((word) => word.length > 1));
  }
  const round = PROMPTS.sentences.length;
  for (let count = 0; count < 50 * round; count++) {
    const { sentence } = prompter;
    prompter.fresh();
    expect(prompter.sentence).not.toBe(sentence); // not even from one round to the next
  }
  prompter.ask("words");
  expect(PROMPTS.words).toContain(prompter.word);
  expect(prompter.sentence).toBe("");
});
