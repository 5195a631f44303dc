/** How the page is built: everything beside it and relative, nothing inline, one wasm runtime. */

import { defineConfig } from "vitest/config";
import { licences } from "./licences.ts";
import { precache } from "./precache.ts";

export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the page's security policy allows no data: URLs
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: "index.html", sw: "src/page/offline/worker.ts" },
      output: {
        // A service worker keeps its name, and serves only what lies below itself.
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  plugins: [licences(), precache()],
  worker: { format: "es" },
  test: { include: ["test/**/*.test.ts"], testTimeout: 180_000, hookTimeout: 180_000 },
});
