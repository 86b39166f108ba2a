import { Paper, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Copy } from "../parts/Copy.tsx";

const COMMAND =
  "croupier certify --wallet-url http://localhost:8000/wallet --players-url http://localhost:8000/test-players";

/** Before the first check: what it does, what it needs, and how to do the same on one's own machine. */
export function Teaching({ start }: { start: ReactNode }) {
  const { t } = useTranslation("account");
  return (
    <Paper withBorder p="lg" component="section" data-testid="teaching" className="teaching">
      <Title order={2} size="h4">
        {t("integration.teach.title")}
      </Title>
      <Text mt="xs">{t("integration.teach.what")}</Text>
      <ol>
        <li>{t("integration.teach.players")}</li>
        <li>{t("integration.teach.run")}</li>
        <li>{t("integration.teach.mend")}</li>
      </ol>
      {start}
      <Text mt="lg" c="dimmed" size="sm">
        {t("integration.teach.local")}
      </Text>
      <div className="value">
        <pre className="code command" tabIndex={0} aria-label={t("copyCommand")}>
          {COMMAND}
        </pre>
        <Copy value={COMMAND} what={t("copyCommand")} />
      </div>
      <a className="link" href="/docs/certifying/">
        {t("integration.teach.docs")}
      </a>
    </Paper>
  );
}
