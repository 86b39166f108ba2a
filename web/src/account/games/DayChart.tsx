import { useComputedColorScheme } from "@mantine/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { formatMoney, minorToDecimal } from "../../money.ts";
import { formatTime } from "../zone.tsx";
import type { Day } from "./days.ts";

echarts.use([
  BarChart,
  LineChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  SVGRenderer,
]);

type Props = { days: Day[]; currency: string; exponent: number; label: string };

/** GGR above, bets and wins below, on scales of their own: GGR is a few per cent of the bets. */
export function DayChart({ days, currency, exponent, label }: Props) {
  const { t, i18n } = useTranslation("account");
  const scheme = useComputedColorScheme("light");
  const place = useRef<HTMLDivElement>(null);
  const language = i18n.language;

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const text = { color: token("--chart-text"), fontFamily: token("--font-text"), fontSize: 12 };
    const grid = token("--chart-grid");
    // Only the drawing needs a number with a point; what is read is written from the integer.
    const scale = (minor: number) => Number(minorToDecimal(minor, exponent));
    const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const names = { ggr: t("money.ggr"), bets: t("money.bets"), wins: t("money.wins") };
    const dates = days.map(({ day }) => formatTime(day, "day", "UTC", language));
    const xAxis = (gridIndex: number, shown: boolean) => ({
      type: "category" as const,
      gridIndex,
      data: dates,
      axisLine: { lineStyle: { color: grid } },
      axisTick: { show: false },
      axisLabel: { ...text, show: shown, hideOverlap: true },
      axisPointer: { label: { show: false }, lineStyle: { color: text.color } },
    });
    const yAxis = (gridIndex: number, name: string, splitNumber: number) => ({
      type: "value" as const,
      gridIndex,
      name,
      nameTextStyle: { ...text, align: "left" as const, padding: [0, 0, 0, -44] },
      splitNumber,
      axisLabel: { ...text, formatter: (value: number) => compact.format(value) },
      splitLine: { lineStyle: { color: grid } },
    });
    const chart = echarts.init(element, null, { renderer: "svg" });
    chart.setOption({
      animation: !still,
      animationDuration: 300,
      textStyle: text,
      aria: { enabled: true, label: { description: t("days.description", describe()) } },
      legend: {
        top: 0,
        right: 8,
        textStyle: text,
        itemWidth: 14,
        itemHeight: 10,
        inactiveColor: grid,
        data: [names.ggr, names.bets, names.wins],
      },
      grid: [
        { left: 56, right: 16, top: 44, height: 150 },
        { left: 56, right: 16, top: 244, height: 84 },
      ],
      xAxis: [xAxis(0, false), xAxis(1, true)],
      yAxis: [yAxis(0, names.ggr, 4), yAxis(1, `${names.bets} / ${names.wins}`, 2)],
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      tooltip: {
        trigger: "axis",
        backgroundColor: token("--surface-raised"),
        borderColor: token("--line"),
        textStyle: { ...text, color: token("--text") },
        formatter: (points: { dataIndex: number }[]) => tooltip(points[0]?.dataIndex ?? 0),
      },
      series: [
        {
          name: names.ggr,
          type: "bar",
          data: days.map(({ ggr }) => scale(ggr)),
          itemStyle: { color: token("--chart-1"), borderRadius: 2 },
          barMaxWidth: 28,
        },
        line(names.bets, "bets", token("--chart-2"), "solid"),
        line(names.wins, "wins", token("--chart-text"), "dashed"),
      ],
    });

    function line(name: string, key: "bets" | "wins", color: string, type: "solid" | "dashed") {
      return {
        name,
        type: "line" as const,
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: days.map((day) => scale(day[key])),
        symbol: days.length === 1 ? "circle" : "none",
        lineStyle: { color, width: 2, type },
        itemStyle: { color },
      };
    }

    function tooltip(index: number): HTMLElement | string {
      const day = days[index];
      if (!day) return "";
      const box = document.createElement("div");
      const lines = [
        dates[index] ?? "",
        ...(["ggr", "bets", "wins"] as const).map((key) => `${names[key]}: ${money(day[key])}`),
      ];
      for (const [at, text] of lines.entries()) {
        const row = box.appendChild(document.createElement(at === 0 ? "strong" : "div"));
        row.textContent = text;
      }
      return box;
    }

    function money(minor: number): string {
      return formatMoney(minor, currency, exponent, language);
    }

    function describe() {
      const sum = days.reduce((total, { ggr }) => total + ggr, 0);
      const best = days.reduce((top, day) => (day.ggr > top.ggr ? day : top));
      return {
        label,
        count: days.length,
        first: dates[0] ?? "",
        last: dates.at(-1) ?? "",
        ggr: money(sum),
        best: formatTime(best.day, "day", "UTC", language),
        bestGgr: money(best.ggr),
      };
    }

    const observer = new ResizeObserver(() => {
      chart.resize();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
    // The scheme's tokens are read from the page, so a change of scheme draws again.
  }, [days, currency, exponent, label, language, scheme, t]);

  return <div ref={place} className="chart" role="img" aria-label={label} data-testid="day-chart" />;
}
