import type { Round, Step, Transaction } from "../types.ts";

/** What happened in a round, in the order in which it happened. */
export type Moment =
  | { what: "opened"; at: string }
  | { what: "transaction"; at: string; transaction: Transaction }
  | { what: "outcome"; at: string; step: Step; number: number }
  | { what: "finished"; at: string; state: string };

// When two things carry the same instant: one record of the journal can hold an outcome and the win it leads to.
const RANK = { opened: 0, transaction: 2, outcome: 1, finished: 3 };

export function momentsOf(round: Round): Moment[] {
  const moments: Moment[] = [{ what: "opened", at: round.opened_at }];
  for (const transaction of round.transactions) {
    // What was never sent has no time of its own.
    const sent = Date.parse(transaction.first_sent_at) >= Date.parse(round.opened_at);
    moments.push({
      what: "transaction",
      at: sent ? transaction.first_sent_at : round.opened_at,
      transaction,
    });
  }
  round.steps.forEach((step, index) => {
    moments.push({ what: "outcome", at: step.at, step, number: index });
  });
  if (round.closed_at !== null) moments.push({ what: "finished", at: round.closed_at, state: round.state });
  return moments
    .map((moment, index) => ({ moment, index }))
    .sort(
      (a, b) =>
        Date.parse(a.moment.at) - Date.parse(b.moment.at) ||
        RANK[a.moment.what] - RANK[b.moment.what] ||
        a.index - b.index,
    )
    .map(({ moment }) => moment);
}

/** `since("…:01.250Z", "…:00.000Z")` → 1250 (ms). */
export function since(at: string, start: string): number {
  return Date.parse(at) - Date.parse(start);
}
