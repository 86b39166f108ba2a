import { Paper, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { ExchangesSearch } from "../filters.ts";
import { Link } from "../navigation.tsx";
import { SideBadge } from "../parts/Badges.tsx";
import { DataTable, type Column } from "../parts/DataTable.tsx";
import { Failure } from "../parts/Situations.tsx";
import { exchangeGroupsQuery } from "../queries.ts";
import type { ExchangeGroup } from "../types.ts";
import { Time } from "../zone.tsx";

/** What fails, by cause and endpoint: each line leads to its calls. Nothing is shown while nothing fails. */
export function Groups({ search }: { search: ExchangesSearch }) {
  const { t, i18n } = useTranslation("account");
  const { from, to } = search;
  const groups = useQuery(exchangeGroupsQuery({ from, to }));
  const number = new Intl.NumberFormat(i18n.language);
  if (groups.isError) return <Failure error={groups.error} retry={() => void groups.refetch()} />;
  const items = groups.data?.items ?? [];
  if (items.length === 0) return null;
  const columns: Column<ExchangeGroup>[] = [
    {
      key: "cause",
      head: t("groups.cause"),
      cell: (group) => (
        <>
          <Link
            to={{
              page: "exchanges",
              search: {
                ...(from ? { from } : {}),
                ...(to ? { to } : {}),
                finding: group.finding ?? "unexplained",
                path: group.endpoint,
              },
            }}
            className="link"
          >
            {group.finding ? group.title : t("groups.unexplained")}
          </Link>{" "}
          <span className="dim small mono">{group.finding ?? group.why}</span>
        </>
      ),
    },
    { key: "side", head: t("groups.side"), cell: (group) => <SideBadge side={group.side} /> },
    {
      key: "endpoint",
      head: t("groups.endpoint"),
      cell: (group) => (
        <span className="mono path" title={group.endpoint}>
          {group.direction === "out" ? "→" : "←"} {group.method} {group.endpoint}
        </span>
      ),
    },
    {
      key: "exchanges",
      head: t("groups.count"),
      number: true,
      cell: (group) => number.format(group.exchanges),
    },
    {
      key: "last_at",
      head: t("groups.last"),
      cell: (group) => (
        <>
          <Time at={group.last_at} precision="full" />
          <div className="dim small">
            {t("groups.first")}: <Time at={group.first_at} precision="full" />
          </div>
        </>
      ),
    },
  ];
  return (
    <Paper withBorder mb="md" component="section">
      <div className="panel-head">
        <Title order={2} size="h5">
          {t("groups.title")}
        </Title>
      </div>
      <DataTable
        label={t("groups.title")}
        testId="exchange-groups"
        columns={columns}
        rows={items}
        rowKey={(group) =>
          [group.finding, group.why, group.direction, group.method, group.endpoint].join(" ")
        }
        stale={groups.isPlaceholderData}
      />
    </Paper>
  );
}
