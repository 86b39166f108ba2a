/** What a campaign's form makes of its fields. */
import type { GameItem } from "../types.ts";

/** Stakes that every one of these games offers, minor units, ascending. */
export function commonLevels(games: Pick<GameItem, "bet_levels">[], currency: string): number[] {
  const [first, ...rest] = games.map((game) => game.bet_levels[currency] ?? []);
  return (first ?? []).filter((level) => rest.every((levels) => levels.includes(level)));
}

/** Ids as people paste them: one a line, or with commas, semicolons and blanks between. */
export function playerIds(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}

const EXPONENTS: Record<string, number> = {};
for (const [exponent, codes] of [
  [0, "CLP ISK JPY KRW PYG VND"],
  [3, "BHD JOD KWD OMR TND"],
  [6, "USDT"],
  [8, "BTC"],
] as const) {
  for (const code of codes.split(" ")) EXPONENTS[code] = exponent;
}

/** Minor digits of a currency, as the platform has them. */
export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}
