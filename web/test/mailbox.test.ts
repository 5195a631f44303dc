/** Answers pass from a worker to the page through shared memory. */

import { afterEach, describe, expect, test, vi } from "vitest";
import { Client } from "../src/decoder/client";
import { close, newMailbox, put, takeAll } from "../src/decoder/mailbox";
import type { Numbered, Reply } from "../src/decoder/protocol";
import type { Decoding, Keyboard } from "../src/decoder/types";

afterEach(() => vi.unstubAllGlobals());

function isolated(): SharedArrayBuffer {
  vi.stubGlobal("crossOriginIsolated", true);
  return newMailbox()!;
}

describe("a mailbox", () => {
  test("gives every text that fits, in order and whole", async () => {
    const mailbox = isolated();
    const found: string[] = [];
    const taking = takeAll(mailbox, (text) => found.push(text));
    const texts = ["a", "", "naïve 🎹", "x".repeat(16_000)];
    for (const text of texts) {
      expect(put(mailbox, text)).toBe(true);
      await vi.waitFor(() => expect(found.at(-1)).toBe(text));
    }
    close(mailbox);
    await taking;
    expect(found).toEqual(texts);
  });

  test("holds one text at a time, and none that is too long or comes too late", async () => {
    const mailbox = isolated();
    expect(put(mailbox, "x".repeat(20_000))).toBe(false);
    expect(put(mailbox, "one")).toBe(true);
    expect(put(mailbox, "another")).toBe(false);
    const found: string[] = [];
    const taking = takeAll(mailbox, (text) => found.push(text));
    await vi.waitFor(() => expect(found).toEqual(["one"]));
    close(mailbox);
    await taking;
    expect(put(mailbox, "late")).toBe(false);
  });

  test("is not there where memory cannot be shared", () => {
    expect(newMailbox()).toBeNull();
    vi.stubGlobal("crossOriginIsolated", false);
    expect(newMailbox()).toBeNull();
  });

  test("brings an answer to whoever asked, with all that it says of a candidate", async () => {
    vi.stubGlobal("crossOriginIsolated", true);
    const asked: Numbered[] = [];
    const client = new Client({
      addEventListener() {},
      postMessage: (question: Numbered) => asked.push(question),
      terminate() {},
    } as unknown as Worker);
    const answer: Decoding = {
      candidates: [
        { word: "lsw", score: -9.5, probability: 0.75, literal: true },
        { word: "law", score: -9.75, probability: 0.25, literal: false },
      ],
      timings: { features: 1, encode: 2, search: 3, total: 6 },
    };
    const decoding = client.ask("decode", { points: [], keyboard: {} as Keyboard, n: 2 });
    const reply: Reply = { kind: "answer", id: asked[0].id, answer };
    expect(put(client.mailbox!, JSON.stringify(reply))).toBe(true);
    expect(await decoding).toEqual(answer);
    client.end(new Error("over"));
  });
});
