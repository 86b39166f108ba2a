import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { glyphsOf, sprite, trimmed, type Glyphs } from "../../src/art/sprite";
import { SEA } from "../../src/art/themes";
import { languageFor, translator, type Bundle } from "../../src/play/i18n";
import de from "../../src/play/locales/de";
import en from "../../src/play/locales/en";
import es from "../../src/play/locales/es";
import ptBR from "../../src/play/locales/pt-BR";
import { SPOTS } from "../../src/play/roulette/layout";

const SOURCES = join(import.meta.dirname, "../../src");

function files(folder: string, wanted: RegExp, unwanted = /^$/): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => wanted.test(path) && !unwanted.test(path))
    .map((path) => readFileSync(path, "utf8"));
}

const gaps = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe.each<[string, Bundle]>([
  ["de", de],
  ["es", es],
  ["pt-BR", ptBR],
])("texts in %s", (_, bundle) => {
  test("are there for every key, with the same gaps", () => {
    expect(Object.keys(bundle).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(en))
      expect([key, gaps(bundle[key as keyof Bundle])]).toEqual([key, gaps(text)]);
  });
});

test("every text is used somewhere", () => {
  const code = files(join(SOURCES, "play"), /\.ts$/, /locales/);
  // Keys that are put together from a value: `symbol_${symbol}` and the like.
  const built = [...code.join("\n").matchAll(/`([a-z]+_)\$\{/g)].map((match) => match[1] ?? "");
  const unused = Object.keys(en).filter(
    (key) => !built.some((start) => key.startsWith(start)) && !code.some((text) => text.includes(`"${key}"`)),
  );
  expect(unused).toEqual([]);
});

test("every spot of the table has a name", () => {
  expect([...new Set(SPOTS.map((spot) => `spot_${spot.type}`))].filter((key) => !(key in en))).toEqual([]);
});

test.each([
  ["de", "de"],
  ["de-AT", "de"],
  ["pt", "pt-BR"],
  ["PT-br", "pt-BR"],
  ["fr", "en"],
  [null, "en"],
])("a wish for %s gets %s", (wish, language) => {
  expect(languageFor(wish)).toBe(language);
});

test("gaps are filled, and an unknown one stays visible", () => {
  const t = translator({ ...en, you_win: "You win {amount} {missing}" });
  expect(t("you_win", { amount: "€1" })).toBe("You win €1 {missing}");
});

describe("the art", () => {
  const path = createRequire(import.meta.url).resolve("@iconify-json/game-icons/icons.json");
  const glyphs = (JSON.parse(readFileSync(path, "utf8")) as { icons: Glyphs }).icons;
  const drawn = sprite(SEA, glyphs);

  test("has a picture for every symbol and no id twice", () => {
    const ids = [...drawn.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const name of [...Object.keys(SEA.tiles), ...Object.keys(SEA.royals)])
      expect(ids).toContain(`art-${name}`);
  });

  test("refers only to what it defines", () => {
    const used = new Set([...drawn.matchAll(/url\(#([^)]+)\)/g)].map((match) => match[1]));
    for (const id of used) expect(drawn).toContain(`id="${id}"`);
  });

  test("leaves no glyph of the package in our sources", () => {
    const bodies = glyphsOf(SEA).map((name) => / d="([^"]{40})/.exec(glyphs[name]?.body ?? "")?.[1] ?? "");
    expect(bodies.every((start) => start.length === 40)).toBe(true);
    const ours = files(SOURCES, /\.(ts|tsx|css|svg|html|json)$/);
    for (const start of bodies) expect(ours.filter((text) => text.includes(start))).toEqual([]);
  });

  test.each([
    ["M1.26.74l-.2-3.3z", "M1.5 .5l0-3.5z"],
    ["M10 10a5 5 0 011.5.5", "M10 10a5 5 0 0 1 1.5 .5"],
    ["m1e1,2 3-4h.1", "m10 2 3-4h0"],
  ])("writes %s as %s", (long, short) => {
    expect(trimmed(long)).toBe(short);
  });
});
