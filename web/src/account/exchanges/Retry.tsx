import { Button, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { account } from "../http.ts";
import { Failure } from "../parts/Situations.tsx";
import { meQuery, roundQuery } from "../queries.ts";
import type { Exchange } from "../types.ts";

/** Sends a win or rollback again now, while it waits for its next attempt. Nothing is shown when there is nothing to send. */
export function Retry({ exchange }: { exchange: Exchange }) {
  const { round_id: roundId, transaction_id: transactionId } = exchange;
  if (exchange.direction === "in" || !roundId || !transactionId || exchange.call === "bet") return null;
  return <Waiting roundId={roundId} transactionId={transactionId} />;
}

function Waiting({ roundId, transactionId }: { roundId: string; transactionId: string }) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const { data: round } = useQuery(roundQuery(roundId));
  const retry = useMutation({
    mutationFn: () => account.retry(transactionId),
    onSuccess: () => client.invalidateQueries({ queryKey: ["round", roundId] }),
  });
  const transaction = round?.transactions.find((found) => found.transaction_id === transactionId);
  const waits =
    round !== undefined &&
    ["paying", "rolling_back"].includes(round.state) &&
    transaction !== undefined &&
    ["pending", "sending"].includes(transaction.state);
  if (retry.isError) return <Failure error={retry.error} />;
  if (retry.isSuccess && !waits) {
    return (
      <Text role="status" size="sm" my="xs">
        {t("retry.answered")}
      </Text>
    );
  }
  if (!waits) return null;
  return (
    <div className="row" data-testid="retry">
      {me?.acts.includes("retry") && (
        <Button
          size="xs"
          loading={retry.isPending}
          disabled={retry.isSuccess}
          onClick={() => {
            retry.mutate();
          }}
        >
          {t("retry.now")}
        </Button>
      )}
      <Text size="sm" c="dimmed" role="status">
        {retry.isSuccess ? t("retry.asked") : t("retry.waits", { count: transaction.attempts })}
      </Text>
    </div>
  );
}
