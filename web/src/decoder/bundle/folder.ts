/** Reads a bundle's folder over the net or from anywhere else, hash by hash. */

import { BundleError, messageOf } from "../errors";
import { DESCRIPTION, type Description, descriptionFromJson, LEXICON } from "./description";

/** Gives the bytes of one file of a folder, telling how many have come. */
export type ReadFile = (name: string, came: (bytes: number) => void) => Promise<Uint8Array>;

/** A bundle as it was read: its description and the checked bytes of what a decoder needs. */
export interface Bundle {
  description: Description;
  files: ReadonlyMap<string, Promise<Uint8Array>>;
  /** SHA-256 of `bundle.json`, which has those of all other files. */
  hash: string;
}

/**
 * Read a bundle's description and begin to read files of it; each is there, checked, when its promise
 * is. Throws `BundleError` here or there.
 *
 * @param readFile Where the files come from.
 * @param came Hears of bytes that have come and those that there are in all.
 * @param wanted Which files to read; all that a decoder needs if not given.
 */
export async function readBundle(
  readFile: ReadFile,
  came: (loaded: number, total: number) => void = () => {},
  wanted: (description: Description) => readonly string[] = ({ graphs }) => [...graphs, LEXICON],
): Promise<Bundle> {
  const content = await readFile(DESCRIPTION, () => {});
  const description = descriptionFromJson(new TextDecoder().decode(content), DESCRIPTION);
  const names = wanted(description);
  const total = names.reduce((sum, name) => sum + (description.files.get(name)?.size ?? 0), 0);
  let loaded = 0;
  const more = (bytes: number) => {
    loaded += bytes;
    came(loaded, total);
  };
  const files = new Map(names.map((name) => [name, checked(readFile, name, description, more)]));
  for (const file of files.values()) file.catch(() => {}); // whoever awaits it hears of it
  return { description, files, hash: await sha256(content) };
}

/** The files of a folder on the net. */
export function fetched(folder: string): ReadFile {
  return async (name, came) => {
    const response = await fetch(new URL(name, folder)).catch((error: unknown) => {
      throw new BundleError(`${name}: cannot be fetched: ${messageOf(error)}`);
    });
    if (!response.ok || !response.body) {
      throw new BundleError(`${name}: cannot be fetched: the server answers ${response.status}`);
    }
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const reader = response.body.getReader();
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        parts.push(part.value);
        came(part.value.length);
      }
    } catch (error) {
      throw new BundleError(`${name}: the connection broke: ${messageOf(error)}`);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  };
}

async function checked(
  readFile: ReadFile,
  name: string,
  description: Description,
  came: (bytes: number) => void,
): Promise<Uint8Array> {
  const data = await readFile(name, came);
  const facts = description.files.get(name);
  if (data.length !== facts?.size) {
    throw new BundleError(`${name}: expected ${facts?.size} bytes, found ${data.length}`);
  }
  if ((await sha256(data)) !== facts.sha256) {
    throw new BundleError(`${name}: damaged: its SHA-256 is not the one in ${DESCRIPTION}`);
  }
  return data;
}

async function sha256(data: Uint8Array): Promise<string> {
  const digest = crypto.subtle
    ? new Uint8Array(await crypto.subtle.digest("SHA-256", data as BufferSource))
    : (await import("@noble/hashes/sha2.js")).sha256(data); // a phone on plain http has no subtle
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
