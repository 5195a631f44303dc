/** Has the browser keep the page, its runtime and its bundle, so that it opens without a network. */

const WORKER = "./sw.js"; // beside the page, since it may serve only what lies below itself
const PATIENCE = 2000; // ms: keeping all files takes a while, and the first words go before it

/** Ask for it once the page works; a browser that cannot, or a plain-HTTP host, is no error. */
export function keepOffline(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  setTimeout(() => {
    navigator.serviceWorker.register(WORKER).catch((reason) => {
      console.info("not kept for offline use:", reason);
    });
  }, PATIENCE);
}
