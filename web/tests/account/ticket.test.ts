import { expect, test } from "vitest";

import { callsOf, telling } from "../../src/account/exchanges/calls.ts";
import { moneyOf, ticketOf } from "../../src/account/exchanges/ticket.ts";
import type { CallItem, Exchange, Round, Transaction } from "../../src/account/types.ts";

const call = (id: string, second: number, verdict = "unknown", status: number | null = 200): CallItem => ({
  exchange_id: id,
  method: "POST",
  path: "/wallet/bet",
  at: `2026-11-22T12:00:0${String(second)}.000000Z`,
  status,
  why: verdict === "accepted" ? "" : status === null ? "timeout" : "wrong_type",
  verdict,
  total_ms: 12,
});

const transaction = (kind: string, members: Partial<Transaction>): Transaction => ({
  transaction_id: `${kind}_1`,
  kind,
  state: "accepted",
  effect: "moved",
  became: "returned",
  balance_before: 100_003,
  balance_after: 100_003,
  amount: 163,
  currency: "EUR",
  reference: null,
  attempts: 1,
  first_sent_at: "2026-11-22T12:00:00Z",
  last_sent_at: "2026-11-22T12:00:00Z",
  operator_reference: null,
  calls: [],
  ...members,
});

const round = {
  round_id: "rd_1",
  state: "cancelled",
  exponent: 2,
  transactions: [
    transaction("bet", { calls: [call("ex_1", 1)] }),
    transaction("rollback", { calls: [call("ex_2", 2, "unknown", null), call("ex_3", 4, "accepted")] }),
  ],
} as Round;

const exchange: Exchange = {
  ...{ exchange_id: "ex_1", at: "2026-11-22T12:00:01.000000Z", direction: "out", call: "bet" },
  ...{
    method: "POST",
    path: "/wallet/bet",
    status: 200,
    why: "wrong_type",
    verdict: "unknown",
    total_ms: 12,
  },
  ...{
    round_id: "rd_1",
    transaction_id: "bet_1",
    player_id: "anna`s",
    finding: "CRP-TYPE-001",
    side: "yours",
  },
  findings: [
    {
      ...{ code: "CRP-TYPE-001", title: "A field has the wrong type", side: "yours", confidence: 100 },
      ...{ detail: "`balance` is text.", why: "", hint: "Send an integer.", fix: "int(balance)" },
      ...{ doc_url: "/docs/errors/CRP-TYPE-001", rules: ["CONN-03"], spans: [], layer: "L4" },
    },
  ],
  expected: '{"balance":1}',
  signatures: [],
  request: {
    url: "https://casino.example/wallet/bet",
    headers: [["webhook-signature", "***"]],
    body: '{"amount":163}',
  },
  answer: { status: 200, headers: [], body: '```\n# not a heading\n{"balance":"1000.03"}', no_answer: null },
  timing: { dns_us: null, connect_us: 800, tls_us: null, first_byte_us: 11_000, total_us: 12_345 },
  ...{ attempt: 1, session_id: "s_1", certification_id: null, rule_id: null },
};

test("a ticket says whose side, the cause, the fix, the money, the ids and the bytes", () => {
  const text = ticketOf(exchange, round, "https://croupier.example/account/exchanges/ex_1");
  expect(text).toMatch(/^## POST \/wallet\/bet: A field has the wrong type \(CRP-TYPE-001\)\n/);
  for (const line of [
    "- **Side:** operator",
    "- **Verdict:** unknown, `wrong_type`",
    "- **Money:** bet 1.63 EUR: returned; balance 1000.03 → 1000.03",
    "- **Exchange:** `ex_1` https://croupier.example/account/exchanges/ex_1",
    "- **Took:** 12.3 ms (connect 0.8 ms, first byte 11.0 ms)",
    "- **Round:** `rd_1`, cancelled",
    "- **Player:** `anna's`",
    "**Cause.** `balance` is text.",
    "**What to change.** Send an integer.",
    "Shown by `croupier certify CONN-03`",
    "webhook-signature: ***",
    "| 2026-11-22T12:00:02.000000Z | rollback | timeout | unknown | `ex_2` |",
    "| 2026-11-22T12:00:04.000000Z | rollback (2) | 200 | accepted | `ex_3` |",
  ]) {
    expect(text.split("\n")).toContain(line);
  }
});

test("what a wallet has sent cannot end its block", () => {
  const lines = ticketOf(exchange, round, "").split("\n");
  const opened = lines.indexOf("````http", lines.indexOf("### Answer"));
  expect(lines.indexOf("````", opened)).toBeGreaterThan(lines.indexOf("# not a heading"));
});

test("without an answer, a round or a cause it says what there is", () => {
  const silent: Exchange = {
    ...exchange,
    ...{ status: null, findings: [], finding: null, why: "timeout", round_id: null, transaction_id: null },
    answer: { status: null, headers: [], body: "", no_answer: "timeout" },
  };
  const text = ticketOf(silent, undefined, "");
  expect(text).toContain("## POST /wallet/bet: unknown, timeout");
  expect(text).toContain("No answer: timeout");
  expect(text).not.toContain("Money");
  expect(moneyOf(exchange, undefined)).toBeNull();
});

test("balances that the wallet has not said are not made up", () => {
  const [bet] = round.transactions;
  const quiet = {
    ...round,
    transactions: [{ ...bet, balance_before: null, balance_after: null } as Transaction],
  };
  expect(moneyOf(exchange, quiet)).toBe("bet 1.63 EUR: returned");
});

test("calls of a round in the order in which they left; the telling one is the first that went wrong", () => {
  expect(callsOf(round).map(({ call, number }) => [call.exchange_id, number])).toEqual([
    ["ex_1", 1],
    ["ex_2", 1],
    ["ex_3", 2],
  ]);
  const all = round.transactions.flatMap(({ calls }) => calls);
  expect(telling(all)?.exchange_id).toBe("ex_1");
  expect(telling(all.slice(2))?.exchange_id).toBe("ex_3");
  expect(telling([])).toBeUndefined();
});
