/** A bundle is used only if it is whole and of a kind that is known; the error says what is not. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DESCRIPTION, descriptionFromJson, LEXICON } from "../src/decoder/bundle/description";
import { type ReadFile, readBundle } from "../src/decoder/bundle/folder";
import { BUNDLE, bytesOf, opened } from "./bundles";

type Json = Record<string, unknown>;

const CONTENT = bytesOf(join(BUNDLE, DESCRIPTION));

/** The description of the bundle that ships with something changed. */
function changed(change: (data: Json & { files: Json; decoding: Json }) => void): string {
  const data = JSON.parse(new TextDecoder().decode(CONTENT));
  change(data);
  return JSON.stringify(data);
}

/** The bundle that ships with other contents of some files; hashes fit if they shall. */
function altered(contents: Record<string, Uint8Array>, hashesFit: boolean): ReadFile {
  const description = changed(({ files }) => {
    for (const [name, content] of Object.entries(contents)) {
      const sha256 = createHash("sha256").update(content).digest("hex");
      if (hashesFit) files[name] = { size: content.length, sha256 };
    }
  });
  return async (name, came) => {
    const bytes = contents[name] ?? bytesOf(join(BUNDLE, name));
    came(bytes.length);
    return name === DESCRIPTION ? new TextEncoder().encode(description) : bytes;
  };
}

test.each<[string, (data: Json & { files: Json; decoding: Json }) => void]>([
  ["schema: expected 1, found 2; a newer glissando wrote it", (data) => (data.schema = 2)],
  ['schema: expected 1, found "1"', (data) => (data.schema = "1")],
  ["name: expected a text", (data) => delete data.name],
  ["head: expected one of rnnt, ctc, found 'tdt'", (data) => (data.head = "tdt")],
  ["labels: another order", (data) => (data.labels as string[]).reverse()],
  ["features.letters and alphabet differ", (data) => ((data.features as Json).letters = "abc")],
  ["keyboards: expected a list that is not empty", (data) => (data.keyboards = [])],
  ["decoding.width: expected 1 to 10000, found 0", ({ decoding }) => (decoding.width = 0)],
  [
    "decoding.internal_weight: expected 0 to 10, found -1",
    ({ decoding }) => (decoding.internal_weight = -1),
  ],
  ["decoding.literal: expected true or false, found 1", ({ decoding }) => (decoding.literal = 1)],
  [
    "decoding.literal_prior: expected -1000 to 1000, found -1001",
    ({ decoding }) => (decoding.literal_prior = -1001),
  ],
  [
    "decoding.literal_letter: expected -1000 to 1000, found 1001",
    ({ decoding }) => (decoding.literal_letter = 1001),
  ],
  ["decoding.temperature: expected", ({ decoding }) => delete decoding.temperature],
  [`files: missing or not expected: ${LEXICON}`, ({ files }) => delete files[LEXICON]],
  [
    "files: missing or not expected: x.bin",
    ({ files }) => (files["x.bin"] = { size: 1, sha256: "0" }),
  ],
])("%s", (complaint, change) => {
  expect(() => descriptionFromJson(changed(change), DESCRIPTION)).toThrow(
    `${DESCRIPTION}: ${complaint}`,
  );
});

test("a bundle from before there was literal reading goes without it", () => {
  const old = changed(({ decoding }) => {
    for (const name of ["literal", "literal_prior", "literal_letter", "internal_weight"]) {
      delete decoding[name];
    }
  });
  expect(descriptionFromJson(old, DESCRIPTION).decoding).toMatchObject({
    internal_weight: 0,
    literal: false,
    literal_prior: -11,
    literal_letter: -2,
  });
});

test("what is no JSON is refused by the file's name", () => {
  expect(() => descriptionFromJson("<html>", DESCRIPTION)).toThrow(/^bundle\.json: /);
  expect(() => descriptionFromJson("[]", DESCRIPTION)).toThrow("expected a JSON object, found []");
});

describe("reading a folder", () => {
  const some = bytesOf(join(BUNDLE, "features.onnx"));

  test("tells how many bytes have come of how many", async () => {
    const seen: [number, number][] = [];
    const bundle = await readBundle(altered({}, true), (...now) => seen.push(now));
    await Promise.all(bundle.files.values());
    const needed = [...bundle.description.graphs, LEXICON];
    const total = needed.reduce((sum, name) => sum + bundle.description.files.get(name)!.size, 0);
    expect(seen.at(-1)).toEqual([total, total]);
    expect(bundle.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("refuses a file with a changed byte, one cut short and one that is absent", async () => {
    const touched = some.map((byte, at) => (at === 100 ? byte ^ 1 : byte));
    const one = await readBundle(altered({ "features.onnx": touched }, false));
    await expect(one.files.get("features.onnx")).rejects.toThrow(
      "features.onnx: damaged: its SHA-256 is not the one in bundle.json",
    );
    const cut = await readBundle(altered({ "features.onnx": some.subarray(1) }, false));
    await expect(cut.files.get("features.onnx")).rejects.toThrow(
      `features.onnx: expected ${some.length} bytes, found ${some.length - 1}`,
    );
    const absent: ReadFile = async (name) => {
      if (name !== DESCRIPTION) throw new Error("gone");
      return CONTENT;
    };
    await expect(opened(await readBundle(absent))).rejects.toThrow("gone");
  });
});

describe("opening a bundle that is whole but wrong", () => {
  async function openedWith(contents: Record<string, Uint8Array>) {
    return opened(await readBundle(altered(contents, true)));
  }

  test("refuses what is no graph", async () => {
    const junk = new TextEncoder().encode("not a graph");
    await expect(openedWith({ "encoder.onnx": junk })).rejects.toThrow(
      "encoder.onnx: onnxruntime cannot use the graph",
    );
  });

  test("refuses a graph in another's place", async () => {
    const features = bytesOf(join(BUNDLE, "features.onnx"));
    await expect(openedWith({ "encoder.onnx": features })).rejects.toThrow(
      "encoder.onnx: cannot be run",
    );
  });

  test("refuses a list of no words", async () => {
    const none = new TextEncoder().encode("# none\n");
    await expect(openedWith({ [LEXICON]: none })).rejects.toThrow(`${LEXICON}: has no words`);
  });
});
