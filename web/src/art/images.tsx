/**
 * Vite plugin: the games' pictures as files of their own, `games/<game>/<shape>.svg`, for operators' lobbies. They are
 * the covers of our demo casino, drawn while the pages are built; the API's list of games names their addresses.
 */
import { renderToStaticMarkup } from "react-dom/server";
import type { Plugin } from "vite";

import { BlackjackCover } from "../casino/covers/BlackjackCover.tsx";
import { RouletteCover } from "../casino/covers/RouletteCover.tsx";
import { SeaScene, TILES } from "../casino/covers/SeaScene.tsx";
import { packageFile, readGlyphs } from "./plugin.ts";
import { sprite } from "./sprite.ts";
import { SEA } from "./themes.ts";

/** Part of the 400 x 250 cover, and the size it is shown at when nothing else is said. */
const SHAPES = {
  landscape: { view: "0 0 400 250", width: 800, height: 500 },
  square: { view: "75 0 250 250", width: 500, height: 500 },
  portrait: { view: "106.25 0 187.5 250", width: 480, height: 640 },
};

// A picture within a page of others has no style sheet and loads no font: what it needs is in it.
const STYLE = `.cover-number{fill:#fff;font:700 12px system-ui,sans-serif;text-anchor:middle}.cover-rank{font:800 30px system-ui,sans-serif}`;

function font(): string {
  const bytes = packageFile("@fontsource/lilita-one/files/lilita-one-latin-400-normal.woff2").toString(
    "base64",
  );
  return `@font-face{font-family:"Lilita One";src:url(data:font/woff2;base64,${bytes})}`;
}

function tiles(): string {
  const tiles = Object.fromEntries(Object.entries(SEA.tiles).filter(([name]) => TILES.includes(name)));
  const credit = "Glyphs by the contributors of game-icons.net, CC BY 3.0";
  return `<desc>${credit}</desc>${sprite({ tiles, royals: {} }, readGlyphs())}`;
}

/** Game -> its cover, and what it needs beside the drawing. */
const COVERS: Record<string, () => { cover: string; style: string; sprite: string }> = {
  "krakens-hoard": () => ({
    cover: renderToStaticMarkup(<SeaScene />),
    style: font(),
    sprite: tiles(),
  }),
  "european-roulette": () => ({ cover: renderToStaticMarkup(<RouletteCover />), style: STYLE, sprite: "" }),
  blackjack: () => ({ cover: renderToStaticMarkup(<BlackjackCover />), style: STYLE, sprite: "" }),
};

export function gameImages(): Plugin {
  return {
    name: "game-images",
    generateBundle() {
      for (const [game, draw] of Object.entries(COVERS)) {
        const { cover, style, sprite } = draw();
        const drawn = cover.replace(/^<svg[^>]*>/, "");
        for (const [shape, { view, width, height }] of Object.entries(SHAPES)) {
          const size = `width="${String(width)}" height="${String(height)}" viewBox="${view}"`;
          this.emitFile({
            type: "asset",
            fileName: `games/${game}/${shape}.svg`,
            source: `<svg xmlns="http://www.w3.org/2000/svg" ${size}><style>${style}</style>${sprite}${drawn}\n`,
          });
        }
      }
    },
  };
}
