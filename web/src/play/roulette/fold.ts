/** Folds a roulette round's reveals. Pure; amounts in game units. */
import type { RouletteReveal } from "../types";
import { keyOf, type Colour } from "./layout";

export interface RouletteState {
  pocket: number | null;
  colour: Colour | null;
  /** What each spot with a bet won, its stake included; 0 = lost. Empty until the bets are settled. */
  wins: ReadonlyMap<string, number>;
  win: number;
}

export const AT_REST: RouletteState = { pocket: null, colour: null, wins: new Map(), win: 0 };

export function fold(state: RouletteState, reveal: RouletteReveal): RouletteState {
  switch (reveal.kind) {
    case "roulette_spin":
      return { ...AT_REST, pocket: reveal.pocket, colour: reveal.color };
    case "bets_settled":
      return { ...state, wins: new Map(reveal.bets.map((bet) => [keyOf(bet), bet.win])), win: reveal.win };
  }
}
