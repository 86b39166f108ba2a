import { useTranslation } from "react-i18next";

import { Amount } from "../parts/Amount.tsx";
import { DataTable, type Column } from "../parts/DataTable.tsx";
import { formatTime } from "../zone.tsx";
import type { Day } from "./days.ts";

export function DayTable(props: { days: Day[]; currency: string; exponent: number; label: string }) {
  const { t, i18n } = useTranslation("account");
  const { days, currency, exponent, label } = props;
  const money = (key: "bets" | "wins" | "ggr", head: string): Column<Day> => ({
    key,
    head,
    number: true,
    cell: (day) => <Amount minor={day[key]} currency={currency} exponent={exponent} quiet />,
  });
  return (
    <DataTable
      label={label}
      testId="days"
      rows={days}
      rowKey={({ day }) => day}
      columns={[
        { key: "day", head: t("days.day"), cell: ({ day }) => formatTime(day, "day", "UTC", i18n.language) },
        {
          key: "rounds",
          head: t("money.rounds"),
          number: true,
          cell: ({ rounds }) => new Intl.NumberFormat(i18n.language).format(rounds),
        },
        money("bets", t("money.bets")),
        money("wins", t("money.wins")),
        money("ggr", t("money.ggr")),
      ]}
    />
  );
}
