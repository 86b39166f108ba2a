import { describe, expect, test } from "vitest";

import { Bets } from "../../src/play/roulette/bets";
import { AT_REST, fold } from "../../src/play/roulette/fold";
import { colourOf, keyOf, neighbour, SPOT_BY_KEY, SPOTS, WHEEL } from "../../src/play/roulette/layout";
import type { RouletteReveal } from "../../src/play/types";

const count = (type: string) => SPOTS.filter((spot) => spot.type === type).length;

describe("the betting table", () => {
  test.each([
    ["straight", 37],
    ["split", 60],
    ["street", 14],
    ["corner", 23],
    ["line", 11],
    ["column", 3],
    ["dozen", 3],
  ])("has every %s: %i", (type, expected) => {
    expect(count(type)).toBe(expected);
  });

  test("names no spot twice and puts no two in one place", () => {
    expect(SPOT_BY_KEY.size).toBe(SPOTS.length);
    expect(new Set(SPOTS.map((spot) => `${spot.x} ${spot.y}`)).size).toBe(SPOTS.length);
  });

  // What a bet covers follows from where it lies: the numbers whose cells touch its centre.
  test.each(
    SPOTS.filter((spot) => ["split", "corner"].includes(spot.type)).map((spot) => [spot.key, spot] as const),
  )("%s lies between its numbers", (_, spot) => {
    const touching = SPOTS.filter(
      (cell) =>
        cell.type === "straight" &&
        Math.abs(cell.x - spot.x) <= (cell.w ?? 0) / 2 + 0.01 &&
        Math.abs(cell.y - spot.y) <= (cell.h ?? 0) / 2 + 0.01,
    ).flatMap((cell) => cell.covers);
    // The corner of the first four lies at the table's edge, where only two of its cells are.
    const expected = spot.key === "corner-0-1-2-3" ? [0, 1] : spot.covers;
    expect(touching.sort((a, b) => a - b)).toEqual(expected);
  });

  test("its halves, columns and dozens cover twelve or eighteen numbers, and never the zero", () => {
    for (const spot of SPOTS.filter((each) => !each.numbers)) {
      expect(spot.covers).toHaveLength(["column", "dozen"].includes(spot.type) ? 12 : 18);
      expect(spot.covers).not.toContain(0);
    }
    expect(SPOT_BY_KEY.get("column-#1")?.covers.slice(0, 2)).toEqual([1, 4]);
    expect(SPOT_BY_KEY.get("dozen-#3")?.covers.at(-1)).toBe(36);
  });

  test("the arrow keys reach every spot", () => {
    const reached = new Set(["straight-17"]);
    const queue = [...reached];
    while (queue.length) {
      const from = SPOT_BY_KEY.get(queue.pop() ?? "");
      if (!from) continue;
      for (const [dx, dy] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const) {
        const to = neighbour(from, dx, dy).key;
        if (!reached.has(to)) queue.push(to);
        reached.add(to);
      }
    }
    expect(SPOTS.filter((spot) => !reached.has(spot.key)).map((spot) => spot.key)).toEqual([]);
  });

  test("the wheel has each pocket once, red and black in turn", () => {
    expect([...WHEEL].sort((a, b) => a - b)).toEqual(Array.from({ length: 37 }, (_, i) => i));
    const colours = WHEEL.slice(1).map(colourOf);
    expect(colours.every((colour, i) => i === 0 || colour !== colours[i - 1])).toBe(true);
  });
});

describe("chips", () => {
  const put = (...chips: [string, number][]) => {
    const bets = new Bets();
    for (const [key, amount] of chips) bets.place(key, amount);
    return bets;
  };

  test("on one spot add up, and the choice says spots as the server wants them", () => {
    const bets = put(
      ["straight-17", 100],
      ["split-5-8", 20],
      ["straight-17", 50],
      ["dozen-#2", 100],
      ["red", 40],
    );
    expect(bets.total).toBe(310);
    expect(bets.choice()).toEqual({
      bets: [
        { type: "straight", numbers: [17], amount: 150 },
        { type: "split", numbers: [5, 8], amount: 20 },
        { type: "dozen", index: 2, amount: 100 },
        { type: "red", amount: 40 },
      ],
    });
  });

  test("are undone one by one, taken from one spot, cleared and put again", () => {
    const bets = put(["red", 100], ["odd", 20], ["red", 50]);
    bets.undo();
    expect(bets.total).toBe(120);
    bets.take("red");
    expect(bets.choice().bets).toEqual([{ type: "odd", amount: 20 }]);
    bets.place("low", 40);
    bets.remember();
    bets.clear();
    expect(bets.empty).toBe(true);
    bets.repeat();
    expect(bets.total).toBe(60);
    bets.undo();
    expect(bets.total).toBe(0);
  });

  test("cannot lie where there is no spot", () => {
    expect(put(["split-1-36", 100]).empty).toBe(true);
  });

  test("of a stored round lie where they lay", () => {
    const bets = new Bets();
    bets.load([
      { type: "corner", numbers: [1, 2, 4, 5], amount: 20 },
      { type: "column", index: 3, amount: 40 },
    ]);
    expect([...bets.amounts]).toEqual([
      ["corner-1-2-4-5", 20],
      ["column-#3", 40],
    ]);
  });
});

test("folding a round gives the pocket and what each spot won", () => {
  const reveals: RouletteReveal[] = [
    { kind: "roulette_spin", pocket: 17, color: "black" },
    {
      kind: "bets_settled",
      bets: [
        { type: "straight", numbers: [17], amount: 10, win: 360 },
        { type: "red", amount: 20, win: 0 },
      ],
      win: 360,
    },
  ];
  const state = reveals.reduce(fold, AT_REST);
  expect(state).toMatchObject({ pocket: 17, colour: "black", win: 360 });
  expect([...state.wins]).toEqual([
    [keyOf({ type: "straight", numbers: [17] }), 360],
    ["red", 0],
  ]);
});
