import type { WireCall } from "./backend.ts";

/** Calls newest first, without repeats: after a lost line the stream may tell some again. */
export function withCall(calls: WireCall[], call: WireCall): WireCall[] {
  if (calls.some(({ id }) => id === call.id)) return calls;
  return [call, ...calls].sort((a, b) => b.id - a.id).slice(0, 100);
}

export type Kind = "balance" | "bet" | "win" | "rollback";

export function kindOf(call: WireCall): Kind | null {
  const kind = call.path.split("/").at(-1);
  return kind === "balance" || kind === "bet" || kind === "win" || kind === "rollback" ? kind : null;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

export function roundOf(call: WireCall): string | null {
  const id = member(call.request, "round_id");
  return typeof id === "string" ? id : null;
}

export function transactionOf(call: WireCall): string | null {
  const id = member(call.request, "transaction_id");
  return typeof id === "string" ? id : null;
}

export function currencyOf(call: WireCall): string | null {
  const code = member(call.request, "currency");
  return typeof code === "string" ? code : null;
}

/** What the call asks the wallet to do to the balance: negative takes. Null when it names no amount. */
export function movementOf(call: WireCall): number | null {
  const amount = member(call.request, "amount");
  if (typeof amount !== "number") return null;
  return kindOf(call) === "bet" ? -amount : amount;
}

/** The balance in a whole answer; a spoilt one says nothing. */
export function balanceOf(call: WireCall): number | null {
  const balance = member(call.answer, "balance");
  return call.broken_by === null && typeof balance === "number" ? balance : null;
}

/** The error code in an answer that refuses. */
export function errorOf(call: WireCall): string | null {
  const code = member(member(call.answer, "error"), "code");
  return typeof code === "string" ? code : null;
}

export type Round = { roundId: string | null; calls: WireCall[] };

/** Neighbouring calls of one round together, in the order given. */
export function byRound(calls: WireCall[]): Round[] {
  const rounds: Round[] = [];
  for (const call of calls) {
    const roundId = roundOf(call);
    const last = rounds.at(-1);
    if (last && last.roundId === roundId && roundId !== null) last.calls.push(call);
    else rounds.push({ roundId, calls: [call] });
  }
  return rounds;
}
