import { resolve } from "node:path";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { gameImages } from "./src/art/images.tsx";
import { gameArt } from "./src/art/plugin.ts";

const here = import.meta.dirname;

// One page per part of the product. The platform serves all but casino.html, which the demo casino's own process serves.
const PAGES = ["index.html", "casino.html", "account.html", "play.html"];

export default defineConfig({
  root: here,
  base: "/",
  plugins: [react(), gameArt(), gameImages()],
  build: {
    outDir: resolve(here, "../src/croupier/web"),
    emptyOutDir: true,
    assetsDir: "assets",
    assetsInlineLimit: 0, // A strict Content-Security-Policy allows files, not data: addresses.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600, // kB; the charts, which load only where one is looked at
    rolldownOptions: { input: PAGES.map((page) => resolve(here, page)) },
  },
});
