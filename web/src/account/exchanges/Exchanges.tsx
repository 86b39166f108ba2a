import { Button, NativeSelect, Paper, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { ExchangesSearch } from "../filters.ts";
import { go, Link } from "../navigation.tsx";
import { More } from "../parts/More.tsx";
import { SideBadge, StatusBadge, VerdictBadge } from "../parts/Badges.tsx";
import { Copy } from "../parts/Copy.tsx";
import { DataTable, type Column } from "../parts/DataTable.tsx";
import { FilterText } from "../parts/FilterText.tsx";
import { PlayerId, RoundId } from "../parts/Id.tsx";
import { PageHead } from "../parts/PageHead.tsx";
import { PeriodPicker } from "../parts/PeriodPicker.tsx";
import { Groups } from "./Groups.tsx";
import { Retention } from "./Retention.tsx";
import { RetryAll } from "./RetryAll.tsx";
import { hasFailed, SIDES } from "./sides.ts";
import { Empty, Failure, Loading } from "../parts/Situations.tsx";
import { exchangesQuery } from "../queries.ts";
import type { ExchangeItem } from "../types.ts";
import { Time } from "../zone.tsx";
import { IconSearch } from "../icons.ts";

const PRESETS = ["today", "7d", "30d", "all", "custom"] as const;
const VERDICTS = ["accepted", "declined", "unknown", "conflict", "ok", "error"] as const;

export function Exchanges({ search }: { search: ExchangesSearch }) {
  const { t } = useTranslation("account");
  const exchanges = useInfiniteQuery(exchangesQuery(search));
  return (
    <>
      <PageHead title={t("exchanges.title")} tab={t("exchanges.title")}>
        <RetryAll />
        <Button
          size="xs"
          variant="default"
          loading={exchanges.isRefetching}
          onClick={() => void exchanges.refetch()}
        >
          {t("exchanges.refresh")}
        </Button>
      </PageHead>
      <Filters search={search} />
      {!search.finding && <Groups search={search} />}
      <Paper withBorder>
        {exchanges.isPending ? (
          <Loading rows={10} />
        ) : exchanges.isError ? (
          <Failure error={exchanges.error} retry={() => void exchanges.refetch()} />
        ) : (
          <List
            items={exchanges.data.pages.flatMap((page) => page.items)}
            filtered={Object.keys(search).length > 0}
            stale={exchanges.isPlaceholderData}
          />
        )}
      </Paper>
      <More list={exchanges} />
      <Retention />
    </>
  );
}

function Filters({ search }: { search: ExchangesSearch }) {
  const { t } = useTranslation("account");
  const set = (change: ExchangesSearch) => {
    go({ page: "exchanges", search: { ...search, ...change } }, { replace: true });
  };
  return (
    <div className="filters" role="search" aria-label={t("filters.label")}>
      <PeriodPicker
        presets={PRESETS}
        none="all"
        value={search}
        onChange={({ from, to }) => {
          set({ from, to });
        }}
      />
      <NativeSelect
        label={t("exchanges.verdict")}
        value={search.verdict ?? ""}
        data={[
          { value: "", label: t("filters.all") },
          ...VERDICTS.map((verdict) => ({ value: verdict, label: t(`verdicts.${verdict}`) })),
        ]}
        onChange={(event) => {
          set({ verdict: event.currentTarget.value || undefined });
        }}
      />
      <NativeSelect
        label={t("groups.side")}
        value={search.side ?? ""}
        data={[
          { value: "", label: t("filters.all") },
          ...SIDES.map((side) => ({ value: side, label: t(`sides.${side}`) })),
        ]}
        onChange={(event) => {
          set({ side: event.currentTarget.value || undefined });
        }}
      />
      <FilterText
        label={t("groups.finding")}
        value={search.finding}
        placeholder="CRP-JSON-003"
        onChange={(finding) => {
          set({ finding });
        }}
      />
      <FilterText
        first
        label={t("exchanges.path")}
        value={search.path}
        placeholder="/bet"
        icon={<IconSearch size={16} aria-hidden />}
        onChange={(path) => {
          set({ path });
        }}
      />
      {Object.keys(search).length > 0 && (
        <Link to={{ page: "exchanges", search: {} }} className="link clear">
          {t("filters.clear")}
        </Link>
      )}
    </div>
  );
}

function List({ items, filtered, stale }: { items: ExchangeItem[]; filtered: boolean; stale: boolean }) {
  const { t, i18n } = useTranslation("account");
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  if (items.length === 0) {
    return (
      <Empty title={filtered ? t("exchanges.noneFiltered") : t("exchanges.none")}>
        <Text c="dimmed" ta="center" maw={480}>
          {filtered ? t("exchanges.noneFilteredHint") : t("exchanges.noneHint")}
        </Text>
      </Empty>
    );
  }
  const columns: Column<ExchangeItem>[] = [
    { key: "at", head: t("exchanges.at"), cell: (item) => <Time at={item.at} precision="log" /> },
    {
      key: "call",
      head: t("exchanges.call"),
      cell: (item) => (
        <span className="id">
          <Link
            to={{ page: "exchange", exchangeId: item.exchange_id }}
            className="link mono path"
            title={item.path}
          >
            <span aria-label={item.direction === "out" ? t("exchanges.out") : t("exchanges.in")}>
              {item.direction === "out" ? "→" : "←"}
            </span>{" "}
            {item.method} {item.path}
          </Link>
          <Copy value={item.exchange_id} what={item.exchange_id} />
        </span>
      ),
      wide: true,
    },
    { key: "status", head: "HTTP", cell: (item) => <StatusBadge status={item.status} why={item.why} /> },
    { key: "ms", head: "ms", number: true, cell: (item) => number.format(item.total_ms) },
    {
      key: "verdict",
      head: t("exchanges.verdict"),
      cell: (item) => (
        <>
          {hasFailed(item) ? <SideBadge side={item.side} /> : <VerdictBadge verdict={item.verdict} />}{" "}
          <span className="dim small">
            {item.finding && <span className="mono nowrap">{item.finding}</span>}{" "}
            <span title={item.why}>{item.why.split(":")[0]}</span>
          </span>
        </>
      ),
    },
    {
      key: "round_id",
      head: t("rounds.round"),
      cell: (item) => item.round_id && <RoundId id={item.round_id} />,
    },
    {
      key: "player_id",
      head: t("filters.player"),
      cell: (item) => item.player_id && <PlayerId id={item.player_id} />,
    },
  ];
  return (
    <DataTable
      label={t("exchanges.title")}
      testId="exchanges"
      columns={columns}
      rows={items}
      rowKey={(item) => item.exchange_id}
      stale={stale}
    />
  );
}
