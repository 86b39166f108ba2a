import { Paper, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { IconAlertTriangle, IconClock } from "../icons.ts";
import { clockQuery } from "../queries.ts";
import { Time } from "../zone.tsx";

/** The wallet's clock, as its own answers show it. Says nothing until there were enough of them. */
export function WalletClock() {
  const { t, i18n } = useTranslation("account");
  const { data: clock } = useQuery(clockQuery);
  if (!clock || clock.offset_ms === null || clock.measured_at === null) return null;
  const wrong = clock.finding !== null;
  const off = Math.abs(clock.offset_ms);
  const figure = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: off < 10_000 ? 1 : 0 });
  const seconds = figure.format(off / 1000);
  const Glyph = wrong ? IconAlertTriangle : IconClock;
  return (
    <Paper
      withBorder
      p="md"
      my="md"
      component="section"
      className={wrong ? "needs-you" : ""}
      data-testid="wallet-clock"
    >
      <h2 className="run-outcome" data-state={wrong ? "finished" : ""}>
        <Glyph size={20} aria-hidden />
        {off < 1000
          ? t("integration.clock.right")
          : t(clock.offset_ms > 0 ? "integration.clock.ahead" : "integration.clock.behind", { seconds })}
      </h2>
      {clock.finding && (
        <Text mt={6}>
          {t("integration.clock.wrong", { allowed: clock.allowed_ms / 1000 })}{" "}
          <a className="link" href={clock.finding.doc_url}>
            {clock.finding.code}
          </a>
        </Text>
      )}
      <Text mt={6} c="dimmed" size="sm">
        {t("integration.clock.how", { count: clock.samples })}{" "}
        <Time at={clock.measured_at} precision="full" />
      </Text>
    </Paper>
  );
}
