/** Bundles for tests: read from a folder, decoded by the same runtime that the page uses. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Bundle, readBundle } from "../src/decoder/bundle/folder";
import { build, listed } from "../src/decoder/lexicon/listed";
import { GestureDecoder } from "../src/decoder/runtime/decoder";
import { startRuntime } from "../src/decoder/runtime/graphs";

/** The bundle that ships, or the one that the environment names. */
export const BUNDLE =
  process.env.GLISSANDO_BUNDLE ??
  join(import.meta.dirname, "../../src/glissando/pretrained/en-qwerty");

/** A file's content in a buffer of its own. */
export function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(path));
}

/** Open a bundle with a wasm that comes without a server. */
export function opened(bundle: Bundle): Promise<GestureDecoder> {
  const { resolve } = createRequire(import.meta.url);
  const wasm = bytesOf(resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm")).buffer;
  const words = build(bundle).then(listed);
  words.catch(() => {}); // whoever awaits it hears of it
  return GestureDecoder.open(bundle, startRuntime(wasm), words);
}

/** Read a bundle from a folder. */
export function bundleIn(folder: string): Promise<Bundle> {
  return readBundle(async (name) => bytesOf(join(folder, name)));
}
