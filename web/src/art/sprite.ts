/**
 * Draws a theme as one SVG sprite: shared metal and filters once, then a `<symbol id="art-NAME">` for each picture.
 * Pages show a picture with `<svg><use href="#art-wild"/></svg>`, so no gradient id ever exists twice.
 */
import type { Royal, Theme, Tile } from "./themes.ts";

/** Glyph bodies by name, as in the icon package: paths on a 512 x 512 field, filled with `currentColor`. */
export type Glyphs = Record<string, { body: string } | undefined>;

const NUMBER = /[\s,]*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/y;
const FLAG = /[\s,]*([01])/y;

/** The numbers of one path command. An arc's two flags need no space behind them, so they are read one digit each. */
function parameters(command: string, text: string): number[] {
  const found: number[] = [];
  for (let at = 0; ;) {
    const pattern = command.toLowerCase() === "a" && [3, 4].includes(found.length % 7) ? FLAG : NUMBER;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return found;
    found.push(Number(match[1]));
    at = pattern.lastIndex;
  }
}

/** Path data in half units of the 512-unit field, which is a tenth of a screen pixel on a reel. */
export function trimmed(d: string): string {
  return d.replace(/([a-df-zA-DF-Z])([^a-df-zA-DF-Z]*)/g, (_, command: string, text: string) => {
    const halves = parameters(command, text).map((n) =>
      String(Math.round(n * 2) / 2).replace(/^(-?)0\./, "$1."),
    );
    return halves.reduce((all, n, i) => all + (i > 0 && !n.startsWith("-") ? " " : "") + n, command);
  });
}

const stops = (...list: [number, string][]) =>
  list.map(([at, colour]) => `<stop offset="${at}" stop-color="${colour}"/>`).join("");

const SHARED = `<defs>
<linearGradient id="art-brass" x1="0" y1="0" x2="0" y2="1">${stops([0, "#fff6cf"], [0.35, "#d6a545"], [0.56, "#8a5a17"], [1, "#f2cf7a"])}</linearGradient>
<linearGradient id="art-glass" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".34"/><stop offset="1" stop-color="#fff" stop-opacity=".04"/></linearGradient>
<filter id="art-drop" x="-20%" y="-20%" width="140%" height="150%"><feDropShadow dx="0" dy="5" stdDeviation="4" flood-color="#000" flood-opacity=".55"/></filter>
<filter id="art-relief" x="-10%" y="-10%" width="120%" height="120%"><feGaussianBlur in="SourceAlpha" stdDeviation="6" result="soft"/><feSpecularLighting in="soft" surfaceScale="7" specularConstant=".8" specularExponent="20" lighting-color="#fff" result="shine"><fePointLight x="60" y="-160" z="340"/></feSpecularLighting><feComposite in="shine" in2="SourceAlpha" operator="in" result="lit"/><feComposite in="SourceGraphic" in2="lit" operator="arithmetic" k1="0" k2="1" k3="1" k4="0"/></filter>
</defs>`;

function ribbon(text: string): string {
  const width = text.length > 5 ? 148 : 124;
  const size = text.length > 5 ? 23 : 27;
  return `<rect x="${100 - width / 2}" y="148" width="${width}" height="35" rx="11" fill="#1a0b2e" stroke="url(#art-brass)" stroke-width="3.5"/><text x="100" y="174" text-anchor="middle" font-family="Lilita One" font-size="${size}" fill="#f6d27c" letter-spacing="1.5">${text}</text>`;
}

function tile(name: string, t: Tile, glyphs: Glyphs): string {
  const glyph = glyphs[t.glyph];
  if (!glyph) throw new Error(`no glyph ${t.glyph} for ${name}`);
  const body = glyph.body
    .replace(/fill="currentColor"/g, `fill="url(#art-metal-${name})"`)
    .replace(/ d="([^"]+)"/g, (_, d: string) => ` d="${trimmed(d)}"`);
  const y = t.ribbon ? 26 : 36;
  return `<symbol id="art-${name}" viewBox="0 0 200 200"><radialGradient id="art-enamel-${name}" cx="50%" cy="34%" r="78%">${stops([0, t.enamel[0]], [1, t.enamel[1]])}</radialGradient><linearGradient id="art-metal-${name}" x1="0" y1="0" x2="0" y2="1">${stops([0, t.metal[0]], [1, t.metal[1]])}</linearGradient>
<rect x="7" y="7" width="186" height="186" rx="36" fill="url(#art-brass)" filter="url(#art-drop)"/><rect x="16" y="16" width="168" height="168" rx="28" fill="url(#art-enamel-${name})" stroke="#000" stroke-opacity=".5" stroke-width="3"/><rect x="19" y="19" width="162" height="162" rx="26" fill="none" stroke="#fff" stroke-opacity=".16" stroke-width="2"/>
<g filter="url(#art-drop)"><svg x="36" y="${y}" width="128" height="128" viewBox="0 0 512 512"><g stroke="#2b1400" stroke-opacity=".6" stroke-width="9" paint-order="stroke" filter="url(#art-relief)">${body}</g></svg></g>
<path d="M26 52Q26 24 54 24H146Q174 24 174 52Q142 78 100 78T26 52Z" fill="url(#art-glass)"/>${t.ribbon ? ribbon(t.ribbon) : ""}</symbol>`;
}

function royal(name: string, r: Royal): string {
  const size = r.letter.length > 1 ? 142 : 172;
  const text = `x="100" y="160" text-anchor="middle" font-family="Lilita One" font-size="${size}"`;
  return `<symbol id="art-${name}" viewBox="0 0 200 200"><linearGradient id="art-metal-${name}" x1="0" y1="0" x2="0" y2="1">${stops([0.05, r.colours[0]], [0.4, r.colours[1]], [1, r.colours[2]])}</linearGradient><g filter="url(#art-drop)"><text ${text} fill="none" stroke="#140f33" stroke-width="16" stroke-linejoin="round">${r.letter}</text><text ${text} fill="url(#art-metal-${name})" stroke="#fff" stroke-opacity=".25" stroke-width="2">${r.letter}</text></g></symbol>`;
}

/** Names of the glyphs a theme needs, for the credits. */
export function glyphsOf(theme: Theme): string[] {
  return Object.values(theme.tiles).map((t) => t.glyph);
}

/** The sprite's SVG text. Put it once into the page, hidden by size and not by `display: none`. */
export function sprite(theme: Theme, glyphs: Glyphs): string {
  const tiles = Object.entries(theme.tiles).map(([name, t]) => tile(name, t, glyphs));
  const royals = Object.entries(theme.royals).map(([name, r]) => royal(name, r));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0" aria-hidden="true" focusable="false">${SHARED}${tiles.join("")}${royals.join("")}</svg>`.replace(
    />\s*\n\s*</g,
    "><",
  );
}
