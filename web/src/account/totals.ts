import type { RoundItem } from "./types.ts";

export type Total = { currency: string; exponent: number; rounds: number; bet: number; win: number };

/**
 * Sums of the rows on screen, one line per currency: money of different currencies is never added up. A settlement pays
 * what other rounds have won, so it does not count again.
 */
export function totalsOf(
  rounds: Pick<RoundItem, "currency" | "exponent" | "bet" | "win" | "settlement">[],
): Total[] {
  const totals = new Map<string, Total>();
  for (const { currency, exponent, bet, win, settlement } of rounds) {
    if (settlement) continue;
    const total = totals.get(currency) ?? { currency, exponent, rounds: 0, bet: 0, win: 0 };
    totals.set(currency, { ...total, rounds: total.rounds + 1, bet: total.bet + bet, win: total.win + win });
  }
  return [...totals.values()].sort((a, b) => a.currency.localeCompare(b.currency));
}
