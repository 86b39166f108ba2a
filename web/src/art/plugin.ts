/**
 * Vite plugin: `import sprite, { credits } from "virtual:game-art/sea"`. The pictures are drawn while the pages are
 * built, from the glyphs of the npm package `@iconify-json/game-icons`, so nothing of that package is in the sources.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Plugin } from "vite";

import { glyphsOf, sprite, type Glyphs } from "./sprite.ts";
import { SEA, type Theme } from "./themes.ts";

const PREFIX = "virtual:game-art/";
const THEMES: Record<string, Theme> = { sea: SEA };

/** Bytes of a file of an npm package. */
export function packageFile(name: string): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve(name));
}

export function readGlyphs(): Glyphs {
  const icons = packageFile("@iconify-json/game-icons/icons.json").toString("utf8");
  return (JSON.parse(icons) as { icons: Glyphs }).icons;
}

export function gameArt(): Plugin {
  return {
    name: "game-art",
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const theme = THEMES[id.slice(PREFIX.length + 1)];
      if (!theme) throw new Error(`no such theme: ${id.slice(1)}`);
      return [
        `export default ${JSON.stringify(sprite(theme, readGlyphs()))};`,
        `export const glyphs = ${JSON.stringify(glyphsOf(theme))};`,
      ].join("\n");
    },
  };
}
