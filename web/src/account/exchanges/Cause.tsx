import { Alert, Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Link } from "../navigation.tsx";
import { SideBadge, VerdictBadge } from "../parts/Badges.tsx";
import { Copy } from "../parts/Copy.tsx";
import type { Exchange, Finding } from "../types.ts";
import { hasFailed } from "./sides.ts";

/** Whose side, why, and what to change; then what it means for the money. */
export function Cause({ exchange }: { exchange: Exchange }) {
  const { t } = useTranslation("account");
  const [first, ...others] = exchange.findings;
  const failed = hasFailed(exchange);
  const tone = exchange.verdict === "conflict" ? "needs-you" : failed ? "in-doubt" : undefined;
  return (
    <Alert variant="default" mb="md" className={tone} data-testid="verdict">
      <div className="row">
        {failed && <SideBadge side={first?.side ?? null} />}
        <VerdictBadge verdict={exchange.verdict} />
        {exchange.why && <span className="mono small break">{exchange.why}</span>}
      </div>
      {first && <Told finding={first} />}
      {failed && !first && <Text mt={6}>{t("cause.unexplained")}</Text>}
      <Text mt={6} c={first ? "dimmed" : undefined} size={first ? "sm" : undefined}>
        {t(`meanings.${exchange.verdict}`)}
      </Text>
      {others.length > 0 && (
        <details className="others">
          <summary>{t("cause.others", { count: others.length })}</summary>
          {others.map((finding) => (
            <Told key={finding.code} finding={finding} />
          ))}
        </details>
      )}
    </Alert>
  );
}

function Told({ finding }: { finding: Finding }) {
  const { t } = useTranslation("account");
  return (
    <section className="cause" data-testid="finding" data-code={finding.code}>
      <Text fw={600} component="h2" size="md" m={0}>
        {finding.title}
      </Text>
      <p className="break">
        <Coded text={finding.detail} />
      </p>
      <p>
        <strong>{t("cause.fix")}</strong> <Coded text={finding.hint} />
      </p>
      {finding.fix && (
        <div className="row">
          <pre className="code fix" tabIndex={0} aria-label={t("cause.write")}>
            {finding.fix}
          </pre>
          <Copy value={finding.fix} what={t("cause.write")} />
        </div>
      )}
      <p className="dim small">
        {finding.why}{" "}
        <Anchor href={finding.doc_url} underline="always" size="sm">
          {t("cause.docs", { code: finding.code })}
        </Anchor>
      </p>
      {finding.rules.length > 0 && (
        <p className="small" data-testid="failing-test">
          {t("cause.test")} <code className="break">croupier certify {finding.rules.join(" ")}</code>{" "}
          <Copy value={`croupier certify ${finding.rules.join(" ")}`} what={t("cause.test")} />{" "}
          <Link to={{ page: "integration" }} className="link">
            {t("nav.integration")}
          </Link>
        </p>
      )}
    </section>
  );
}

/** Names stand between backticks, as in Markdown. */
function Coded({ text }: { text: string }) {
  const parts = text.split("`");
  if (parts.length % 2 === 0) return text;
  return parts.map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part));
}
