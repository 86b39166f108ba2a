import { account } from "./http.ts";

/** What an id turned out to be. */
export type Hit =
  | { kind: "round"; id: string }
  | { kind: "exchange"; id: string }
  | { kind: "check"; id: string }
  | { kind: "transaction"; id: string; roundId: string }
  | { kind: "player"; id: string };

type Ask = (id: string, signal: AbortSignal) => Promise<Hit[]>;

const ASK = {
  round: (id, signal) => account.round(id, signal).then(() => [{ kind: "round", id }]),
  exchange: (id, signal) => account.exchange(id, signal).then(() => [{ kind: "exchange", id }]),
  check: (id, signal) => account.certification(id, signal).then(() => [{ kind: "check", id }]),
  player: (id, signal) => account.player(id, signal).then(() => [{ kind: "player", id }]),
  transaction: async (id, signal) => {
    const { items } = await account.transactions({ transaction_id: id, limit: 5 }, signal);
    return items.map(({ round_id }) => ({ kind: "transaction", id, roundId: round_id }));
  },
} satisfies Record<Hit["kind"], Ask>;

/** Where to look, first our own ids by their beginning, then what the operator may have named so. */
export function placesFor(id: string): Hit["kind"][][] {
  if (id.startsWith("rd_")) return [["round"], ["transaction", "player"]];
  if (id.startsWith("ex_")) return [["exchange"], ["transaction", "player"]];
  if (id.startsWith("cert_")) return [["check"], ["transaction", "player"]];
  return [["transaction", "player"]];
}

/** Finds any id, ours or the operator's. A place that does not know it says nothing. */
export async function find(text: string, signal: AbortSignal): Promise<Hit[]> {
  const id = text.trim();
  if (id === "") return [];
  for (const kinds of placesFor(id)) {
    const answers = await Promise.allSettled(kinds.map((kind) => ASK[kind](id, signal)));
    const hits = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    if (hits.length > 0) return hits;
  }
  return [];
}
