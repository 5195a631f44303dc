/** A Vite plugin: puts the licences of all that the page is made of beside it, as `licences.txt`. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const MODULES = "node_modules";

interface Package {
  name: string;
  version: string;
  license?: string;
  homepage?: string;
  dependencies?: Record<string, string>;
}

/** Covers what `package.json` lists under `dependencies`, and what those depend on. */
export function licences(): Plugin {
  return {
    name: "glissando-licences",
    apply: "build",
    generateBundle() {
      const source = [...packages(".")]
        .map(notice)
        .sort()
        .join(`\n${"=".repeat(72)}\n\n`);
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}

function packages(folder: string, found = new Set<string>()): Set<string> {
  for (const name of Object.keys(read(folder).dependencies ?? {})) {
    const inner = join(MODULES, name);
    if (found.has(inner)) continue;
    found.add(inner);
    packages(inner, found);
  }
  return found;
}

function notice(folder: string): string {
  const { name, version, license = "see its home", homepage = "" } = read(folder);
  const text = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice)/i.test(file))
    .map((file) => readFileSync(join(folder, file), "utf-8").trim());
  return `${[`${name} ${version}, ${license} ${homepage}`.trim(), ...text].join("\n\n")}\n`;
}

function read(folder: string): Package {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf-8"));
}
