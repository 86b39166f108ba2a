import { Paper, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Link } from "../navigation.tsx";
import { isKey, StatusBadge, VerdictBadge } from "../parts/Badges.tsx";
import { shortId } from "../parts/id-text.ts";
import { roundQuery } from "../queries.ts";
import { Time } from "../zone.tsx";
import { callsOf } from "./calls.ts";

const KINDS = { bet: 0, win: 0, rollback: 0, end_round: 0 };

/** Everything else that was said about the round: the first try, its repeats, what follows. This one among them. */
export function Neighbours({ roundId, here }: { roundId: string; here: string }) {
  const { t } = useTranslation("account");
  const { data: round } = useQuery(roundQuery(roundId));
  const calls = round ? callsOf(round) : [];
  if (calls.length < 2) return null;
  return (
    <Paper withBorder mt="md" component="section" data-testid="neighbours">
      <div className="panel-head">
        <Title order={2} size="h5">
          {t("exchanges.neighbours", { count: calls.length })}
        </Title>
        <Link to={{ page: "round", roundId }} className="link small">
          {t("exchanges.wholeRound")}
        </Link>
      </div>
      <ol className="attempts">
        {calls.map(({ call, transaction, number }) => (
          <li key={call.exchange_id} aria-current={call.exchange_id === here || undefined}>
            <Link to={{ page: "exchange", exchangeId: call.exchange_id }} className="call">
              <Time at={call.at} precision="time" />
              <strong>
                {isKey(KINDS, transaction.kind) ? t(`kinds.${transaction.kind}`) : transaction.kind}
              </strong>
              <span className="mono dim" title={transaction.transaction_id}>
                {shortId(transaction.transaction_id)}
              </span>
              {number > 1 && <span className="dim small">{t("exchanges.nth", { number })}</span>}
              <StatusBadge status={call.status} why={call.why} />
              <VerdictBadge verdict={call.verdict} />
            </Link>
          </li>
        ))}
      </ol>
    </Paper>
  );
}
