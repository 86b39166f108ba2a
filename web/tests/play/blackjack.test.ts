import { describe, expect, test } from "vitest";

import { AT_REST, fold, totalOf } from "../../src/play/blackjack/fold";
import type { BlackjackReveal } from "../../src/play/types";

test.each([
  [["AS", "KD"], 21, true],
  [["AS", "AD"], 12, true],
  [["AS", "6H", "KC"], 17, false],
  [["10H", "9C", "5D"], 24, false],
  [["AS", "AH", "9C"], 21, true],
  [["2C"], 2, false],
])("%j is %i", (cards, total, soft) => {
  expect(totalOf(cards)).toEqual({ total, soft });
});

const table = (...reveals: BlackjackReveal[]) => reveals.reduce(fold, AT_REST);
const DEAL: BlackjackReveal = { kind: "deal", hands: [["8S", "8H"]], dealer: ["AD"] };

describe("folding a blackjack round", () => {
  test("after the deal the dealer's second card lies face down", () => {
    expect(table(DEAL)).toMatchObject({ dealer: ["AD"], holeHidden: true, active: 0 });
  });

  test("insurance: offered, taken, lost", () => {
    const taken: BlackjackReveal[] = [DEAL, { kind: "insurance_offered" }, { kind: "insurance_taken" }];
    expect(table(DEAL, { kind: "insurance_offered" }).insurance).toBe("offered");
    expect(table(...taken).insurance).toBe("taken");
    const after = table(...taken, { kind: "peek", blackjack: false }, { kind: "insurance_result", win: 0 });
    expect(after).toMatchObject({ insurance: "lost", insuranceWin: 0 });
  });

  test("insurance declined is over with the peek", () => {
    expect(table(DEAL, { kind: "insurance_offered" }, { kind: "peek", blackjack: false }).insurance).toBe(
      "none",
    );
  });

  test("a split hand, doubled and settled beside the other", () => {
    const state = table(
      DEAL,
      {
        kind: "split",
        hands: [
          ["8S", "3C"],
          ["8H", "KD"],
        ],
      },
      { kind: "active_hand", hand: 0 },
      { kind: "doubled", hand: 0 },
      { kind: "card", hand: 0, card: "10C", total: 21, soft: false },
      { kind: "active_hand", hand: 1 },
      { kind: "dealer_reveal", card: "7C", total: 18 },
      { kind: "hand_result", hand: 0, result: "win", total: 21, win: 8 },
      { kind: "hand_result", hand: 1, result: "push", total: 18, win: 2 },
    );
    expect(state.hands).toEqual([
      { cards: ["8S", "3C", "10C"], doubled: true, result: "win", win: 8 },
      { cards: ["8H", "KD"], doubled: false, result: "push", win: 2 },
    ]);
    expect(state).toMatchObject({ dealer: ["AD", "7C"], holeHidden: false, active: -1 });
  });

  test("a new deal clears the table", () => {
    const over = table(DEAL, { kind: "hand_result", hand: 0, result: "bust", total: 26, win: 0 });
    expect(fold(over, DEAL)).toEqual(table(DEAL));
  });
});
