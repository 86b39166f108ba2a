import { expect, test } from "vitest";

import { momentsOf, since } from "../../src/account/rounds/moments.ts";
import { shortId } from "../../src/account/parts/id-text.ts";
import type { Round, Transaction } from "../../src/account/types.ts";

const at = (time: string) => `2026-11-22T12:00:${time}Z`;

function transaction(kind: string, firstSentAt: string): Transaction {
  return {
    transaction_id: `${kind}-1`,
    kind,
    state: "accepted",
    effect: "moved",
    became: kind === "bet" ? "taken" : "paid",
    balance_before: null,
    balance_after: null,
    amount: 100,
    currency: "EUR",
    reference: null,
    attempts: 1,
    first_sent_at: firstSentAt,
    last_sent_at: firstSentAt,
    operator_reference: null,
    calls: [],
  };
}

function round(members: Partial<Round>): Round {
  return {
    round_id: "rd_1",
    player_id: "anna",
    game_id: "krakens-hoard",
    session_id: "s_1",
    state: "closed",
    bet: 100,
    win: 0,
    currency: "EUR",
    exponent: 2,
    opened_at: at("00.000"),
    closed_at: at("00.300"),
    campaign_id: null,
    settlement: false,
    game_version: "1.0.0",
    mode: "real",
    step: 1,
    transactions: [],
    timeline: [],
    ledger: [],
    steps: [],
    replay_url: "/play/?token=r",
    unit: 5,
    cause: null,
    ...members,
  };
}

const step = (action: string, time: string) => ({
  action,
  choice: null,
  cost: 0,
  draws: [],
  reveals: [],
  at: at(time),
});

const told = (whole: Round) =>
  momentsOf(whole).map((moment) =>
    moment.what === "transaction"
      ? moment.transaction.kind
      : moment.what === "outcome"
        ? `plays ${moment.step.action}`
        : moment.what,
  );

test("a spin that wins", () => {
  const spin = round({
    transactions: [transaction("win", at("00.200")), transaction("bet", at("00.010"))],
    steps: [step("bet", "00.200")], // one record of the journal holds the outcome and the win it leads to
  });
  expect(told(spin)).toEqual(["opened", "bet", "plays bet", "win", "finished"]);
});

test("a hand with a double: each action after the bet that paid for it", () => {
  const hand = round({
    transactions: [
      transaction("bet", at("00.000")),
      { ...transaction("bet", at("05.000")), transaction_id: "bet-2" },
      transaction("win", at("05.100")),
    ],
    steps: [step("bet", "00.050"), step("double", "05.090")],
    closed_at: at("05.200"),
  });
  expect(told(hand)).toEqual(["opened", "bet", "plays bet", "bet", "plays double", "win", "finished"]);
});

test("a round under way has no end yet, and a bet that never left stands at the beginning", () => {
  expect(
    told(round({ closed_at: null, transactions: [transaction("bet", "1970-01-01T00:00:00Z")] })),
  ).toEqual(["opened", "bet"]);
});

test("time since the beginning, in milliseconds", () => {
  expect(since(at("01.250"), at("00.000"))).toBe(1250);
});

test.each([
  ["visitor-42", "visitor-42"],
  ["eighteen-letters-x", "eighteen-letters-x"],
  ["rd_AZOq3k9xDCaaB8Fa8E_f-5_aeE102h6cCaB96FfCaA4C9aC", "rd_…CaA4C9aC"],
  ["0d9f1c3e-3333-4444-9999-aaaaaaaaaaaa", "0d9f…aaaaaaaa"],
])("the id %s is shown as %s", (id, shown) => {
  expect(shortId(id)).toBe(shown);
});
