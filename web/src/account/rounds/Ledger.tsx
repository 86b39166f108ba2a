import { Paper, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Amount } from "../parts/Amount.tsx";
import { DataTable } from "../parts/DataTable.tsx";
import type { LedgerLine, Round } from "../types.ts";
import { Time } from "../zone.tsx";

/** Double entry: every line takes from one account and gives to another. */
export function Ledger({ round }: { round: Round }) {
  const { t } = useTranslation("account");
  return (
    <section>
      <Paper withBorder mt="md">
        <div className="panel-head">
          <Title order={2} size="h5">
            {t("ledger.title")}
          </Title>
        </div>
        {round.ledger.length === 0 ? (
          <Text p="md" c="dimmed">
            {round.closed_at === null ? t("ledger.noneYet") : t("ledger.none")}
          </Text>
        ) : (
          <DataTable<LedgerLine & { line: number }>
            label={t("ledger.title")}
            testId="ledger"
            rows={round.ledger.map((entry, line) => ({ ...entry, line }))}
            rowKey={({ line }) => String(line)}
            columns={[
              { key: "at", head: t("ledger.at"), cell: ({ at }) => <Time at={at} precision="time" /> },
              { key: "source", head: t("ledger.source"), cell: ({ source }) => <Account name={source} /> },
              {
                key: "destination",
                head: t("ledger.destination"),
                cell: ({ destination }) => <Account name={destination} />,
              },
              { key: "cause", head: t("ledger.cause"), cell: ({ cause }) => cause },
              {
                key: "amount",
                head: t("ledger.amount"),
                number: true,
                cell: ({ amount, currency }) => (
                  <Amount minor={amount} currency={currency} exponent={round.exponent} />
                ),
              },
            ]}
          />
        )}
      </Paper>
    </section>
  );
}

function Account({ name }: { name: string }) {
  const [kind, ...rest] = name.split(":");
  return (
    <span title={name}>
      <span className="badge badge-plain">{kind}</span>{" "}
      <span className="mono dim ellipsis">{rest.join(":")}</span>
    </span>
  );
}
