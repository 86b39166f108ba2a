import { Paper } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Amount } from "../parts/Amount.tsx";
import { isKey } from "../parts/Badges.tsx";
import { roundQuery } from "../queries.ts";
import type { Exchange, Round, Transaction } from "../types.ts";

/** What this call has done to the player's money by now, and the balance around it. */
export function Money({ exchange, roundId }: { exchange: Exchange; roundId: string }) {
  const { data: round } = useQuery(roundQuery(roundId));
  const transaction = round?.transactions.find(
    ({ transaction_id }) => transaction_id === exchange.transaction_id,
  );
  return round && transaction ? <Line round={round} transaction={transaction} /> : null;
}

const KINDS = { bet: 0, win: 0, rollback: 0, end_round: 0 };

function Line({ round, transaction }: { round: Round; transaction: Transaction }) {
  const { t } = useTranslation("account");
  const { amount, attempts, became, currency, kind } = transaction;
  const { balance_before: before, balance_after: after } = transaction;
  const money = { currency, exponent: round.exponent };
  return (
    <Paper withBorder p="sm" mb="md" component="section" data-testid="money-line" data-became={became}>
      <h2 className="money-head">
        {isKey(KINDS, kind) ? t(`kinds.${kind}`) : kind}{" "}
        <Amount minor={amount} {...money} testId="money-amount" />: {t(`became.${became}`)}
      </h2>
      <p className="dim small">
        {t(`becameWhy.${became}`)}
        {(became === "being_returned" || became === "being_paid") && (
          <> {t("becameWhy.tries", { count: sendings(round, transaction, attempts) })}</>
        )}
      </p>
      {(before !== null || after !== null) && (
        <p className="small" data-testid="money-balance">
          {t("exchanges.balance")}{" "}
          {before === null ? (
            t("exchanges.notSaid")
          ) : (
            <Amount minor={before} {...money} testId="balance-before" />
          )}
          {" → "}
          {after === null ? (
            t("exchanges.notSaid")
          ) : (
            <Amount minor={after} {...money} testId="balance-after" />
          )}
        </p>
      )}
    </Paper>
  );
}

/** How often the call that decides now was sent: of a bet that comes back, its rollback. */
function sendings(round: Round, { kind, transaction_id: id }: Transaction, attempts: number): number {
  if (kind !== "bet") return attempts;
  return (
    round.transactions.findLast((one) => one.kind === "rollback" && one.reference === id)?.attempts ??
    attempts
  );
}
