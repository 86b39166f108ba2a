import type { ReportLine } from "../types.ts";

export type Day = { day: string; rounds: number; bets: number; wins: number; ggr: number };

/** Report lines by day as one line per day without gaps, for one currency and, when given, one game. */
export function daysOf(lines: ReportLine[], currency: string, gameId?: string): Day[] {
  const days = new Map<string, Day>();
  for (const line of lines) {
    if (!line.day || line.currency !== currency || (gameId && line.game_id !== gameId)) continue;
    const day = days.get(line.day) ?? { day: line.day, rounds: 0, bets: 0, wins: 0, ggr: 0 };
    day.rounds += line.rounds;
    day.bets += line.bets;
    day.wins += line.wins;
    day.ggr += line.ggr;
    days.set(line.day, day);
  }
  const known = [...days.keys()].sort();
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last) return [];
  const all: Day[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10);
    all.push(days.get(day) ?? { day, rounds: 0, bets: 0, wins: 0, ggr: 0 });
  }
  return all;
}
