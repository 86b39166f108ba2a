/** What the operator API answers, as far as the account shows it. Amounts are minor units, times RFC 3339. */
export type Page<T> = { items: T[]; next_cursor: string | null };

export type Me = {
  email: string;
  operator_id: string;
  role: string;
  test: boolean;
  currencies: string[];
  csrf: string;
};

export type RoundState = string;

export type RoundItem = {
  round_id: string;
  player_id: string;
  game_id: string;
  session_id: string;
  state: RoundState;
  bet: number;
  win: number;
  currency: string;
  exponent: number;
  opened_at: string;
  closed_at: string | null;
};

export type Verdict = string;

export type CallItem = {
  exchange_id: string;
  at: string;
  status: number | null;
  why: string;
  verdict: Verdict;
  total_ms: number;
};

export type Transaction = {
  transaction_id: string;
  kind: "bet" | "win" | "rollback" | string;
  state: string;
  effect: string;
  amount: number;
  currency: string;
  reference: string | null;
  attempts: number;
  first_sent_at: string | null;
  last_sent_at: string | null;
  operator_reference: string | null;
  calls: CallItem[];
};

export type Moment = { at: string; what: string; detail: unknown };

export type LedgerLine = {
  at: string;
  source: string;
  destination: string;
  amount: number;
  currency: string;
  cause: string;
};

export type Step = {
  action: string;
  choice: unknown;
  cost: number;
  draws: [number, number][];
  reveals: Record<string, unknown>[];
  at: string;
};

export type Round = RoundItem & {
  game_version: string;
  mode: string;
  step: number;
  transactions: Transaction[];
  timeline: Moment[];
  ledger: LedgerLine[];
  steps: Step[];
  replay_url: string | null;
};

export type ExchangeItem = {
  exchange_id: string;
  at: string;
  direction: "in" | "out" | string;
  call: string;
  method: string;
  path: string;
  status: number | null;
  why: string;
  verdict: Verdict;
  total_ms: number;
  round_id: string | null;
  transaction_id: string | null;
  player_id: string | null;
};

export type HeaderList = [string, string][] | Record<string, string>;

export type Exchange = ExchangeItem & {
  attempt: number;
  request: { url: string; headers: HeaderList; body: string };
  answer: {
    status?: number | null;
    headers?: HeaderList;
    body?: string;
    why?: string;
    detail?: string;
  } | null;
  timing: Record<string, number | null> | null;
};

export type ReportLine = {
  day?: string;
  game_id?: string;
  game_set?: string;
  currency?: string;
  player_id?: string;
  rounds: number;
  bets: number;
  wins: number;
  ggr: number;
  rtp: string | null;
  rtp_theory: string | null;
  rtp_low: string | null;
  rtp_high: string | null;
  hit_frequency: string | null;
  free_rounds_cost: number;
  exponent: number;
};

export type Report = { items: ReportLine[]; totals: ReportLine[]; as_of: string; lag_ms: number };

export type GameItem = {
  id: string;
  name: string;
  kind: string;
  version: string;
  rtp: Record<string, string>;
};

export type GameSet = { id: string; name: string; game_ids: string[] };
