import { resolve } from "node:path";

import { defineConfig } from "vite";

import { gameArt } from "../../art/plugin.ts";

// The game client alone, against the stand-in API of server.py on the next port.
const PORT = Number(process.env["PORT"] ?? 23000);

export default defineConfig({
  root: resolve(import.meta.dirname, "../../.."),
  plugins: [gameArt()],
  server: { port: PORT, strictPort: true, proxy: { "/play/v1": `http://127.0.0.1:${PORT + 1}` } },
});
