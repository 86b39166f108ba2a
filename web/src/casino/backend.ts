import { fetchJson } from "../problem.ts";

/** What the casino's own server says of the visitor. Amounts are minor units. */
export type Visitor = {
  player_id: string;
  currency: string;
  exponent: number;
  balance: number;
  language: string;
  currencies?: string[];
  languages?: string[];
};

export type Game = {
  id: string;
  name: string;
  kind: string;
  rtp: Record<string, string>;
  volatility: string;
  max_win: number;
  features: string[];
  free_rounds: boolean;
};

/** One call that reached the casino's wallet. `at` in microseconds; `status` null: hung up without an answer. */
export type WireCall = {
  id: number;
  at: number;
  method: string;
  path: string;
  request: unknown;
  status: number | null;
  answer: unknown;
  ms: number;
  broken_by: string | null;
};

export type BreakState = { mode: string; modes?: Record<string, { title: string; effect: string }> };

function post<T>(path: string, body: unknown): Promise<T> {
  return fetchJson<T>(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const backend = {
  me: () => fetchJson<Visitor>("/casino/api/me"),
  choose: (choice: { currency?: string; language?: string }) => post<Visitor>("/casino/api/me", choice),
  games: async () => (await fetchJson<{ items: Game[] }>("/casino/api/games")).items,
  launch: (game_id: string, language: string) =>
    post<{ launch_url: string }>("/casino/api/launch", { game_id, language }),
  giveFreeRounds: (game_id: string) => post<{ campaign_id: string }>("/casino/api/free-rounds", { game_id }),
  breakState: () => fetchJson<BreakState>("/break"),
  breakIt: (mode: string) => post<BreakState>("/break", { mode }),
};

/** Follows the visitor's wallet calls, those of the past first. The returned function stops it. */
export function followWire(hear: (call: WireCall) => void): () => void {
  const source = new EventSource("/casino/api/wire");
  source.onmessage = (event: MessageEvent<string>) => {
    hear(JSON.parse(event.data) as WireCall);
  };
  return () => {
    source.close();
  };
}
