/** What went wrong, in a sentence for the player, and what became of the money. */
import { ApiError, NoAnswer } from "./api";
import type { Key } from "./i18n";
import type { MoneyState, Problem } from "./types";

export type Remedy = "none" | "deposit" | "reload" | "resume" | "follow" | "again";

export interface Explanation {
  text: Key;
  money: Key | null;
  remedy: Remedy;
  /** The server's own words, when they tell the player more than ours. */
  detail: string | null;
}

const BY_CODE: Record<string, [Key, Remedy]> = {
  insufficient_funds: ["error_funds", "deposit"],
  limit_reached: ["error_limit", "none"],
  player_blocked: ["error_blocked", "none"],
  round_in_progress: ["error_round_open", "resume"],
  stale_action: ["error_stale", "resume"],
  session_replaced: ["error_replaced", "reload"],
  session_expired: ["error_expired", "reload"],
  session_ended: ["error_expired", "reload"],
  free_rounds_over: ["error_free_rounds_over", "none"],
  wallet_unknown: ["checking", "follow"],
  busy: ["error_busy", "none"],
  upgrading: ["error_busy", "none"],
  game_unavailable: ["error_busy", "none"],
  round_suspended: ["error_suspended", "none"],
  round_not_open: ["error_stale", "resume"],
};

const MONEY: Record<MoneyState, Key> = {
  not_placed: "money_not_placed",
  being_checked: "money_being_checked",
  placed: "money_placed",
};

export function explain(error: unknown): Explanation {
  if (error instanceof NoAnswer)
    return { text: "no_answer", money: "no_answer_money", remedy: "again", detail: null };
  if (!(error instanceof ApiError)) return { text: "error_other", money: null, remedy: "none", detail: null };
  const { problem } = error;
  const [text, remedy] = BY_CODE[problem.code] ?? byStatus(problem);
  return {
    text,
    money: problem.money ? MONEY[problem.money] : null,
    // Money in doubt is always followed to its end, whatever the code was.
    remedy: problem.money === "being_checked" && problem.round_id ? "follow" : remedy,
    detail: text === "error_bad_request" || text === "error_other" ? (problem.detail ?? null) : null,
  };
}

function byStatus(problem: Problem): [Key, Remedy] {
  if (problem.status === 401 || problem.status === 410) return ["error_expired", "reload"];
  if (problem.status === 422) return ["error_bad_request", "none"];
  return ["error_other", "none"];
}

/** How a round that was being checked came out. Null while it is not over. */
export function verdictOf(state: string): Key | null {
  switch (state) {
    case "cancelled":
      return "round_rolled_back";
    case "declined":
      return "round_declined";
    case "suspended":
      return "error_suspended";
    case "in_play":
      return "round_undone";
    case "closed":
      return "round_accepted";
    default:
      return null;
  }
}
