import { Button, Paper, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { account } from "../http.ts";
import { IconAlertTriangle, IconCircleCheck, IconClock, IconDownload, IconPlayerPause } from "../icons.ts";
import { Fact, Facts } from "../parts/Facts.tsx";
import { PlainId } from "../parts/Id.tsx";
import type { Certification } from "../types.ts";
import { Time } from "../zone.tsx";
import { countsOf, isOpen } from "./verdicts.ts";
import { VerdictWord } from "./VerdictWord.tsx";

const FORMATS = [
  ["html", "HTML"],
  ["json", "JSON"],
  ["junit", "JUnit"],
  ["markdown", "Markdown"],
] as const;

/** How far it is, what came of it, the one thing to do next, and what exactly was tried. */
export function Summary({ run }: { run: Certification }) {
  const { t } = useTranslation("account");
  const open = isOpen(run);
  const tone = open || run.green ? "" : run.state === "finished" ? "needs-you" : "in-doubt";
  return (
    <>
      <Paper withBorder p="md" mb="md" className={tone} component="section" data-testid="certification">
        <div className="run-head">
          <Outcome run={run} />
          <span className="number dim">
            {t("integration.judged", { judged: run.judged, rules: run.rules })}
          </span>
        </div>
        <progress
          className="run-progress"
          max={run.rules}
          value={run.judged}
          aria-label={t("integration.progress")}
        />
        <div className="row">
          {countsOf(run.results).map(([verdict, count]) => (
            <VerdictWord key={verdict} verdict={verdict} count={count} />
          ))}
          <span className="spoken-only" role="status">
            {open ? "" : t(`integration.states.${run.green ? "green" : run.state}`)}
          </span>
        </div>
        {run.why && <Text mt={8}>{run.why}</Text>}
        {run.fix_first && !open && (
          <Text mt={8} fw={600} data-testid="fix-first">
            {t("integration.fixFirst")}{" "}
            <a className="link" href={`#${run.fix_first.split(" ")[0] ?? ""}`}>
              {run.fix_first}
            </a>
          </Text>
        )}
        {!open && run.state === "finished" && (
          <div className="row below">
            <IconDownload size={16} aria-hidden />
            <span className="small dim">{t("integration.report")}</span>
            {FORMATS.map(([format, name]) => (
              <Button
                key={format}
                component="a"
                size="compact-xs"
                variant="default"
                href={account.reportAddress(run.certification_id, format)}
                download
              >
                {name}
              </Button>
            ))}
          </div>
        )}
      </Paper>
      <Facts testId="certification-facts">
        <Fact name={t("integration.wallet")}>
          <span className="mono break">{run.wallet_url ?? "…"}</span>
        </Fact>
        <Fact name={t("integration.dialect")}>
          {run.dialect ?? "…"}, {run.currency}
        </Fact>
        <Fact name={t("integration.what")}>
          {run.whole ? t(`integration.levels.${run.level as "basic"}`) : t("integration.choice")}
        </Fact>
        <Fact name={t("integration.asked")}>
          <Time at={run.asked_at} precision="full" /> <span className="dim break">{run.asked_by}</span>
        </Fact>
        <Fact name={t("integration.ruleSet")}>
          {run.rule_set ?? "…"} {run.rules_hash && <PlainId id={run.rules_hash} />}
        </Fact>
        <Fact name={t("integration.version")}>{run.version ?? "…"}</Fact>
        <Fact name={t("integration.players")}>
          <span className="mono break">{run.players_url ?? run.player_ids.slice(0, 3).join(", ")}</span>
        </Fact>
        <Fact name={t("integration.ended")}>
          <Time at={run.ended_at} precision="full" />
        </Fact>
      </Facts>
    </>
  );
}

function Outcome({ run }: { run: Certification }) {
  const { t } = useTranslation("account");
  const [state, Glyph] = run.green
    ? (["green", IconCircleCheck] as const)
    : isOpen(run)
      ? ([run.state, IconClock] as const)
      : run.state === "finished"
        ? (["finished", IconAlertTriangle] as const)
        : ([run.state, IconPlayerPause] as const);
  return (
    <h2 className="run-outcome" data-state={run.green ? "green" : run.state}>
      <Glyph size={20} aria-hidden />{" "}
      {run.state === "queued"
        ? run.ahead === 0
          ? t("integration.queuedNext")
          : t("integration.queued", { count: run.ahead })
        : t(`integration.states.${state}`)}
    </h2>
  );
}
