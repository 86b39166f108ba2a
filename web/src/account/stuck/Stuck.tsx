import { Paper, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useGameNames } from "../games/names.ts";
import { Link } from "../navigation.tsx";
import { More } from "../parts/More.tsx";
import { Amount } from "../parts/Amount.tsx";
import { TaughtCommand } from "../parts/Command.tsx";
import { DataTable, type Column } from "../parts/DataTable.tsx";
import { PlayerId, RoundId } from "../parts/Id.tsx";
import { PageHead } from "../parts/PageHead.tsx";
import { Empty, Failure, Loading } from "../parts/Situations.tsx";
import { meQuery, roundsQuery } from "../queries.ts";
import type { RoundItem } from "../types.ts";
import { Time } from "../zone.tsx";
import { ageOf } from "./age.ts";

/** Suspended rounds: nothing more is sent for them until two people have decided. */
export function Stuck() {
  const { t } = useTranslation("account");
  const rounds = useInfiniteQuery({ ...roundsQuery({ state: "suspended" }), refetchInterval: 15_000 });
  return (
    <>
      <PageHead title={t("stuck.title")} tab={t("stuck.title")} />
      <Text c="dimmed" mb="md" maw={720}>
        {t("stuck.intro")}
      </Text>
      <Paper withBorder>
        {rounds.isPending ? (
          <Loading rows={3} />
        ) : rounds.isError ? (
          <Failure error={rounds.error} retry={() => void rounds.refetch()} />
        ) : (
          <List items={rounds.data.pages.flatMap((page) => page.items)} now={rounds.dataUpdatedAt} />
        )}
      </Paper>
      <More list={rounds} />
    </>
  );
}

/** `now`: when the list was read. */
function List({ items, now }: { items: RoundItem[]; now: number }) {
  const { t } = useTranslation("account");
  const games = useGameNames();
  const { data: me } = useQuery(meQuery);
  if (items.length === 0) {
    return (
      <Empty title={t("stuck.none")}>
        <Text c="dimmed" ta="center" maw={560}>
          {t("stuck.noneHint")}
        </Text>
        <Text c="dimmed" ta="center" maw={560}>
          {t("stuck.people")}
        </Text>
        <TaughtCommand label={t("stuck.none")}>
          {`croupier user add finance@casino.example --operator ${me?.operator_id ?? "ID"} --role finance`}
        </TaughtCommand>
      </Empty>
    );
  }
  const columns: Column<RoundItem>[] = [
    { key: "round", head: t("rounds.round"), cell: (r) => <RoundId id={r.round_id} /> },
    { key: "age", head: t("stuck.age"), cell: (r) => <Age since={r.opened_at} now={now} /> },
    { key: "player", head: t("filters.player"), cell: (r) => <PlayerId id={r.player_id} /> },
    { key: "game", head: t("filters.game"), cell: (r) => games.name(r.game_id) },
    {
      key: "bet",
      head: t("money.bet"),
      number: true,
      cell: (r) => <Amount minor={r.bet} currency={r.currency} exponent={r.exponent} />,
    },
    {
      key: "win",
      head: t("money.win"),
      number: true,
      cell: (r) => <Amount minor={r.win} currency={r.currency} exponent={r.exponent} />,
    },
    {
      key: "open",
      head: t("stuck.next"),
      cell: (r) => (
        <Link to={{ page: "round", roundId: r.round_id }} className="link">
          {t("stuck.compare")}
        </Link>
      ),
    },
  ];
  return (
    <DataTable
      label={t("stuck.title")}
      testId="stuck"
      columns={columns}
      rows={items}
      rowKey={(r) => r.round_id}
    />
  );
}

function Age({ since, now }: { since: string; now: number }) {
  const { i18n } = useTranslation();
  return (
    <span className="nowrap">
      {ageOf(since, now, i18n.language)}{" "}
      <span className="dim small">
        <Time at={since} />
      </span>
    </span>
  );
}
