import { Button, NativeSelect, Paper, Text } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { RoundsSearch } from "../filters.ts";
import { useGameNames } from "../games/names.ts";
import { downloadTransactions } from "../http.ts";
import { go, Link } from "../navigation.tsx";
import { More } from "../parts/More.tsx";
import { Amount } from "../parts/Amount.tsx";
import { StateBadge } from "../parts/Badges.tsx";
import { TaughtCommand } from "../parts/Command.tsx";
import { DataTable, type Column, type FootRow } from "../parts/DataTable.tsx";
import { FilterText } from "../parts/FilterText.tsx";
import { PlayerId, RoundId } from "../parts/Id.tsx";
import { PageHead } from "../parts/PageHead.tsx";
import { PeriodPicker } from "../parts/PeriodPicker.tsx";
import { Empty, Failure, Loading } from "../parts/Situations.tsx";
import { gameSetsQuery, roundsQuery } from "../queries.ts";
import { totalsOf } from "../totals.ts";
import type { RoundItem } from "../types.ts";
import { Time } from "../zone.tsx";
import { IconDownload, IconSearch } from "../icons.ts";

const PRESETS = ["today", "7d", "30d", "all", "custom"] as const;
const STATES = [
  "betting",
  "in_play",
  "paying",
  "rolling_back",
  "suspended",
  "closed",
  "declined",
  "cancelled",
] as const;

type Props = { search: RoundsSearch; currencies: string[] };

export function Rounds({ search, currencies }: Props) {
  const { t } = useTranslation("account");
  const rounds = useInfiniteQuery(roundsQuery(search));
  // The file has transactions, whose states are others than those of rounds.
  const { state, ...file } = search;
  const csv = useMutation({ mutationFn: () => downloadTransactions(file, "transactions.csv") });

  return (
    <>
      <PageHead title={t("rounds.title")} tab={t("rounds.title")}>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={csv.isPending}
          onClick={() => {
            csv.mutate();
          }}
        >
          {state ? t("rounds.csvAllStates") : t("rounds.csv")}
        </Button>
      </PageHead>
      {csv.isError && <Failure error={csv.error} />}
      <Filters search={search} currencies={currencies} />
      <Paper withBorder>
        {rounds.isPending ? (
          <Loading rows={10} />
        ) : rounds.isError ? (
          <Failure error={rounds.error} retry={() => void rounds.refetch()} />
        ) : (
          <List
            items={rounds.data.pages.flatMap((page) => page.items)}
            filtered={Object.keys(search).length > 0}
            stale={rounds.isPlaceholderData}
          />
        )}
      </Paper>
      <More list={rounds} />
    </>
  );
}

function Filters({ search, currencies }: Props) {
  const { t } = useTranslation("account");
  const { data: sets } = useQuery(gameSetsQuery);
  const games = useGameNames();
  const set = (change: RoundsSearch) => {
    go({ page: "rounds", search: { ...search, ...change } }, { replace: true });
  };
  const all = { value: "", label: t("filters.all") };
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
      <FilterText
        first
        label={t("filters.player")}
        value={search.player_id}
        placeholder={t("filters.playerId")}
        icon={<IconSearch size={16} aria-hidden />}
        onChange={(player_id) => {
          set({ player_id });
        }}
      />
      <NativeSelect
        label={t("filters.game")}
        value={search.game_id ?? ""}
        data={[all, ...games.all]}
        onChange={(event) => {
          set({ game_id: event.currentTarget.value || undefined });
        }}
      />
      <NativeSelect
        label={t("filters.gameSet")}
        value={search.game_set ?? ""}
        data={[all, ...(sets?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(event) => {
          set({ game_set: event.currentTarget.value || undefined });
        }}
      />
      <NativeSelect
        label={t("filters.state")}
        value={search.state ?? ""}
        data={[all, ...STATES.map((state) => ({ value: state, label: t(`states.${state}`) }))]}
        onChange={(event) => {
          set({ state: event.currentTarget.value || undefined });
        }}
      />
      <NativeSelect
        label={t("filters.currency")}
        value={search.currency ?? ""}
        data={[all, ...currencies.map((code) => ({ value: code, label: code }))]}
        onChange={(event) => {
          set({ currency: event.currentTarget.value || undefined });
        }}
      />
      {Object.keys(search).length > 0 && (
        <Link to={{ page: "rounds", search: {} }} className="link clear">
          {t("filters.clear")}
        </Link>
      )}
    </div>
  );
}

function List({ items, filtered, stale }: { items: RoundItem[]; filtered: boolean; stale: boolean }) {
  const { t } = useTranslation("account");
  const games = useGameNames();
  const totals = useTotals(items);
  if (items.length === 0) return filtered ? <Empty title={t("rounds.noneFiltered")} /> : <FirstRound />;
  const columns: Column<RoundItem>[] = [
    { key: "opened_at", head: t("rounds.opened"), cell: (round) => <Time at={round.opened_at} /> },
    { key: "round_id", head: t("rounds.round"), cell: (round) => <RoundId id={round.round_id} /> },
    { key: "player_id", head: t("filters.player"), cell: (round) => <PlayerId id={round.player_id} /> },
    {
      key: "game_id",
      head: t("filters.game"),
      cell: (round) => (
        <>
          <Link to={{ page: "games", search: { game_id: round.game_id } }} className="link quiet">
            {games.name(round.game_id)}
          </Link>
          {round.settlement && <div className="dim small">{t("rounds.settlement")}</div>}
        </>
      ),
    },
    { key: "state", head: t("filters.state"), cell: (round) => <StateBadge state={round.state} /> },
    {
      key: "bet",
      head: t("money.bet"),
      number: true,
      cell: (round) => <Amount minor={round.bet} currency={round.currency} exponent={round.exponent} />,
    },
    {
      key: "win",
      head: t("money.win"),
      number: true,
      cell: (round) => <Amount minor={round.win} currency={round.currency} exponent={round.exponent} quiet />,
    },
  ];
  return (
    <DataTable
      label={t("rounds.title")}
      testId="rounds"
      columns={columns}
      rows={items}
      rowKey={(round) => round.round_id}
      stale={stale}
      foot={totals}
    />
  );
}

/** Sums of the rows that are shown, per currency: nobody adds euros to yen. */
function useTotals(items: RoundItem[]): FootRow[] {
  const { t } = useTranslation("account");
  return totalsOf(items).map(({ currency, exponent, rounds, bet, win }) => {
    const amount = (minor: number, testId: string) => (
      <Amount minor={minor} currency={currency} exponent={exponent} testId={testId} />
    );
    return {
      key: currency,
      testId: `totals-${currency}`,
      head: (
        <div className="row spread">
          {t("rounds.shown", { count: rounds, currency })}
          <span>
            <span className="dim">{t("money.ggr")} </span>
            {amount(bet - win, "total-ggr")}
          </span>
        </div>
      ),
      cells: { bet: amount(bet, "total-bet"), win: amount(win, "total-win") },
    };
  });
}

/** Nothing played yet: how the first round comes about. */
function FirstRound() {
  const { t } = useTranslation("account");
  const command = [
    `curl ${window.location.origin}/api/v1/demo-sessions \\`,
    `  -H "Authorization: Bearer $CROUPIER_API_KEY" -H "Content-Type: application/json" \\`,
    `  -d '{"game_id": "krakens-hoard", "currency": "EUR", "language": "en"}'`,
  ].join("\n");
  return (
    <Empty title={t("rounds.none")}>
      <Text c="dimmed" ta="center" maw={520}>
        {t("rounds.noneHint")}
      </Text>
      <TaughtCommand label={t("rounds.none")}>{command}</TaughtCommand>
    </Empty>
  );
}
