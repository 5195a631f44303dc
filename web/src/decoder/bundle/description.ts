/** `bundle.json`: reads and checks what a bundle holds. */

import { Alphabet } from "../alphabet";
import { BundleError, messageOf } from "../errors";
import type { Key, Keyboard } from "../types";

export const DESCRIPTION = "bundle.json";
export const LEXICON = "lexicon.txt.gz";
export const LEXICON_LICENCE = "lexicon.LICENSE";
const SCHEMA = 1;
const GRAPHS: Readonly<Record<string, readonly string[]>> = {
  rnnt: ["features.onnx", "encoder.onnx", "decoder.onnx", "joiner.onnx"],
  ctc: ["features.onnx", "encoder.onnx"],
};

/** How wide the search looks and how much the word prior counts; as in `decoding/settings.py`. */
export interface BeamSettings {
  width: number;
  threshold: number;
  max_symbols: number;
  prior_weight: number;
  internal_weight: number;
  temperature: number;
  /** Whether what the network spells without the list is a candidate, too. */
  literal: boolean;
  /** Its log prior beside those of the list's words, in nats, and what every letter adds to that. */
  literal_prior: number;
  literal_letter: number;
}

// What a bundle lacks that is older than the setting.
const DEFAULTS = { internal_weight: 0, literal: false, literal_prior: -11, literal_letter: -2 };

type Amounts = Omit<BeamSettings, "literal">;

const RANGES: Readonly<Record<keyof Amounts, readonly [number, number]>> = {
  width: [1, 10_000],
  threshold: [1e-3, 1e12],
  max_symbols: [1, 100],
  prior_weight: [0, 100],
  internal_weight: [0, 10],
  temperature: [1e-3, 1e3],
  literal_prior: [-1e3, 1e3],
  literal_letter: [-1e3, 1e3],
};

/** Size in bytes and SHA-256 of one file. */
export interface FileFacts {
  size: number;
  sha256: string;
}

/** Everything about a bundle but the contents of its files. */
export interface Description {
  name: string;
  head: string;
  precision: string;
  /** Numbers per point and points per swipe that the features graph gives. */
  features: { width: number; points: number };
  alphabet: Alphabet;
  /** The first is the default. */
  keyboards: readonly Keyboard[];
  decoding: BeamSettings;
  facts: Readonly<Record<string, unknown>>;
  files: ReadonlyMap<string, FileFacts>;
  graphs: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** Read `bundle.json`; `where` names it in errors. Throws `BundleError`. */
export function descriptionFromJson(text: string, where: string): Description {
  try {
    const data = mapping(JSON.parse(text), "bundle");
    checkSchema(data.schema);
    const description = read(data);
    check(description, data);
    return description;
  } catch (error) {
    throw new BundleError(`${where}: ${messageOf(error)}`);
  }
}

function checkSchema(schema: unknown): void {
  if (schema === SCHEMA) return;
  const advice =
    typeof schema === "number" && schema > SCHEMA ? "; a newer glissando wrote it" : "";
  throw new Error(`schema: expected ${SCHEMA}, found ${JSON.stringify(schema)}${advice}`);
}

function read(data: Json): Description {
  const features = mapping(data.features, "features");
  const head = text(data.head, "head");
  if (!Object.hasOwn(GRAPHS, head)) {
    throw new Error(`head: expected one of ${Object.keys(GRAPHS).join(", ")}, found '${head}'`);
  }
  return {
    name: text(data.name, "name"),
    head,
    precision: text(data.precision, "precision"),
    features: {
      width: list(features.names, "features.names").length,
      points: number(features.points, "features.points", 1),
    },
    alphabet: new Alphabet(
      text(data.alphabet, "alphabet"),
      list(data.labels, "labels").map((label) => text(label, "labels")),
    ),
    keyboards: list(data.keyboards, "keyboards").map(keyboard),
    decoding: settings(mapping(data.decoding, "decoding")),
    facts: mapping(data.facts, "facts"),
    files: new Map(Object.entries(mapping(data.files, "files")).map(fileFacts)),
    graphs: GRAPHS[head],
  };
}

function check({ alphabet, files, graphs }: Description, data: Json): void {
  const { letters, labels } = alphabet;
  if (labels.join() !== [...letters, "<unk>", "<blank>"].join()) {
    throw new Error("labels: another order than the letters, <unk> and <blank>");
  }
  if (mapping(data.features, "features").letters !== letters) {
    throw new Error("features.letters and alphabet differ");
  }
  const wanted = [...graphs, LEXICON, LEXICON_LICENCE];
  const missing = wanted.filter((name) => !files.has(name));
  const others = [...files.keys()].filter((name) => !wanted.includes(name));
  if (missing.length + others.length > 0) {
    throw new Error(`files: missing or not expected: ${[...missing, ...others].join(", ")}`);
  }
}

function settings(data: Json): BeamSettings {
  const given: Json = { ...DEFAULTS, ...data };
  const literal = flag(given.literal, "decoding.literal");
  const found: Record<string, number> = {};
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    found[name] = number(given[name], `decoding.${name}`, least, most);
  }
  return { ...(found as unknown as Amounts), literal };
}

function keyboard(value: unknown, at: number): Keyboard {
  const what = `keyboards[${at}]`;
  const data = mapping(value, what);
  const keys = list(data.keys, `${what}.keys`).map((entry): Key => {
    const key = mapping(entry, `${what}.keys`);
    return {
      letter: text(key.letter, `${what}.keys.letter`),
      x: number(key.x, `${what}.keys.x`),
      y: number(key.y, `${what}.keys.y`),
    };
  });
  return {
    name: text(data.name, `${what}.name`),
    language: text(data.language, `${what}.language`),
    keyWidth: number(data.key_width, `${what}.key_width`, 1e-4),
    keyHeight: number(data.key_height, `${what}.key_height`, 1e-4),
    keys,
  };
}

function fileFacts([name, value]: [string, unknown]): [string, FileFacts] {
  const data = mapping(value, `files.${name}`);
  return [
    name,
    {
      size: number(data.size, `files.${name}.size`, 0, Number.MAX_SAFE_INTEGER),
      sha256: text(data.sha256, `files.${name}.sha256`),
    },
  ];
}

function mapping(value: unknown, what: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw new Error(`${what}: expected a JSON object, found ${JSON.stringify(value)}`);
}

function list(value: unknown, what: string): unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new Error(`${what}: expected a list that is not empty, found ${JSON.stringify(value)}`);
}

function text(value: unknown, what: string): string {
  if (typeof value === "string" && value) return value;
  throw new Error(`${what}: expected a text, found ${JSON.stringify(value)}`);
}

function flag(value: unknown, what: string): boolean {
  if (typeof value === "boolean") return value;
  throw new Error(`${what}: expected true or false, found ${JSON.stringify(value)}`);
}

function number(value: unknown, what: string, least = -1e12, most = 1e12): number {
  if (typeof value === "number" && least <= value && value <= most) return value;
  throw new Error(`${what}: expected ${least} to ${most}, found ${JSON.stringify(value)}`);
}
