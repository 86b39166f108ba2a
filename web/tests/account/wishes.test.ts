import { describe, expect, test } from "vitest";

import { commonLevels, playerIds } from "../../src/account/campaigns/wishes.ts";

describe("the stakes that all chosen games offer", () => {
  const cheap = { bet_levels: { EUR: [10, 20, 50] } };
  const dear = { bet_levels: { EUR: [20, 50, 100], JPY: [20] } };
  test.each([
    [[], "EUR", []],
    [[cheap], "EUR", [10, 20, 50]],
    [[cheap, dear], "EUR", [20, 50]],
    [[cheap, dear], "JPY", []],
  ])("%j in %s", (games, currency, levels) => {
    expect(commonLevels(games, currency)).toEqual(levels);
  });
});

test("player ids as people paste them", () => {
  expect(playerIds(" p-1, p-2;p-3\n\tp-1  ")).toEqual(["p-1", "p-2", "p-3"]);
  expect(playerIds(" \n")).toEqual([]);
});
