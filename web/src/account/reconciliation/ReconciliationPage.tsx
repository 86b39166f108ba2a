import { Alert, Anchor, Paper, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Link } from "../navigation.tsx";
import { Amount } from "../parts/Amount.tsx";
import { DataTable, type Column } from "../parts/DataTable.tsx";
import { Fact, Facts } from "../parts/Facts.tsx";
import { PlainId, RoundId } from "../parts/Id.tsx";
import { PageHead } from "../parts/PageHead.tsx";
import { Empty, Failure, Loading } from "../parts/Situations.tsx";
import { reconciliationQuery } from "../queries.ts";
import type { Difference, Reconciliation, Repair, Total } from "../types.ts";
import { Time } from "../zone.tsx";

export function ReconciliationPage({ reconciliationId }: { reconciliationId: string }) {
  const { t } = useTranslation("account");
  const { data, error, isPending, refetch } = useQuery(reconciliationQuery(reconciliationId));
  return (
    <>
      <nav aria-label={t("crumbs")} className="crumbs">
        <Link to={{ page: "reconciliations" }} className="link">
          {t("reconciliation.title")}
        </Link>
        <span aria-hidden>/</span>
        <PlainId id={reconciliationId} />
      </nav>
      {isPending ? (
        <Loading rows={8} />
      ) : error ? (
        <Failure page error={error} retry={() => void refetch()} />
      ) : (
        <Shown found={data} />
      )}
    </>
  );
}

function Shown({ found }: { found: Reconciliation }) {
  const { t } = useTranslation("account");
  const title = t("reconciliation.of", { date: found.date });
  const people =
    (found.counts["compare"] ?? 0) + (found.counts["resolve"] ?? 0) + (found.counts["suspend"] ?? 0);
  return (
    <>
      <PageHead title={title} tab={title}>
        <Anchor href={found.document_url} size="sm" className="link">
          {t("reconciliation.document")}
        </Anchor>
      </PageHead>
      {people > 0 && (
        <Alert variant="default" className="needs-you" mb="md" data-testid="attention">
          {t("reconciliation.needsYou", { count: people })}
        </Alert>
      )}
      {!found.complete && (
        <Alert variant="default" className="in-doubt" mb="md">
          {t("reconciliation.incomplete")}
        </Alert>
      )}
      <Facts testId="reconciliation-facts">
        <Fact name={t("reconciliation.lines")}>{found.lines}</Fact>
        <Fact name={t("reconciliation.agree")}>{found.agree}</Fact>
        <Fact name={t("reconciliation.differences")}>{found.differences}</Fact>
        <Fact name={t("reconciliation.compared")}>
          <Time at={found.created_at} precision="full" />
        </Fact>
        <Fact name={t("reconciliation.by")}>{found.created_by}</Fact>
        <Fact name={t("reconciliation.position")}>
          <span className="mono">{found.position}</span>
        </Fact>
      </Facts>
      <Totals totals={found.totals} />
      <Paper withBorder mt="md">
        <div className="panel-head">
          <Title order={2} size="h5">
            {t("reconciliation.differences")}
          </Title>
        </div>
        {found.items.length === 0 ? (
          <Empty title={t("reconciliation.clean")}>
            <Text c="dimmed">{t("reconciliation.cleanHint")}</Text>
          </Empty>
        ) : (
          <Differences found={found} />
        )}
      </Paper>
      <ToldLate found={found} />
    </>
  );
}

/** What late answers of that day left to do: no line of the statement shows it. */
function ToldLate({ found }: { found: Reconciliation }) {
  const { t } = useTranslation("account");
  const listed = new Set(found.items.map((one) => one.transaction_id));
  const late = found.repairs.filter((one) => !listed.has(one.transaction_id));
  if (late.length === 0) return null;
  const columns: Column<Repair>[] = [
    {
      key: "action",
      head: t("reconciliation.action"),
      cell: (one) => t(`reconciliation.actions.${one.act as "wait"}`),
    },
    {
      key: "state",
      head: t("filters.state"),
      cell: (one) => (
        <>
          {one.result
            ? t(`reconciliation.results.${one.result as "refused"}`)
            : t("reconciliation.results.open")}
          {one.detail && <div className="dim small break">{one.detail}</div>}
        </>
      ),
    },
    {
      key: "transaction",
      head: t("search.kinds.transaction"),
      cell: (one) => <PlainId id={one.transaction_id} />,
    },
    { key: "round", head: t("rounds.round"), cell: (one) => <RoundId id={one.round_id} /> },
  ];
  return (
    <Paper withBorder mt="md">
      <div className="panel-head">
        <Title order={2} size="h5">
          {t("reconciliation.late")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("reconciliation.lateHint")}
        </Text>
      </div>
      <DataTable
        label={t("reconciliation.late")}
        testId="late"
        columns={columns}
        rows={late}
        rowKey={(one) => `${one.transaction_id} ${one.act}`}
      />
    </Paper>
  );
}

function Differences({ found }: { found: Reconciliation }) {
  const { t } = useTranslation("account");
  const repairs = new Map(found.repairs.map((one) => [one.transaction_id, one]));
  const columns: Column<Difference>[] = [
    {
      key: "what",
      head: t("reconciliation.what"),
      cell: (d) => (
        <div className="explained">
          <strong>{d.title}</strong>
          <div className="dim small">{d.advice}</div>
        </div>
      ),
    },
    {
      key: "action",
      head: t("reconciliation.action"),
      cell: (d) => {
        const repair = repairs.get(d.transaction_id);
        const done = repair?.result;
        return (
          <span data-action={d.action} data-result={done ?? ""}>
            {t(`reconciliation.actions.${d.action as "wait"}`)}
            {repair && (
              <div className="dim small">
                {done ? t(`reconciliation.results.${done as "refused"}`) : t("reconciliation.results.open")}
              </div>
            )}
          </span>
        );
      },
    },
    {
      key: "transaction",
      head: t("search.kinds.transaction"),
      cell: (d) => (
        <>
          {d.kind} <PlainId id={d.transaction_id} />
          {d.round_id && (
            <div className="below">
              <RoundId id={d.round_id} />
            </div>
          )}
        </>
      ),
    },
    { key: "ours", head: t("reconciliation.here"), cell: (d) => <Side side={d.ours} /> },
    { key: "theirs", head: t("reconciliation.there"), cell: (d) => <Side side={d.theirs} /> },
  ];
  return (
    <DataTable
      label={t("reconciliation.differences")}
      testId="differences"
      columns={columns}
      rows={found.items}
      rowKey={(d) => `${d.transaction_id} ${String(d.theirs?.line ?? 0)}`}
    />
  );
}

/** One side's word for it. */
function Side({ side }: { side: Difference["ours"] }) {
  const { t } = useTranslation("account");
  if (!side) return <span className="dim">{t("reconciliation.nothing")}</span>;
  return (
    <>
      <span className="nowrap">
        {side.state} <Money minor={side.amount} currency={side.currency} exponent={side.exponent} />
      </span>
      <div className="dim small">
        {side.player_id}
        {typeof side.line === "number" && ` · ${t("reconciliation.line", { line: side.line })}`}
      </div>
    </>
  );
}

/** A statement may hold a currency that nobody here knows; then its minor units are shown as they came. */
function Money(props: { minor: number; currency: string; exponent: number | null }) {
  const { minor, currency, exponent } = props;
  if (exponent === null) return `${String(minor)} ${currency}`;
  return <Amount minor={minor} currency={currency} exponent={exponent} />;
}

function Totals({ totals }: { totals: Total[] }) {
  const { t } = useTranslation("account");
  const number = (
    key: "bets_ours" | "bets_theirs" | "wins_ours" | "wins_theirs",
    head: string,
  ): Column<Total> => ({
    key,
    head,
    number: true,
    cell: (one) => <Money minor={one[key]} currency={one.currency} exponent={one.exponent} />,
  });
  if (totals.length === 0) return null;
  return (
    <Paper withBorder mt="md">
      <DataTable
        label={t("reconciliation.totals")}
        testId="totals"
        columns={[
          { key: "currency", head: t("filters.currency"), cell: (one) => one.currency },
          number("bets_ours", t("reconciliation.betsHere")),
          number("bets_theirs", t("reconciliation.betsThere")),
          number("wins_ours", t("reconciliation.winsHere")),
          number("wins_theirs", t("reconciliation.winsThere")),
        ]}
        rows={totals}
        rowKey={(one) => one.currency}
      />
    </Paper>
  );
}
