import { describe, expect, test } from "vitest";

import { atRest, fold, payingCells, restWindow, spins } from "../../src/play/slot/fold";
import { tierOf } from "../../src/play/slot/marquee";
import type { SlotReveal, SpinReveal } from "../../src/play/types";

const WINDOW = ["A", "K", "Q", "J", "10"].map((symbol) => [symbol, "wild", "scatter"]);

function spin(more: Partial<SpinReveal> = {}): SpinReveal {
  return {
    kind: "spin",
    mode: "base",
    window: WINDOW,
    lines: [],
    scatters: null,
    multiplier: 1,
    win: 0,
    total: 0,
    free_spins_left: 0,
    ...more,
  };
}

const LINE = {
  line: 3,
  symbol: "A",
  count: 3,
  cells: [
    [0, 0],
    [1, 1],
    [2, 1],
  ] as [number, number][],
  win: 10,
};

// A round with two free spins, a retrigger and the cap, as the server tells it.
const ROUND: SlotReveal[] = [
  spin({ scatters: { cells: [[0, 2]], count: 3, win: 40 }, win: 40, total: 40 }),
  { kind: "free_spins_awarded", count: 8, left: 8 },
  spin({ mode: "free", lines: [LINE], multiplier: 3, win: 30, total: 70, free_spins_left: 7 }),
  { kind: "free_spins_awarded", count: 8, left: 15 },
  spin({ mode: "free", multiplier: 3, total: 70, free_spins_left: 14 }),
  { kind: "win_cap", win: 100_000 },
  { kind: "free_spins_ended", win: 99_960 },
];

describe("folding a slot round", () => {
  const states = ROUND.map((_, i) => ROUND.slice(0, i + 1).reduce(fold, atRest(restWindow(["A", "K"]))));

  test.each([
    [0, { mode: "base", spinWin: 40, total: 40, freeSpins: null }],
    [1, { freeSpins: { awarded: 8, left: 8, ended: false, win: 0 } }],
    [2, { mode: "free", spinWin: 30, total: 70, freeSpins: { awarded: 8, left: 7, ended: false, win: 0 } }],
    [3, { freeSpins: { awarded: 16, left: 15, ended: false, win: 0 } }],
    [4, { spinWin: 0, total: 70, freeSpins: { awarded: 16, left: 14, ended: false, win: 0 } }],
    [5, { capped: true, total: 100_000 }],
    [6, { freeSpins: { awarded: 16, left: 0, ended: true, win: 99_960 } }],
  ])("after reveal %i", (i, expected) => {
    expect(states[i]).toMatchObject(expected);
  });

  test("a viewer steps from spin to spin", () => {
    expect(spins(ROUND).map((piece) => piece.map((reveal) => reveal.kind))).toEqual([
      ["spin", "free_spins_awarded"],
      ["spin", "free_spins_awarded"],
      ["spin", "win_cap", "free_spins_ended"],
    ]);
  });
});

describe("cells that stay lit", () => {
  test("are those that pay, each once", () => {
    const other = {
      ...LINE,
      line: 4,
      cells: [
        [0, 0],
        [1, 0],
        [2, 1],
      ] as [number, number][],
    };
    expect(payingCells({ lines: [LINE, other], scatters: null })).toEqual([
      [0, 0],
      [1, 1],
      [2, 1],
      [1, 0],
    ]);
  });

  test("hold scatters only when they pay or start free spins", () => {
    const cells: [number, number][] = [[4, 2]];
    expect(payingCells({ lines: [], scatters: { cells, count: 2, win: 0 } })).toEqual([]);
    expect(payingCells({ lines: [], scatters: { cells, count: 3, win: 0 } })).toEqual(cells);
  });
});

test.each([
  [0, null],
  [9, null],
  [10, "big_win"],
  [30, "huge_win"],
  [100, "epic_win"],
])("a win of %i stakes deserves the plate %s", (times, tier) => {
  expect(tierOf(times)).toBe(tier);
});

test("the window at rest is five reels of three known symbols", () => {
  const window = restWindow(["A", "K", "wild"]);
  expect(window.map((reel) => reel.length)).toEqual([3, 3, 3, 3, 3]);
  expect(new Set(window.flat()).size).toBeGreaterThan(1);
});
