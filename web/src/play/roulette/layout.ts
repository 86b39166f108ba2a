/**
 * The betting table of European roulette as data: every spot, what it covers and where it lies.
 *
 * Places are in cells of the horizontal table: x 0..14 (zero, twelve columns of numbers, the 2:1 column), y 0..5 (three
 * rows of numbers, dozens, outside bets). A number is a cell; a bet on several numbers lies on the edge between them.
 */
import type { Spot } from "../types";

export interface TableSpot extends Spot {
  key: string;
  /** Pockets that win. */
  covers: number[];
  /** Centre, and size for those that are cells; edge spots have no size of their own. */
  x: number;
  y: number;
  w?: number;
  h?: number;
}

export const WHEEL = [
  0, 32, 15, 19, 4, 21, 2, 25, 17, 34, 6, 27, 13, 36, 11, 30, 8, 23, 10, 5, 24, 16, 33, 1, 20, 14, 31, 9, 22,
  18, 29, 7, 28, 12, 35, 3, 26,
] as const;

const RED: ReadonlySet<number> = new Set([1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36]);

export type Colour = "red" | "black" | "green";

export function colourOf(pocket: number): Colour {
  if (pocket === 0) return "green";
  return RED.has(pocket) ? "red" : "black";
}

export function keyOf(spot: Spot): string {
  return [spot.type, ...(spot.numbers ?? []), ...(spot.index ? [`#${spot.index}`] : [])].join("-");
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const POCKETS = range(1, 36);
/** Centre of a number's cell. 3, 6, 9 … lie in the top row. */
const column = (n: number) => Math.ceil(n / 3) + 0.5;
const row = (n: number) => 2.5 - ((n - 1) % 3);

function inside(type: string, numbers: number[], x: number, y: number): TableSpot {
  return { type, numbers, covers: numbers, x, y, key: keyOf({ type, numbers }) };
}

function numbersSpots(): TableSpot[] {
  const zero = { ...inside("straight", [0], 0.5, 1.5), w: 1, h: 3 };
  return [zero, ...POCKETS.map((n) => ({ ...inside("straight", [n], column(n), row(n)), w: 1, h: 1 }))];
}

function splits(): TableSpot[] {
  return [
    ...[1, 2, 3].map((n) => inside("split", [0, n], 1, row(n))),
    ...POCKETS.filter((n) => n % 3 !== 0).map((n) => inside("split", [n, n + 1], column(n), row(n) - 0.5)),
    ...POCKETS.filter((n) => n <= 33).map((n) => inside("split", [n, n + 3], column(n) + 0.5, row(n))),
  ];
}

function larger(): TableSpot[] {
  const firsts = POCKETS.filter((n) => n % 3 === 1);
  return [
    inside("street", [0, 1, 2], 1, 2),
    inside("street", [0, 2, 3], 1, 1),
    ...firsts.map((n) => inside("street", [n, n + 1, n + 2], column(n), 3)),
    inside("corner", [0, 1, 2, 3], 1, 3),
    ...POCKETS.filter((n) => n <= 32 && n % 3 !== 0).map((n) =>
      inside("corner", [n, n + 1, n + 3, n + 4], column(n) + 0.5, row(n) - 0.5),
    ),
    ...firsts.filter((n) => n <= 31).map((n) => inside("line", range(n, n + 5), column(n) + 0.5, 3)),
  ];
}

const OUTSIDE: [string, (n: number) => boolean][] = [
  ["low", (n) => n <= 18],
  ["even", (n) => n % 2 === 0],
  ["red", (n) => RED.has(n)],
  ["black", (n) => !RED.has(n)],
  ["odd", (n) => n % 2 === 1],
  ["high", (n) => n >= 19],
];

function outside(): TableSpot[] {
  const indexed = (
    type: string,
    index: number,
    covers: number[],
    x: number,
    y: number,
    w: number,
  ): TableSpot => ({
    ...{ type, index, covers, x, y, w, h: 1 },
    key: keyOf({ type, index }),
  });
  return [
    ...[1, 2, 3].map((i) =>
      indexed(
        "column",
        i,
        POCKETS.filter((n) => n % 3 === i % 3),
        13.5,
        3.5 - i,
        1,
      ),
    ),
    ...[1, 2, 3].map((i) => indexed("dozen", i, range(i * 12 - 11, i * 12), i * 4 - 1, 3.5, 4)),
    ...OUTSIDE.map(([type, wins], i) => ({
      type,
      key: type,
      covers: POCKETS.filter(wins),
      x: 2 + i * 2,
      y: 4.5,
      w: 2,
      h: 1,
    })),
  ];
}

/** Cells first, then the spots on their edges, so that an edge lies above its cells. */
export const SPOTS: readonly TableSpot[] = [...numbersSpots(), ...outside(), ...splits(), ...larger()];

export const SPOT_BY_KEY: ReadonlyMap<string, TableSpot> = new Map(SPOTS.map((spot) => [spot.key, spot]));

/** The nearest spot in a direction of the horizontal table, for the arrow keys; the same spot at the rim. */
export function neighbour(from: TableSpot, dx: number, dy: number): TableSpot {
  let best = from;
  let least = Infinity;
  for (const spot of SPOTS) {
    const ahead = (spot.x - from.x) * dx + (spot.y - from.y) * dy;
    const aside = Math.abs((spot.x - from.x) * dy) + Math.abs((spot.y - from.y) * dx);
    if (ahead <= 0.01 || aside > Math.max(ahead * 2, (dx ? from.h : from.w) ?? 0)) continue;
    const distance = ahead + aside * 3;
    if (distance < least) [best, least] = [spot, distance];
  }
  return best;
}
