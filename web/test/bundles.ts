/** Bundles for tests: read from a folder, decoded by the same runtime that the page uses. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Bundle, readBundle } from "../src/decoder/bundle/folder";
import { useRuntime } from "../src/decoder/runtime/graphs";

/** The bundle that ships, or the one that the environment names. */
export const BUNDLE =
  process.env.GLISSANDO_BUNDLE ??
  join(import.meta.dirname, "../../src/glissando/pretrained/en-qwerty");

/** A file's content in a buffer of its own. */
export function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(path));
}

/** Let onnxruntime have its wasm without a server. */
export function useRuntimeOfTests(): void {
  const { resolve } = createRequire(import.meta.url);
  useRuntime(bytesOf(resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm")).buffer);
}

/** Read a bundle from a folder, ready to be opened. */
export function bundleIn(folder: string): Promise<Bundle> {
  useRuntimeOfTests();
  return readBundle(async (name) => bytesOf(join(folder, name)));
}
