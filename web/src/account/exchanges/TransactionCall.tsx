import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { account } from "../http.ts";
import { go } from "../navigation.tsx";
import { Failure, Loading } from "../parts/Situations.tsx";
import type { Place } from "../places.ts";
import { telling } from "./calls.ts";

/** The address of a transaction leads to what its wallet said: whoever only knows their own id finds the exchange. */
export function TransactionCall({ transactionId }: { transactionId: string }) {
  const {
    data: place,
    error,
    refetch,
  } = useQuery({
    queryKey: ["transaction-call", transactionId],
    queryFn: ({ signal }) => placeFor(transactionId, signal),
  });
  useEffect(() => {
    if (place) go(place, { replace: true });
  }, [place]);
  return error ? <Failure page error={error} retry={() => void refetch()} /> : <Loading rows={12} />;
}

async function placeFor(transactionId: string, signal: AbortSignal): Promise<Place> {
  const { items } = await account.transactions({ transaction_id: transactionId, limit: 1 }, signal);
  const roundId = items[0]?.round_id;
  if (roundId === undefined) return { page: "missing" };
  const { transactions } = await account.round(roundId, signal);
  const call = telling(
    transactions.find((one) => one.transaction_id === items[0]?.transaction_id)?.calls ?? [],
  );
  return call ? { page: "exchange", exchangeId: call.exchange_id } : { page: "round", roundId };
}
