import { Paper, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Link } from "../navigation.tsx";
import { DataTable } from "../parts/DataTable.tsx";
import type { CertificationItem } from "../types.ts";
import { Time } from "../zone.tsx";
import { isOpen, ORDER } from "./verdicts.ts";
import { VerdictWord } from "./VerdictWord.tsx";

/** Earlier checks, as they were: the newest 200 are kept. */
export function PastRuns({ runs, here }: { runs: CertificationItem[]; here: string | undefined }) {
  const { t } = useTranslation("account");
  if (runs.length < 2) return null;
  return (
    <Paper withBorder mt="lg" component="section">
      <div className="panel-head">
        <Title order={2} size="h5">
          {t("integration.past")}
        </Title>
      </div>
      <DataTable
        label={t("integration.past")}
        testId="certifications"
        rows={runs}
        rowKey={(run) => run.certification_id}
        columns={[
          {
            key: "at",
            head: t("exchanges.at"),
            cell: (run) => (
              <Link
                to={{ page: "integration", certificationId: run.certification_id }}
                className="link"
                aria-current={run.certification_id === here ? "true" : undefined}
              >
                <Time at={run.asked_at} precision="full" />
              </Link>
            ),
          },
          {
            key: "state",
            head: t("integration.outcome"),
            cell: (run) => t(`integration.states.${run.green ? "green" : run.state}`),
          },
          {
            key: "what",
            head: t("integration.what"),
            cell: (run) =>
              run.whole
                ? t(`integration.levels.${run.level as "basic"}`)
                : t("integration.rules", { count: run.rules }),
          },
          {
            key: "counts",
            head: t("integration.found"),
            cell: (run) => (
              <span className="row">
                {ORDER.filter((verdict) => run.counts[verdict]).map((verdict) => (
                  <VerdictWord key={verdict} verdict={verdict} count={run.counts[verdict] ?? 0} />
                ))}
                {isOpen(run) && "…"}
              </span>
            ),
          },
          { key: "by", head: t("integration.by"), cell: (run) => run.asked_by },
        ]}
      />
    </Paper>
  );
}
