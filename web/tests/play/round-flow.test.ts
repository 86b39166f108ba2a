import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { ApiError, NoAnswer, PlayApi } from "../../src/play/api";
import { Bridge, originOf, type BridgeMessage } from "../../src/play/bridge";
import { explain, verdictOf } from "../../src/play/problems";
import { piecesOf } from "../../src/play/replay";
import type { ReplayReply, Reveal } from "../../src/play/types";

type Answer = [status: number, body: unknown] | "lost";

/** Answers the calls in turn; keeps what was asked. */
function serve(...answers: Answer[]) {
  const asked: { path: string; body: unknown; authorization: string | null }[] = [];
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    asked.push({
      path,
      body: JSON.parse(String(init.body ?? "null")),
      authorization: headers.get("Authorization"),
    });
    const answer = answers[asked.length - 1] ?? "lost";
    if (answer === "lost") return Promise.reject(new TypeError("network"));
    const [status, body] = answer;
    return Promise.resolve(new Response(typeof body === "string" ? body : JSON.stringify(body), { status }));
  });
  return asked;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function settled<T>(promise: Promise<T>): Promise<T | Error> {
  const result = promise.catch((error: unknown) => error as Error);
  await vi.runAllTimersAsync();
  return result;
}

const REPLY = { round_id: "r-1", state: "closed" };

describe("a call that may have moved money", () => {
  test.each<[string, Answer[], number]>([
    ["a lost answer", ["lost", [200, REPLY]], 2],
    [
      "a gateway's page",
      [
        [502, "<html>"],
        [504, ""],
        [200, REPLY],
      ],
      3,
    ],
    [
      "an answer that is not JSON",
      [
        [200, "<html>"],
        [200, REPLY],
      ],
      2,
    ],
    [
      "a server error of ours",
      [
        [500, { code: "internal_error" }],
        [200, REPLY],
      ],
      2,
    ],
    [
      "a busy server",
      [
        [503, { code: "busy", money: "not_placed" }],
        [200, REPLY],
      ],
      2,
    ],
  ])("is repeated with the same request id after %s", async (_, answers, calls) => {
    const asked = serve(...answers);
    expect(await settled(new PlayApi().openRound("q-1", { bet: 100, mode: "base" }))).toEqual(REPLY);
    expect(asked).toHaveLength(calls);
    expect(new Set(asked.map((call) => JSON.stringify(call.body)))).toEqual(
      new Set([JSON.stringify({ request_id: "q-1", bet: 100, mode: "base" })]),
    );
  });

  test.each([
    [402, "insufficient_funds"],
    [409, "round_in_progress"],
    [424, "wallet_unknown"],
    [422, "bet_not_allowed"],
    // With a round it is that round's end, and the same request id would hear the same again.
    [503, "busy", "r-1"],
  ])("is not repeated after a clear %i %s", async (status, code, round_id?: string) => {
    const asked = serve([status, { code, money: "not_placed", round_id }]);
    const error = await settled(new PlayApi().openRound("q-1", { bet: 100 }));
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).problem).toMatchObject({ status, code });
    expect(asked).toHaveLength(1);
  });

  test("ends in doubt, not in a guess, when nothing ever comes back", async () => {
    const online: boolean[] = [];
    serve();
    const api = new PlayApi();
    api.onLine = (now) => online.push(now);
    expect(await settled(api.openRound("q-1", { bet: 100 }))).toBeInstanceOf(NoAnswer);
    expect(online).not.toContain(true);
  });
});

test("the play token goes into the header and nowhere else", async () => {
  const asked = serve([201, { play_token: "pt_secret" }], [200, {}]);
  const api = new PlayApi();
  await api.start("launch");
  await api.session();
  expect(asked.map((call) => call.authorization)).toEqual([null, "Bearer pt_secret"]);
  expect(asked[1]?.path).toBe("/play/v1/session");
});

describe("what the player is told", () => {
  test.each([
    ["insufficient_funds", 402, "not_placed", undefined, ["error_funds", "money_not_placed", "deposit"]],
    ["limit_reached", 403, "not_placed", undefined, ["error_limit", "money_not_placed", "none"]],
    ["wallet_unknown", 424, "being_checked", "r-1", ["checking", "money_being_checked", "follow"]],
    ["session_replaced", 409, "not_placed", undefined, ["error_replaced", "money_not_placed", "reload"]],
    ["unauthenticated", 401, undefined, undefined, ["error_expired", null, "reload"]],
    ["stale_action", 409, "placed", "r-1", ["error_stale", "money_placed", "resume"]],
    ["choice_not_allowed", 422, "not_placed", undefined, ["error_bad_request", "money_not_placed", "none"]],
    ["something_new", 409, "being_checked", "r-1", ["error_other", "money_being_checked", "follow"]],
  ] as const)("%s", (code, status, money, round_id, [text, sentence, remedy]) => {
    const told = explain(new ApiError({ code, status, title: "", money, round_id }));
    expect([told.text, told.money, told.remedy]).toEqual([text, sentence, remedy]);
  });

  test("no answer offers the same request again", () => {
    expect(explain(new NoAnswer())).toMatchObject({ money: "no_answer_money", remedy: "again" });
  });

  test.each([
    ["cancelled", "round_rolled_back"],
    ["declined", "round_declined"],
    ["closed", "round_accepted"],
    ["suspended", "error_suspended"],
    ["in_play", "round_undone"],
    ["rolling_back", null],
  ])("a checked round that is %s", (state, key) => {
    expect(verdictOf(state)).toBe(key);
  });
});

describe("messages to the page around the game", () => {
  function page(referrer: string) {
    const sent: [unknown, string][] = [];
    const parent = { postMessage: (message: unknown, origin: string) => sent.push([message, origin]) };
    const around = { document: { referrer }, parent } as unknown as Window;
    return { sent, around };
  }
  const BALANCE: BridgeMessage = { croupier: "balance", balance: 100, currency: "EUR" };

  test("go to the origin that embedded us", () => {
    const { sent, around } = page("https://casino.example/lobby?x=1");
    const bridge = new Bridge(around);
    bridge.returnTo("https://elsewhere.example/");
    bridge.send(BALANCE);
    expect(sent).toEqual([[BALANCE, "https://casino.example"]]);
  });

  test("go to the return address's origin when the browser hides who embedded us", () => {
    const { sent, around } = page("");
    const bridge = new Bridge(around);
    bridge.returnTo("https://casino.example/lobby");
    bridge.send(BALANCE);
    expect(sent.map(([, origin]) => origin)).toEqual(["https://casino.example"]);
  });

  test("tell an unknown page no amounts, and nothing but the word", () => {
    const { sent, around } = page("");
    const bridge = new Bridge(around);
    bridge.send(BALANCE);
    bridge.send({ croupier: "relaunch", reason: "no_token" });
    expect(sent).toEqual([[{ croupier: "relaunch" }, "*"]]);
  });

  test.each([
    ["https://a.example:8443/x", "https://a.example:8443"],
    ["about:blank", null],
    ["not an address", null],
    [null, null],
  ])("the origin of %s is %s", (url, origin) => {
    expect(originOf(url)).toBe(origin);
  });
});

test("a replay is cut into steps with what was staked by then", () => {
  const step = (action: string, cost: number, ...kinds: string[]) => ({
    action,
    cost,
    choice: null,
    at: "",
    reveals: kinds.map((kind) => ({ kind }) as Reveal),
  });
  const round = {
    steps: [step("bet", 100, "deal"), step("double", 100, "card", "hand_result"), step("stand", 0)],
  };
  const whole = (reveals: Reveal[]) => (reveals.length ? [reveals] : []);
  expect(piecesOf(round as unknown as ReplayReply, whole)).toMatchObject([
    { action: "bet", staked: 100, reveals: [{ kind: "deal" }] },
    { action: "double", staked: 200, reveals: [{ kind: "card" }, { kind: "hand_result" }] },
  ]);
});
