/**
 * Filters live in the address: a view is a link. Every filter is a plain text parameter; what is missing is "all".
 * Periods are whole UTC days, as in the reports, so a list and a report of one period speak of the same rounds.
 */
export type PeriodSearch = { from?: string; to?: string };
export type RoundsSearch = PeriodSearch & {
  player_id?: string;
  game_id?: string;
  game_set?: string;
  state?: string;
  currency?: string;
  campaign_id?: string;
};
export type ReportSearch = PeriodSearch & {
  by?: "game" | "game_set";
  currency?: string;
  game_id?: string;
  table?: string;
};
export type ExchangesSearch = PeriodSearch & {
  verdict?: string;
  path?: string;
  side?: string;
  finding?: string;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function texts<K extends string>(
  search: Record<string, unknown>,
  names: readonly K[],
): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {};
  for (const name of names) {
    const value = search[name];
    if (typeof value === "string" && value !== "") found[name] = value;
  }
  return found;
}

function period(search: Record<string, unknown>): PeriodSearch {
  const { from, to } = texts(search, ["from", "to"]);
  return { ...(from && DAY.test(from) ? { from } : {}), ...(to && DAY.test(to) ? { to } : {}) };
}

export function roundsSearch(search: Record<string, unknown>): RoundsSearch {
  return {
    ...period(search),
    ...texts(search, ["player_id", "game_id", "game_set", "state", "currency", "campaign_id"]),
  };
}

export function reportSearch(search: Record<string, unknown>): ReportSearch {
  const by = search["by"] === "game_set" ? { by: "game_set" as const } : {};
  return { ...period(search), ...texts(search, ["currency", "game_id", "table"]), ...by };
}

export function exchangesSearch(search: Record<string, unknown>): ExchangesSearch {
  return { ...period(search), ...texts(search, ["verdict", "path", "side", "finding"]) };
}

/** How many days up to today a preset means. */
export const PRESET_DAYS = { today: 1, "7d": 7, "30d": 30, "90d": 90 } as const;
export type Preset = keyof typeof PRESET_DAYS | "all" | "custom";

/** `lastDays(7, now)`: today and the six days before it, in UTC. */
export function lastDays(days: number, now: number): Required<PeriodSearch> {
  return { from: dayOf(now - (days - 1) * 86_400_000), to: dayOf(now) };
}

export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** `none`: what an address without a period means; a list has all time, a report the last 30 days. */
export function presetOf({ from, to }: PeriodSearch, now: number, none: Preset): Preset {
  if (!from && !to) return none;
  for (const [preset, days] of Object.entries(PRESET_DAYS)) {
    const range = lastDays(days, now);
    if (range.from === from && range.to === to) return preset as Preset;
  }
  return "custom";
}
