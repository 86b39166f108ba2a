/** Folds a blackjack round's reveals into the table. Pure; wins in game units. */
import type { BlackjackReveal, HandResult } from "../types";

export interface Hand {
  cards: string[];
  doubled: boolean;
  result: HandResult | null;
  win: number;
}

export interface BlackjackState {
  hands: Hand[];
  active: number;
  dealer: string[];
  /** The dealer's second card lies face down. */
  holeHidden: boolean;
  insurance: "none" | "offered" | "taken" | "won" | "lost";
  insuranceWin: number;
}

export const AT_REST: BlackjackState = {
  hands: [],
  active: 0,
  dealer: [],
  holeHidden: false,
  insurance: "none",
  insuranceWin: 0,
};

/** Best total of the cards; soft while an ace counts eleven. */
export function totalOf(cards: readonly string[]): { total: number; soft: boolean } {
  let total = 0;
  let aces = 0;
  for (const card of cards) {
    const rank = card.slice(0, -1);
    if (rank === "A") aces += 1;
    total += rank === "A" ? 1 : ["K", "Q", "J"].includes(rank) ? 10 : Number(rank);
  }
  const soft = aces > 0 && total + 10 <= 21;
  return { total: soft ? total + 10 : total, soft };
}

const hand = (cards: string[]): Hand => ({ cards, doubled: false, result: null, win: 0 });

function change(state: BlackjackState, index: number, to: (hand: Hand) => Partial<Hand>): BlackjackState {
  return { ...state, hands: state.hands.map((each, i) => (i === index ? { ...each, ...to(each) } : each)) };
}

export function fold(state: BlackjackState, reveal: BlackjackReveal): BlackjackState {
  switch (reveal.kind) {
    case "deal":
      return {
        ...AT_REST,
        hands: reveal.hands.map(hand),
        dealer: reveal.dealer,
        holeHidden: reveal.dealer.length < 2,
      };
    case "insurance_offered":
      return { ...state, insurance: "offered" };
    case "insurance_taken":
      return { ...state, insurance: "taken" };
    case "peek":
      return state.insurance === "offered" ? { ...state, insurance: "none" } : state;
    case "card":
      return {
        ...change(state, reveal.hand, (h) => ({ cards: [...h.cards, reveal.card] })),
        active: reveal.hand,
      };
    case "doubled":
      return change(state, reveal.hand, () => ({ doubled: true }));
    case "split":
      return { ...state, hands: reveal.hands.map(hand), active: 0 };
    case "active_hand":
      return { ...state, active: reveal.hand };
    case "dealer_reveal":
    case "dealer_card":
      return { ...state, dealer: [...state.dealer, reveal.card], holeHidden: false };
    case "insurance_result":
      return { ...state, insurance: reveal.win > 0 ? "won" : "lost", insuranceWin: reveal.win };
    case "hand_result":
      return {
        ...change(state, reveal.hand, () => ({ result: reveal.result, win: reveal.win })),
        active: -1,
      };
  }
}
