import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../../src");
const css = ["tokens.css", "page.css"].map((file) => readFileSync(join(SRC, file), "utf8")).join("\n");

/** Token values of a scheme: those of :root, then what the dark scheme replaces. */
function tokens(scheme: "light" | "dark"): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, selector = "", body = ""] of css.matchAll(
    /(:root|\[data-mantine-color-scheme="dark"\])\s*\{([^}]*)\}/g,
  )) {
    if (selector !== ":root" && scheme === "light") continue;
    for (const [, name = "", value = ""] of body.matchAll(/(--[\w-]+):\s*([^;]+);/g))
      found.set(name, value.trim());
  }
  return found;
}

function colour(name: string, values: Map<string, string>): string {
  const value = values.get(name) ?? "";
  const other = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  return other ? colour(other, values) : value;
}

/** Relative luminance of #rrggbb, as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  expect(hex).toMatch(/^#[0-9a-f]{6}$/i);
  const [r, g, b] = [1, 3, 5]
    .map((place) => parseInt(hex.slice(place, place + 2), 16) / 255)
    .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = 4.5;
const LINES = 3;
const PAIRS: [string, string, number][] = [
  ["--text", "--surface", TEXT],
  ["--text", "--surface-raised", TEXT],
  ["--text-dim", "--surface", TEXT],
  ["--text-dim", "--surface-raised", TEXT],
  ["--text-dim", "--surface-sunken", TEXT],
  ["--link", "--surface-raised", TEXT],
  ["--link", "--surface-sunken", TEXT],
  ["--link", "--felt-tint", TEXT],
  ["--brass-ink", "--brass-tint", TEXT],
  ["--text", "--brass-tint", TEXT],
  ["--attention", "--attention-tint", TEXT],
  ["--danger", "--danger-tint", TEXT],
  ["--chart-text", "--surface-raised", TEXT],
  ["--chart-1", "--surface-raised", LINES],
];

describe.each(["light", "dark"] as const)("contrast, %s", (scheme) => {
  const values = tokens(scheme);
  test.each(PAIRS)("%s on %s is at least %d", (front, back, least) => {
    expect(contrast(colour(front, values), colour(back, values))).toBeGreaterThanOrEqual(least);
  });
});

test("black on white is 21 to 1", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 10);
});
