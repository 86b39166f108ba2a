import { describe, expect, test } from "vitest";

import { lastDays, presetOf } from "../../src/account/filters.ts";

const NOON = Date.parse("2026-11-22T12:00:00Z");

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
