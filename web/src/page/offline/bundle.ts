/** Keeps the bundle beside the page: a newer one takes its place only when all of it is here. */

const CACHE = "glissando-bundle";
const DESCRIPTION = "bundle/bundle.json";
const PATIENCE = 3000; // ms that a network may take where there is a bundle without it

/** The description of the bundle to use: the network's if all its files came, else the one kept. */
export async function currentBundle(): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(DESCRIPTION);
  try {
    const signal = kept && AbortSignal.timeout(PATIENCE);
    const fresh = await fetch(DESCRIPTION, { cache: "no-cache", signal });
    if (!fresh.ok) return kept ?? fresh;
    const text = await fresh.clone().text();
    if (kept && text === (await kept.clone().text())) return kept;
    await takeOver(cache, text);
    await cache.put(DESCRIPTION, fresh.clone());
    return fresh;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** A file of the bundle that is kept; undefined where it is not. */
export async function keptBundleFile(path: string): Promise<Response | undefined> {
  const cache = await caches.open(CACHE);
  return cache.match(path, { ignoreSearch: true });
}

/** Fetch all files that a description lists, then put them in place of those kept before. */
async function takeOver(cache: Cache, description: string): Promise<void> {
  const { files } = JSON.parse(description) as { files: Record<string, unknown> };
  const names = Object.keys(files).map((name) => `bundle/${name}`);
  const answers = await Promise.all(names.map((name) => fetch(name, { cache: "no-cache" })));
  const missing = answers.find((answer) => !answer.ok);
  if (missing) throw new Error(`${missing.url}: ${missing.status}`);
  await Promise.all((await cache.keys()).map((request) => cache.delete(request)));
  await Promise.all(names.map((name, index) => cache.put(name, answers[index])));
}
