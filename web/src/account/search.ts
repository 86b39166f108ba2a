import { account } from "./http.ts";

/** What an id turned out to be. */
export type Hit =
  | { kind: "round"; id: string }
  | { kind: "exchange"; id: string }
  | { kind: "transaction"; id: string; roundId: string }
  | { kind: "player"; id: string };

/** Finds any id, ours or the operator's. Asks every place at once; a place that does not know it says nothing. */
export async function find(text: string, signal: AbortSignal): Promise<Hit[]> {
  const id = text.trim();
  if (id === "") return [];
  const asked: Promise<Hit[]>[] = [
    account.round(id, signal).then(() => [{ kind: "round", id }]),
    account.exchange(id, signal).then(() => [{ kind: "exchange", id }]),
    account.player(id, signal).then(() => [{ kind: "player", id }]),
    account
      .transactions({ transaction_id: id, limit: 5 }, signal)
      .then(({ items }) => items.map((item) => ({ kind: "transaction", id, roundId: item.round_id }))),
  ];
  const answers = await Promise.allSettled(asked);
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
}
