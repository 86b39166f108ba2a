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
