/**
 * A slot's looks are data: for each symbol a glyph of `@iconify-json/game-icons` (CC-BY-3.0) and four colours.
 * The glyphs themselves are read from the package when the pages are built; none is kept here.
 */

export interface Tile {
  glyph: string;
  /** Enamel behind the glyph, centre and edge. */
  enamel: [string, string];
  /** The glyph, top and bottom. */
  metal: [string, string];
  ribbon?: string;
}

export interface Royal {
  letter: string;
  /** Top, middle and bottom of the letter. */
  colours: [string, string, string];
}

export interface Theme {
  tiles: Record<string, Tile>;
  royals: Record<string, Royal>;
}

export const SEA: Theme = {
  tiles: {
    wild: {
      glyph: "octopus",
      enamel: ["#8b46f5", "#2a0d58"],
      metal: ["#fff0b0", "#f59e0b"],
      ribbon: "WILD",
    },
    scatter: {
      glyph: "open-treasure-chest",
      enamel: ["#d0690d", "#451a03"],
      metal: ["#fff7d6", "#fbbf24"],
      ribbon: "SCATTER",
    },
    trident: { glyph: "trident", enamel: ["#0f8fb3", "#062f42"], metal: ["#fffbe0", "#f2a516"] },
    mermaid: { glyph: "mermaid", enamel: ["#d31c6c", "#500724"], metal: ["#fff1f2", "#fb7f8f"] },
    ship: { glyph: "ship-wheel", enamel: ["#2a5cf0", "#121f55"], metal: ["#fef9c3", "#eab308"] },
    pearl: { glyph: "oyster-pearl", enamel: ["#12998d", "#042f2e"], metal: ["#ffffff", "#bccbfd"] },
    anchor: { glyph: "anchor", enamel: ["#475b76", "#0f172a"], metal: ["#f4f7fb", "#9aa9bf"] },
    compass: { glyph: "compass", enamel: ["#1da14c", "#052e16"], metal: ["#fefce8", "#facc15"] },
  },
  royals: {
    A: { letter: "A", colours: ["#ffd5dc", "#fb5d77", "#a10f38"] },
    K: { letter: "K", colours: ["#fff1bf", "#fbb524", "#9a4a07"] },
    Q: { letter: "Q", colours: ["#eadfff", "#a383fa", "#5b21b6"] },
    J: { letter: "J", colours: ["#cffbe6", "#2fd091", "#055c43"] },
    "10": { letter: "10", colours: ["#d9ecff", "#559cfb", "#1e40af"] },
  },
};
