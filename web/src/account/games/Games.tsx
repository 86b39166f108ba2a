import { NativeSelect, Paper, SegmentedControl, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ReportSearch } from "../filters.ts";
import { go, Link } from "../navigation.tsx";
import { PageHead } from "../parts/PageHead.tsx";
import { PeriodPicker } from "../parts/PeriodPicker.tsx";
import { Empty, Failure, Loading } from "../parts/Situations.tsx";
import { reportQuery } from "../queries.ts";
import type { Report } from "../types.ts";
import { Time } from "../zone.tsx";
import { daysOf } from "./days.ts";
import { DayTable } from "./DayTable.tsx";
import { GameSets } from "./GameSets.tsx";
import { useGameNames } from "./names.ts";
import { ReportTable } from "./ReportTable.tsx";

const DayChart = lazy(() => import("./DayChart.tsx").then(({ DayChart }) => ({ default: DayChart })));
const PRESETS = ["today", "7d", "30d", "90d", "custom"] as const;

type Props = { search: ReportSearch; currencies: string[] };

export function Games({ search, currencies }: Props) {
  const { t } = useTranslation("account");
  const by = search.by ?? "game";
  const { from, to } = search;
  const report = useQuery(reportQuery({ from, to, by: `${by},currency` }));
  return (
    <>
      <PageHead title={t("games.title")} tab={t("games.title")} />
      <Filters search={search} currencies={used(report.data, currencies)} />
      <ByDay search={search} currencies={currencies} />
      <Paper withBorder mt="md">
        <div className="panel-head">
          <Title order={2} size="h5">
            {by === "game" ? t("games.byGame") : t("games.bySet")}
          </Title>
          {report.data && (
            <span className="dim small">
              {t("games.asOf")} <Time at={report.data.as_of} />
            </span>
          )}
        </div>
        {report.isPending ? (
          <Loading rows={4} />
        ) : report.isError ? (
          <Failure error={report.error} retry={() => void report.refetch()} />
        ) : report.data.items.length === 0 ? (
          <Empty title={t("games.none")} />
        ) : (
          <ReportTable
            report={report.data}
            by={by}
            currency={search.currency}
            gameId={by === "game" ? search.game_id : undefined}
            stale={report.isPlaceholderData}
          />
        )}
      </Paper>
      <GameSets />
    </>
  );
}

function Filters({ search, currencies }: Props) {
  const { t } = useTranslation("account");
  const games = useGameNames();
  const set = (change: ReportSearch) => {
    go({ page: "games", search: { ...search, ...change } }, { replace: true });
  };
  return (
    <div className="filters" role="search" aria-label={t("filters.label")}>
      <PeriodPicker
        presets={PRESETS}
        none="30d"
        value={search}
        onChange={({ from, to }) => {
          set({ from, to });
        }}
      />
      <div>
        <span className="field-label" id="by-label">
          {t("games.by")}
        </span>
        <SegmentedControl
          aria-labelledby="by-label"
          value={search.by ?? "game"}
          onChange={(by) => {
            set({ by: by === "game_set" ? "game_set" : undefined });
          }}
          data={[
            { value: "game", label: t("filters.game") },
            { value: "game_set", label: t("filters.gameSet") },
          ]}
        />
      </div>
      <NativeSelect
        label={t("filters.game")}
        value={search.game_id ?? ""}
        data={[{ value: "", label: t("filters.all") }, ...games.all]}
        onChange={(event) => {
          set({ game_id: event.currentTarget.value || undefined });
        }}
      />
      <NativeSelect
        label={t("filters.currency")}
        value={search.currency ?? ""}
        data={[{ value: "", label: t("filters.all") }, ...currencies]}
        onChange={(event) => {
          set({ currency: event.currentTarget.value || undefined });
        }}
      />
    </div>
  );
}

/** Currencies with rounds in the period, those with the most rounds first; without any the operator's. */
function used(report: Report | undefined, all: string[]): string[] {
  const found = [...(report?.totals ?? [])]
    .sort((a, b) => b.rounds - a.rounds)
    .map(({ currency }) => currency ?? "");
  return found.length > 0 ? found : all;
}

/** One currency and, when chosen, one game, day by day: as a picture or as a table. */
function ByDay({ search, currencies: all }: Props) {
  const { t } = useTranslation("account");
  const { from, to, currency: wanted, game_id: gameId } = search;
  const report = useQuery(reportQuery({ from, to, by: gameId ? "day,game,currency" : "day,currency" }));
  const games = useGameNames();
  const [form, setForm] = useState<"chart" | "table">("chart");
  const [first = "EUR"] = used(report.data, all.includes("EUR") ? ["EUR"] : all);
  const currency = wanted ?? first;
  const exponent = report.data?.totals.find((total) => total.currency === currency)?.exponent ?? 2;
  const days = daysOf(report.data?.items ?? [], currency, gameId);
  const title = t("days.title", { what: gameId ? games.name(gameId) : t("days.allGames"), currency });
  return (
    <section aria-labelledby="days-title">
      <Paper withBorder>
        <div className="panel-head">
          <Title order={2} size="h5" id="days-title">
            {title}
          </Title>
          <SegmentedControl
            size="xs"
            aria-label={t("days.form")}
            value={form}
            onChange={(value) => {
              setForm(value as "chart" | "table");
            }}
            data={[
              { value: "chart", label: t("days.chart") },
              { value: "table", label: t("days.table") },
            ]}
          />
        </div>
        {report.isPending ? (
          <Loading rows={6} />
        ) : report.isError ? (
          <Failure error={report.error} retry={() => void report.refetch()} />
        ) : days.length === 0 ? (
          <Empty title={t("games.none")}>
            <Text c="dimmed" ta="center" maw={520}>
              {t("games.noneHint")}
            </Text>
            <Link to={{ page: "rounds", search: {} }} className="link">
              {t("games.noneLink")}
            </Link>
          </Empty>
        ) : form === "table" ? (
          <DayTable days={days} currency={currency} exponent={exponent} label={title} />
        ) : (
          <Suspense fallback={<Loading rows={8} />}>
            <DayChart days={days} currency={currency} exponent={exponent} label={title} />
          </Suspense>
        )}
      </Paper>
    </section>
  );
}
