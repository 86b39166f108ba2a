import { describe, expect, test } from "vitest";

import { bandOf } from "../../src/account/games/band.ts";
import { daysOf } from "../../src/account/games/days.ts";
import { slugOf } from "../../src/account/games/slug.ts";
import { totalsOf } from "../../src/account/totals.ts";
import type { ReportLine } from "../../src/account/types.ts";

test("money of different currencies is never added up", () => {
  const round = (currency: string, exponent: number, bet: number, win: number) => ({
    currency,
    exponent,
    bet,
    win,
    settlement: false,
  });
  expect(
    totalsOf([
      round("JPY", 0, 100, 250),
      round("EUR", 2, 20, 0),
      round("EUR", 2, 80, 120),
      round("BTC", 8, 1, 0),
    ]),
  ).toEqual([
    { currency: "BTC", exponent: 8, rounds: 1, bet: 1, win: 0 },
    { currency: "EUR", exponent: 2, rounds: 2, bet: 100, win: 120 },
    { currency: "JPY", exponent: 0, rounds: 1, bet: 100, win: 250 },
  ]);
});

test("a settlement pays what other rounds have won: it does not count twice", () => {
  const euro = { currency: "EUR", exponent: 2, bet: 0 };
  const rounds = [
    { ...euro, win: 130, settlement: true },
    { ...euro, win: 130, settlement: false },
  ];
  expect(totalsOf(rounds)).toEqual([{ currency: "EUR", exponent: 2, rounds: 1, bet: 0, win: 130 }]);
});

describe("an RTP lies in its 99 % band or not", () => {
  const line = (rtp: string | null, low: string | null, high: string | null) => ({
    rtp,
    rtp_theory: "0.961234",
    rtp_low: low,
    rtp_high: high,
  });
  test.each([
    ["0.961234", "0.940000", "0.980000", "inside"],
    ["0.940000", "0.940000", "0.980000", "inside"],
    ["0.939999", "0.940000", "0.980000", "below"],
    ["0.980001", "0.940000", "0.980000", "above"],
    ["1.042000", "0.800000", "1.122468", "inside"],
    ["0.095000", "0.800000", "1.122468", "below"],
    ["0.960000", null, null, "unknown"],
    [null, "0.940000", "0.980000", "unknown"],
  ])("%s within %s to %s: %s", (rtp, low, high, place) => {
    expect(bandOf(line(rtp, low, high)).place).toBe(place);
  });

  test("the picture keeps the order of the numbers and stays on its line", () => {
    const { picture } = bandOf(line("0.930000", "0.940000", "0.980000"));
    const order = [picture?.actual, picture?.low, picture?.theory, picture?.high];
    expect([...order].sort((a, b) => Number(a) - Number(b))).toEqual(order);
    expect(Math.min(...order.map(Number))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...order.map(Number))).toBeLessThanOrEqual(100);
  });
});

describe("a report by day becomes a line of days", () => {
  const line = (day: string, currency: string, game: string, bets: number, wins: number): ReportLine => ({
    day,
    currency,
    game_id: game,
    rounds: 1,
    bets,
    wins,
    ggr: bets - wins,
    rtp: null,
    rtp_theory: null,
    rtp_low: null,
    rtp_high: null,
    hit_frequency: null,
    free_rounds_cost: 0,
    exponent: 2,
  });
  const report = [
    line("2026-03-01", "EUR", "blackjack", 500, 700),
    line("2026-02-27", "EUR", "krakens-hoard", 100, 0),
    line("2026-02-27", "EUR", "blackjack", 30, 60),
    line("2026-02-28", "USD", "blackjack", 9, 9),
  ];

  test("games of a day are added, missing days are zero, other currencies left out", () => {
    expect(daysOf(report, "EUR")).toEqual([
      { day: "2026-02-27", rounds: 2, bets: 130, wins: 60, ggr: 70 },
      { day: "2026-02-28", rounds: 0, bets: 0, wins: 0, ggr: 0 },
      { day: "2026-03-01", rounds: 1, bets: 500, wins: 700, ggr: -200 },
    ]);
  });
  test("one game alone", () => {
    expect(daysOf(report, "EUR", "krakens-hoard")).toEqual([
      { day: "2026-02-27", rounds: 1, bets: 100, wins: 0, ggr: 100 },
    ]);
  });
  test("nothing played", () => {
    expect(daysOf(report, "KWD")).toEqual([]);
  });
});

describe("the id of a game set comes from its name", () => {
  test.each([
    ["Sea adventures", [], "sea-adventures"],
    ["Großer Spaß!", [], "grosser-spass"],
    ["Año Nuevo 2027", [], "ano-nuevo-2027"],
    ["海", [], "set"],
    ["Slots", ["slots"], "slots-2"],
    ["Slots", ["slots", "slots-2"], "slots-3"],
  ])("%s with %o taken: %s", (name, taken, slug) => {
    expect(slugOf(name, taken)).toBe(slug);
  });
  test("never longer than the API allows, whatever the name", () => {
    const taken = [slugOf("x".repeat(300), [])];
    expect(slugOf("x".repeat(300), taken).length).toBeLessThanOrEqual(64);
  });
});
