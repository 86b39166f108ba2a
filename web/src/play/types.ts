/** The player API's JSON, as far as the client reads it. Amounts are integers in minor units, wins in game units. */

export type Cell = [reel: number, row: number];

export interface LineWin {
  line: number;
  symbol: string;
  count: number;
  cells: Cell[];
  win: number;
}

export interface SpinReveal {
  kind: "spin";
  mode: "base" | "free";
  window: string[][];
  lines: LineWin[];
  scatters: { cells: Cell[]; count: number; win: number } | null;
  multiplier: number;
  win: number;
  total: number;
  free_spins_left: number;
}

export type SlotReveal =
  | SpinReveal
  | { kind: "free_spins_awarded"; count: number; left: number }
  | { kind: "free_spins_ended"; win: number }
  | { kind: "win_cap"; win: number };

export interface Spot {
  type: string;
  numbers?: number[];
  index?: number;
}

export interface SpotBet extends Spot {
  amount: number;
}

export type RouletteReveal =
  | { kind: "roulette_spin"; pocket: number; color: "red" | "black" | "green" }
  | { kind: "bets_settled"; bets: (SpotBet & { win: number })[]; win: number };

export type HandResult = "blackjack" | "win" | "push" | "lose" | "bust";

export type BlackjackReveal =
  | { kind: "deal"; hands: string[][]; dealer: string[] }
  | { kind: "insurance_offered" }
  | { kind: "insurance_taken" }
  | { kind: "peek"; blackjack: boolean }
  | { kind: "card"; hand: number; card: string; total: number; soft: boolean }
  | { kind: "doubled"; hand: number }
  | { kind: "split"; hands: string[][] }
  | { kind: "active_hand"; hand: number }
  | { kind: "dealer_reveal"; card: string; total: number }
  | { kind: "dealer_card"; card: string; total: number }
  | { kind: "insurance_result"; win: number }
  | { kind: "hand_result"; hand: number; result: HandResult; total: number; win: number };

export type Reveal = SlotReveal | RouletteReveal | BlackjackReveal;

export interface Offer {
  action: string;
  cost: number;
}

/** Which free round it was, and the grant with it counted. */
export interface FreeRound {
  campaign_id: string;
  number: number;
  bet: number;
  total: number;
  left: number;
  won: number;
}

export interface FreeRounds {
  campaign_id: string;
  state: "scheduled" | "active" | "used_up" | "ended" | "cancelled";
  bet: number;
  total: number;
  left: number;
  won: number;
  max_win: number | null;
  starts_at: string;
  ends_at: string;
}

export interface RoundReply {
  round_id: string;
  state: string;
  step: number;
  reveals: Reveal[];
  /** Staked so far in this round, minor units. */
  bet: number;
  win: number;
  /** Null while the win is still on its way to the player's wallet. */
  balance: number | null;
  /** Minor units of one game unit: a reveal's `win * unit` is money. */
  unit: number;
  currency: string;
  next_actions: Offer[];
  opened_at: string;
  mode: string;
  choice: unknown;
  /** Null for a round with money. */
  free_round: FreeRound | null;
}

export interface ReplayStep {
  action: string;
  choice: unknown;
  cost: number;
  reveals: Reveal[];
  at: string;
}

export interface ReplayReply extends RoundReply {
  steps: ReplayStep[];
}

export interface RoundSummary {
  round_id: string;
  /** A free round of this campaign. */
  campaign_id: string | null;
  state: string;
  bet: number;
  win: number;
  currency: string;
  opened_at: string;
  closed_at: string | null;
}

export interface SlotRules {
  lines: number[][];
  pays: Record<string, Record<string, number>>;
  scatter_pays: Record<string, number>;
  free_spins: Record<string, number>;
  free_multiplier: number;
  max_free_spins: number;
  max_win: number;
}

export interface Session {
  game: { id: string; name: string; kind: string; version: string };
  mode: "real" | "demo" | "replay";
  currency: string;
  exponent: number;
  language: string;
  /** Null while the wallet owes an answer, and in a replay. */
  balance: number | null;
  bet_levels: number[];
  bet_modes: Record<string, number>;
  rules: Record<string, unknown>;
  /** Return to player by mode or spot, an exact decimal or fraction as text. */
  rtp: Record<string, string>;
  open_round: RoundReply | null;
  free_rounds: FreeRounds | null;
  /** Left of the free rounds that the casino counts itself: each is played at the player's own bet. */
  operator_free_rounds: number | null;
  session_id: string;
  return_url: string | null;
  deposit_url: string | null;
  replay_round_id?: string;
}

/** What a failed call says about the money. */
export type MoneyState = "not_placed" | "being_checked" | "placed";

export interface Problem {
  status: number;
  code: string;
  title: string;
  detail?: string;
  hint?: string;
  money?: MoneyState;
  round_id?: string;
  balance?: number;
}

/** A round in one of these waits for a wallet, never for the player. */
export const SETTLING: ReadonlySet<string> = new Set(["new", "betting", "paying", "rolling_back"]);
