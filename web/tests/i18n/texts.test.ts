import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../../src");
const LANGUAGES = ["en", "de", "es", "pt-BR"];
const PLURAL = /_(zero|one|two|few|many|other)$/;

/** Every text of a file by its path: `{"signIn.title": "Operator account"}`. */
function texts(page: string, language: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string) => {
    if (typeof value === "string") found.set(path, value);
    else
      for (const [key, inner] of Object.entries(value as object)) walk(inner, path ? `${path}.${key}` : key);
  };
  walk(JSON.parse(readFileSync(join(SRC, "i18n", `${page}.${language}.json`), "utf8")), "");
  return found;
}

function sources(folder: string): string {
  return readdirSync(join(SRC, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(join(SRC, folder, file), "utf8"))
    .join("\n");
}

/** Keys written in full, and beginnings of keys whose end is computed: t(`states.${state}`). */
function used(folder: string): { keys: Set<string>; beginnings: string[] } {
  const code = sources(folder);
  return {
    keys: new Set([...code.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1] ?? "")),
    beginnings: [...code.matchAll(/\bt\(\s*`([^`$]+)\$\{/g)].map((match) => match[1] ?? ""),
  };
}

const base = (key: string) => key.replace(PLURAL, "");
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe.each(["account", "casino"])("texts of the %s", (page) => {
  const english = texts(page, "en");

  test("every key that the code names exists", () => {
    const known = new Set([...english.keys()].map(base));
    expect([...used(page).keys].filter((key) => !known.has(key))).toEqual([]);
  });

  test("every text is used", () => {
    const { keys, beginnings } = used(page);
    const unused = [...english.keys()].filter(
      (key) => !keys.has(base(key)) && !beginnings.some((beginning) => key.startsWith(beginning)),
    );
    expect(unused).toEqual([]);
  });

  test.each(LANGUAGES)("%s has the same keys, with the plural forms of its language", (language) => {
    const plurals = new Set([...english.keys()].filter((key) => PLURAL.test(key)).map(base));
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const expected = [...english.keys()]
      .filter((key) => !PLURAL.test(key))
      .concat([...plurals].flatMap((key) => forms.map((form) => `${key}_${form}`)));
    expect([...texts(page, language).keys()].sort()).toEqual(expected.sort());
  });

  test.each(LANGUAGES)("%s fills the same holes", (language) => {
    const wanted = new Map([...english].map(([key, text]) => [base(key), holes(text)]));
    for (const [key, text] of texts(page, language)) {
      // One of something may be said without its number.
      const named = (hole: string | undefined) => !(key.endsWith("_one") && hole === "count");
      expect({ key, holes: holes(text).filter(named) }).toEqual({
        key,
        holes: wanted.get(base(key))?.filter(named),
      });
      expect(text.trim(), key).not.toBe("");
    }
  });
});
