/** The service worker: keeps the page and the bundle, and answers from what it keeps. */

import { currentBundle, keptBundleFile } from "./bundle";

/** Written by the build (`precache.ts`): every file of the page, and a name for just this set. */
declare const PRECACHE: { version: string; files: readonly string[] };

const worker = self as unknown as ServiceWorkerGlobalScope;
const PAGE = `glissando-page-${PRECACHE.version}`;

worker.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(PAGE);
      // What has a hash in its name may come from the browser's own cache.
      await cache.addAll(
        PRECACHE.files.map((file) => new Request(file, { cache: freshness(file) })),
      );
      await currentBundle();
      await worker.skipWaiting();
    })(),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      const old = names.filter((name) => name.startsWith("glissando-page-") && name !== PAGE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const scope = new URL(worker.registration.scope);
  const ours = url.origin === scope.origin && url.pathname.startsWith(scope.pathname);
  if (request.method !== "GET" || !ours) return;
  const path = url.pathname.slice(scope.pathname.length);
  event.respondWith(answer(request, path));
});

async function answer(request: Request, path: string): Promise<Response> {
  if (path === "bundle/bundle.json") return currentBundle();
  if (path.startsWith("bundle/")) return (await keptBundleFile(path)) ?? fetch(request);
  const cache = await caches.open(PAGE);
  const kept = await cache.match(path === "" ? "index.html" : path, { ignoreSearch: true });
  return kept ?? fetch(request);
}

function freshness(file: string): RequestCache {
  return file.startsWith("assets/") ? "default" : "no-cache";
}
