/** Chips: coloured by their place in the row of values, labelled with a short amount. */
import { el, svg } from "./dom";
import { minorToDecimal } from "../money";

const COLOURS = ["#54647d", "#a3141d", "#06653f", "#17191f", "#5b2aa8", "#8a5200", "#9c1257", "#0d5c86"];

export function chipColour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? "#54647d";
}

/**
 * `500, 2` → `5`; `50, 2` → `0.5`, or `0,5` where a comma is written; `250000, 2` → `2.5k`. Whole digits only are moved,
 * nothing is rounded away.
 */
export function shortAmount(minor: number, exponent: number, locale: string): string {
  const [, comma = "."] = new Intl.NumberFormat(locale).format(0.5);
  const trim = (decimal: string) =>
    (decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal).replace(".", comma);
  const whole = 10 ** exponent;
  if (minor >= 1_000_000 * whole) return `${trim(minorToDecimal(minor, exponent + 6))}M`;
  if (minor >= 1000 * whole) return `${trim(minorToDecimal(minor, exponent + 3))}k`;
  const plain = trim(minorToDecimal(minor, exponent));
  // A thousandth of a bitcoin and less: count in millionths, or the label would not fit its chip.
  return exponent > 4 && plain.length > 5 && minor % 10 ** (exponent - 6) === 0
    ? `${trim(minorToDecimal(minor, exponent - 6))}µ`
    : plain;
}

/** The label is drawn by the style sheet: it is part of the picture, and what a chip is on or for has a name of its own. */
export function chip(label: string, colour: string): HTMLElement {
  const size = label.length > 4 ? "xs" : label.length > 3 ? "s" : label.length > 2 ? "m" : "l";
  const edge = Array.from({ length: 8 }, (_, i) =>
    svg("rect", {
      x: 42.5,
      y: 2.5,
      width: 15,
      height: 14,
      fill: "#f8fafc",
      transform: `rotate(${i * 45 + 22.5} 50 49)`,
    }),
  );
  const ring = (r: number, more: Record<string, string | number>) =>
    svg("circle", { cx: 50, cy: 49, r, ...more });
  const drawing = svg(
    "svg",
    { viewBox: "0 0 100 100", focusable: "false" },
    svg("circle", { cx: 50, cy: 52, r: 47, "fill-opacity": 0.4 }),
    ring(47, { fill: colour }),
    ...edge,
    ring(46.4, { fill: "none", stroke: "#fff", "stroke-opacity": 0.35, "stroke-width": 1.2 }),
    ring(32, {
      fill: colour,
      stroke: "#fff",
      "stroke-opacity": 0.85,
      "stroke-width": 2.2,
      "stroke-dasharray": "4 3",
    }),
  );
  return el("span", { class: `chip chip-${size}`, "data-label": label, "aria-hidden": "true" }, drawing);
}
