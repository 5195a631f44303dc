/** Answers pass from a worker to the page through shared memory. */

import { afterEach, describe, expect, test, vi } from "vitest";
import { close, newMailbox, put, takeAll } from "../src/decoder/mailbox";

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
});
