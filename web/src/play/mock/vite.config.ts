import { resolve } from "node:path";

import { defineConfig } from "vite";

import { gameArt } from "../../art/plugin.ts";

// The game client alone, against the stand-in API of server.py on the next port; also built, with `vite preview`.
const PORT = Number(process.env["PORT"] ?? 23000);
const root = resolve(import.meta.dirname, "../../..");
const served = { port: PORT, strictPort: true, proxy: { "/play/v1": `http://127.0.0.1:${PORT + 1}` } };

export default defineConfig({
  root,
  plugins: [gameArt()],
  server: served,
  preview: served,
  build: { assetsInlineLimit: 0, rolldownOptions: { input: resolve(root, "play.html") } },
});
