import { describe, expect, test } from "vitest";

import {
  exchangesSearch,
  lastDays,
  parseSearch,
  presetOf,
  reportSearch,
  roundsSearch,
  stringifySearch,
} from "../../src/account/filters.ts";

const NOON = Date.parse("2026-11-22T12:00:00Z");

describe("an address is a view", () => {
  test.each([
    ["?player_id=anna&state=closed", roundsSearch, { player_id: "anna", state: "closed" }],
    ["?player_id=42&game_set=sea", roundsSearch, { player_id: "42", game_set: "sea" }],
    ["?from=2026-11-01&to=2026-11-22", roundsSearch, { from: "2026-11-01", to: "2026-11-22" }],
    ["?from=yesterday&currency=EUR", roundsSearch, { currency: "EUR" }],
    ["?player_id=&colour=red", roundsSearch, {}],
    ["?by=game_set", reportSearch, { by: "game_set" }],
    ["?by=moon&game_id=blackjack", reportSearch, { game_id: "blackjack" }],
    ["?verdict=unknown&path=%2Fbet", exchangesSearch, { verdict: "unknown", path: "/bet" }],
  ])("%s", (address, read, view) => {
    expect(read(parseSearch(address))).toEqual(view);
  });

  test.each([
    [{ player_id: "a b&c", state: undefined, path: "" }, "?player_id=a+b%26c"],
    [{}, ""],
  ])("%o is written as %s and read back", (view, address) => {
    expect(stringifySearch(view)).toBe(address);
    const kept = Object.fromEntries(Object.entries(view).filter(([, value]) => Boolean(value)));
    expect(parseSearch(address)).toEqual(kept);
  });
});

describe("periods are whole UTC days", () => {
  test.each([
    [1, { from: "2026-11-22", to: "2026-11-22" }, "today"],
    [7, { from: "2026-11-16", to: "2026-11-22" }, "7d"],
    [30, { from: "2026-10-24", to: "2026-11-22" }, "30d"],
  ])("the last %i days", (days, period, preset) => {
    expect(lastDays(days, NOON)).toEqual(period);
    expect(presetOf(period, NOON, "all")).toBe(preset);
  });

  test.each([
    [{}, "all"],
    [{ from: "2026-11-01" }, "custom"],
    [{ from: "2026-11-16", to: "2026-11-21" }, "custom"],
  ])("%o is %s", (period, preset) => {
    expect(presetOf(period, NOON, "all")).toBe(preset);
  });

  test("no period means what the page says", () => {
    expect(presetOf({}, NOON, "30d")).toBe("30d");
  });
});
