import { describe, expect, test } from "vitest";

import type { WireCall } from "../../src/casino/backend.ts";
import { messageOf } from "../../src/casino/messages.ts";
import { percentOf } from "../../src/percent.ts";
import { gameIn } from "../../src/casino/place.ts";
import {
  balanceOf,
  byRound,
  currencyOf,
  errorOf,
  kindOf,
  movementOf,
  roundOf,
  withCall,
} from "../../src/casino/wire.ts";

function call(
  id: number,
  path: string,
  request: unknown,
  answer: unknown = null,
  brokenBy: string | null = null,
): WireCall {
  return { id, at: id, method: "POST", path, request, status: 200, answer, ms: 3, broken_by: brokenBy };
}

describe("what a wallet call says", () => {
  const told = (seen: WireCall) => ({
    kind: kindOf(seen),
    round: roundOf(seen),
    moves: movementOf(seen),
    balance: balanceOf(seen),
    error: errorOf(seen),
  });
  test.each<[string, WireCall, ReturnType<typeof told>]>([
    [
      "a bet takes",
      call(1, "/wallet/bet", { amount: 50, round_id: "rd_1" }, { balance: 950 }),
      { kind: "bet", round: "rd_1", moves: -50, balance: 950, error: null },
    ],
    [
      "a win gives",
      call(2, "/wallet/win", { amount: 120, round_id: "rd_1" }, { balance: 1070 }),
      { kind: "win", round: "rd_1", moves: 120, balance: 1070, error: null },
    ],
    [
      "a rollback names no amount",
      call(3, "/wallet/rollback", { round_id: "rd_1" }, { balance: 1000 }),
      { kind: "rollback", round: "rd_1", moves: null, balance: 1000, error: null },
    ],
    [
      "a refusal names its code",
      call(4, "/wallet/bet", { amount: 50, round_id: "rd_2" }, { error: { code: "insufficient_funds" } }),
      { kind: "bet", round: "rd_2", moves: -50, balance: null, error: "insufficient_funds" },
    ],
    [
      "a spoilt answer is not believed",
      call(5, "/wallet/bet", { amount: 50, round_id: "rd_3" }, { balance: 5 }, "wrong_balance"),
      { kind: "bet", round: "rd_3", moves: -50, balance: null, error: null },
    ],
    [
      "a balance as text is none",
      call(6, "/wallet/balance", {}, { balance: "9.50" }),
      { kind: "balance", round: null, moves: null, balance: null, error: null },
    ],
    [
      "a page instead of JSON",
      call(7, "/wallet/win", "<html>", "<html>"),
      { kind: "win", round: null, moves: null, balance: null, error: null },
    ],
    [
      "an unknown path",
      call(8, "/wallet/dance", null),
      { kind: null, round: null, moves: null, balance: null, error: null },
    ],
  ])("%s", (_, seen, expected) => {
    expect(told(seen)).toEqual(expected);
  });

  test("the currency is the request's", () => {
    expect(currencyOf(call(1, "/wallet/bet", { currency: "KWD" }))).toBe("KWD");
  });
});

test("the wire keeps the newest first and hears nothing twice", () => {
  const heard = [2, 1, 3, 2].reduce<WireCall[]>(
    (calls, id) => withCall(calls, call(id, "/wallet/bet", null)),
    [],
  );
  expect(heard.map(({ id }) => id)).toEqual([3, 2, 1]);
});

test("it keeps the last hundred", () => {
  let calls: WireCall[] = [];
  for (let id = 1; id <= 130; id += 1) calls = withCall(calls, call(id, "/wallet/bet", null));
  expect([calls.length, calls[0]?.id, calls.at(-1)?.id]).toEqual([100, 130, 31]);
});

test("neighbours of one round stand together, calls without a round alone", () => {
  const calls = [
    call(5, "/wallet/win", { round_id: "rd_2" }),
    call(4, "/wallet/bet", { round_id: "rd_2" }),
    call(3, "/wallet/balance", {}),
    call(2, "/wallet/balance", {}),
    call(1, "/wallet/bet", { round_id: "rd_1" }),
  ];
  expect(byRound(calls).map(({ roundId, calls: of }) => [roundId, of.map(({ id }) => id)])).toEqual([
    ["rd_2", [5, 4]],
    [null, [3]],
    [null, [2]],
    ["rd_1", [1]],
  ]);
});

test.each([
  ["/", null],
  ["/g/blackjack", "blackjack"],
  ["/g/krakens-hoard/", "krakens-hoard"],
  ["/g/a%20b", "a b"],
  ["/g/", null],
  ["/g/a/b", null],
])("the address %s names the game %s", (pathname, game) => {
  expect(gameIn(pathname)).toBe(game);
});

test.each([
  [{ croupier: "close" }, "close"],
  [{ croupier: "relaunch", reason: "no_token" }, "relaunch"],
  [{ croupier: "balance", balance: 1 }, null],
  ["close", null],
  [null, null],
  [{ type: "close" }, null],
])("the message %o means %s", (data, message) => {
  expect(messageOf(data)).toBe(message);
});

test.each([
  ["0.961234", "96.12%"],
  ["0.9729999", "97.29%"],
  ["0.97", "97.00%"],
  ["1", "100.00%"],
])("an RTP of %s is never told as more: %s", (rate, text) => {
  expect(percentOf(rate, "en")).toBe(text);
});
