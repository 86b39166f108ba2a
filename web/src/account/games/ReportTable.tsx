import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Link } from "../navigation.tsx";
import { Amount } from "../parts/Amount.tsx";
import { DataTable, type Column } from "../parts/DataTable.tsx";
import { gameSetsQuery } from "../queries.ts";
import type { Report, ReportLine } from "../types.ts";
import { useGameNames } from "./names.ts";
import { RtpBand } from "./RtpBand.tsx";
import { percentOf } from "../../percent.ts";

type Props = {
  report: Report;
  by: "game" | "game_set";
  currency: string | undefined;
  gameId: string | undefined;
  stale: boolean;
};

export function ReportTable({ report, by, currency, gameId, stale }: Props) {
  const { t, i18n } = useTranslation("account");
  const games = useGameNames();
  const { data: sets } = useQuery(gameSetsQuery);
  const nameOf = (id: string) =>
    by === "game" ? games.name(id) : (sets?.items.find((set) => set.id === id)?.name ?? id);
  const count = new Intl.NumberFormat(i18n.language);
  const of = (line: ReportLine) => (by === "game" ? line.game_id : line.game_set) ?? "";
  const shown = (line: ReportLine) =>
    (!currency || line.currency === currency) && (!gameId || line.game_id === gameId);
  const money = (line: ReportLine, key: "bets" | "wins" | "ggr", testId?: string) => (
    <Amount minor={line[key]} currency={line.currency ?? ""} exponent={line.exponent} testId={testId} />
  );
  const columns: Column<ReportLine>[] = [
    {
      key: by,
      head: by === "game" ? t("filters.game") : t("filters.gameSet"),
      cell: (line) =>
        of(line) === "" ? (
          <span className="dim">{t("games.noSet")}</span>
        ) : (
          <Link
            to={{ page: "rounds", search: by === "game" ? { game_id: of(line) } : { game_set: of(line) } }}
            className="link"
          >
            {nameOf(of(line))}
          </Link>
        ),
    },
    { key: "currency", head: t("filters.currency"), cell: (line) => line.currency },
    { key: "rounds", head: t("money.rounds"), number: true, cell: (line) => count.format(line.rounds) },
    { key: "bets", head: t("money.bets"), number: true, cell: (line) => money(line, "bets") },
    { key: "wins", head: t("money.wins"), number: true, cell: (line) => money(line, "wins") },
    { key: "ggr", head: t("money.ggr"), number: true, cell: (line) => money(line, "ggr") },
    { key: "rtp", head: t("rtp.head"), cell: (line) => <RtpBand line={line} /> },
    {
      key: "hit",
      head: t("rtp.hit"),
      number: true,
      cell: (line) => (line.hit_frequency === null ? "–" : percentOf(line.hit_frequency, i18n.language)),
    },
  ];
  // A round's game can be in several sets, so lines by set do not add up: only those by game have a total.
  const totals = by === "game" && !gameId ? report.totals.filter(shown) : [];
  return (
    <DataTable
      label={by === "game" ? t("games.byGame") : t("games.bySet")}
      testId="report"
      columns={columns}
      rows={report.items.filter(shown)}
      rowKey={(line) => `${of(line)}/${line.currency ?? ""}`}
      stale={stale}
      foot={totals.map((total) => ({
        key: total.currency ?? "",
        testId: `report-total-${total.currency ?? ""}`,
        head: t("money.total"),
        cells: {
          currency: total.currency,
          rounds: count.format(total.rounds),
          bets: money(total, "bets", "total-bets"),
          wins: money(total, "wins", "total-wins"),
          ggr: money(total, "ggr", "total-ggr"),
          rtp: total.rtp === null ? "–" : percentOf(total.rtp, i18n.language),
          hit: total.hit_frequency === null ? "–" : percentOf(total.hit_frequency, i18n.language),
        },
      }))}
    />
  );
}
