import type { CallItem, Round, Transaction } from "../types.ts";

/** `number`: which sending of its transaction it was, from 1. */
export type Placed = { call: CallItem; transaction: Transaction; number: number };

/** Every call about a round, in the order in which they left. */
export function callsOf(round: Pick<Round, "transactions">): Placed[] {
  return round.transactions
    .flatMap((transaction) =>
      transaction.calls.map((call, index) => ({ call, transaction, number: index + 1 })),
    )
    .sort((one, other) => one.call.at.localeCompare(other.call.at));
}

/** The call that somebody who asks for a transaction wants to see: the first that went wrong, else the last one. */
export function telling(calls: readonly CallItem[]): CallItem | undefined {
  return calls.find(({ verdict }) => verdict !== "accepted") ?? calls.at(-1);
}
