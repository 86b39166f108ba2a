import { describe, expect, test } from "vitest";

import { hrefOf, placeOf, type Place } from "../../src/account/places.ts";

const read = (href: string) => {
  const { pathname, search } = new URL(href, "http://account.test");
  return placeOf(pathname, search);
};

describe("an address is a view", () => {
  test.each<[string, Place]>([
    ["/account", { page: "rounds", search: {} }],
    ["/account/", { page: "rounds", search: {} }],
    [
      "/account/rounds?player_id=anna&state=closed",
      { page: "rounds", search: { player_id: "anna", state: "closed" } },
    ],
    [
      "/account/rounds?player_id=42&game_set=sea",
      { page: "rounds", search: { player_id: "42", game_set: "sea" } },
    ],
    ["/account/rounds?from=yesterday&currency=EUR", { page: "rounds", search: { currency: "EUR" } }],
    ["/account/rounds?player_id=&colour=red", { page: "rounds", search: {} }],
    ["/account/rounds/rd_AZ-_9", { page: "round", roundId: "rd_AZ-_9" }],
    [
      "/account/games?by=game_set&from=2026-11-01",
      { page: "games", search: { by: "game_set", from: "2026-11-01" } },
    ],
    ["/account/games?by=moon&game_id=blackjack", { page: "games", search: { game_id: "blackjack" } }],
    [
      "/account/exchanges?verdict=unknown&path=%2Fbet",
      { page: "exchanges", search: { verdict: "unknown", path: "/bet" } },
    ],
    ["/account/exchanges/ex_1", { page: "exchange", exchangeId: "ex_1" }],
    ["/account/transactions/bet_1", { page: "transaction", transactionId: "bet_1" }],
    ["/account/transactions", { page: "missing" }],
    ["/account/stuck", { page: "stuck" }],
    ["/account/audit", { page: "audit" }],
    ["/account/reconciliations", { page: "reconciliations" }],
    ["/account/reconciliations/rec_1", { page: "reconciliation", reconciliationId: "rec_1" }],
    ["/account/stuck/1", { page: "missing" }],
    ["/account/login", { page: "login" }],
    ["/account/login?next=%2Faccount%2Frounds%2Frd_1", { page: "login", next: "/account/rounds/rd_1" }],
    ["/account/moon", { page: "missing" }],
    ["/account/rounds/a/b", { page: "missing" }],
    ["/account/games/blackjack", { page: "missing" }],
  ])("%s", (address, place) => {
    expect(read(address)).toEqual(place);
  });

  test.each<Place>([
    { page: "rounds", search: {} },
    { page: "rounds", search: { player_id: "a b&c=d/é?#", from: "2026-11-01", to: "2026-11-22" } },
    { page: "round", roundId: "odd/id?#%25" },
    { page: "games", search: { by: "game_set", currency: "KWD" } },
    { page: "exchanges", search: { path: "/bet" } },
    { page: "exchange", exchangeId: "ex_1" },
    { page: "transaction", transactionId: "a/b#" },
    { page: "stuck" },
    { page: "reconciliations" },
    { page: "reconciliation", reconciliationId: "rec_a/b" },
    { page: "login", next: "/account/rounds?state=closed&currency=EUR" },
  ])("%o is written and read back", (place) => {
    expect(read(hrefOf(place))).toEqual(place);
  });
});

test.each([
  "https://evil.test/",
  "//evil.test",
  "/accounts",
  "/account\\..\\",
  "javascript:alert(1)",
  "/play/",
])("signing in never leads to %s", (next) => {
  expect(read(`/account/login?next=${encodeURIComponent(next)}`)).toEqual({ page: "login" });
});
