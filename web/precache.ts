/** A Vite plugin: tells the service worker which files the page consists of. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const WORKER = "sw.js";

/**
 * Puts `PRECACHE` into the service worker: names of all other files, and a version that changes
 * whenever one of them does.
 */
export function precache(): Plugin {
  let publicFolder = "";
  return {
    name: "glissando-precache",
    apply: "build",
    configResolved(config) {
      publicFolder = config.publicDir;
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const worker = bundle[WORKER];
        if (worker?.type !== "chunk") throw new Error(`the build made no ${WORKER}`);
        const contents = new Map<string, string | Uint8Array>();
        for (const name of readdirSync(publicFolder)) {
          contents.set(name, readFileSync(join(publicFolder, name)));
        }
        for (const [name, file] of Object.entries(bundle)) {
          if (name !== WORKER) contents.set(name, file.type === "chunk" ? file.code : file.source);
        }
        const files = [...contents.keys()].sort();
        const hash = createHash("sha256").update(worker.code);
        for (const name of files) hash.update(name).update(contents.get(name)!);
        const facts = { version: hash.digest("hex").slice(0, 16), files };
        worker.code = `const PRECACHE = ${JSON.stringify(facts)};\n${worker.code}`;
      },
    },
  };
}
