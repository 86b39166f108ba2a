import { Button, Paper, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { account } from "../http.ts";
import { IconCircleCheck, IconClock } from "../icons.ts";
import { CopyTextButton } from "../parts/Copy.tsx";
import { Failure } from "../parts/Situations.tsx";
import { hrefOf } from "../places.ts";
import { certificationQuery, goingLiveQuery } from "../queries.ts";
import type { Me } from "../types.ts";
import { Time } from "../zone.tsx";

/** What was checked, when, at which version, and how long that counts; with the link that shows it to somebody else. */
function Certificate({ certificationId, goodUntil }: { certificationId: string; goodUntil: string }) {
  const { t } = useTranslation("account");
  const { data: run } = useQuery(certificationQuery(certificationId));
  if (!run?.ended_at) return null;
  const link = new URL(hrefOf({ page: "integration", certificationId }), window.location.href).href;
  return (
    <div data-testid="certificate">
      <Text mt={6} className="break">
        {t("integration.certificate.checked", {
          level: t(`integration.levels.${run.level as "basic"}`),
          version: run.version,
          rules: run.rule_set,
        })}{" "}
        <Time at={run.ended_at} precision="full" />.
      </Text>
      <Text mt={4} size="sm" c="dimmed">
        {t("integration.certificate.until")} <Time at={goodUntil} precision="day" />.
      </Text>
      <div className="row below">
        <CopyTextButton value={link} label={t("integration.certificate.link")} />
        <Button
          component="a"
          size="xs"
          variant="default"
          href={account.reportAddress(certificationId, "html")}
          download
        >
          {t("integration.certificate.report")}
        </Button>
      </div>
    </div>
  );
}

/** May this operator go live, and what is missing. Says nothing once players play for money. */
export function GoingLive({ me }: { me: Me }) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const { data: standing } = useQuery(goingLiveQuery);
  const open = useMutation({
    mutationFn: () => account.goLive(),
    onSuccess: (now) => {
      client.setQueryData(goingLiveQuery.queryKey, now);
    },
  });
  if (!standing || (standing.kind === "live" && standing.open)) {
    return open.isSuccess ? (
      <Paper withBorder p="md" mb="md" role="status">
        {t("integration.live.opened")}
      </Paper>
    ) : null;
  }
  const Glyph = standing.ready ? IconCircleCheck : IconClock;
  return (
    <Paper withBorder p="md" mb="md" component="section" data-testid="going-live">
      <h2 className="run-outcome" data-state={standing.ready ? "green" : ""}>
        <Glyph size={20} aria-hidden />
        {standing.ready ? t("integration.live.ready") : t("integration.live.notYet")}
      </h2>
      {standing.ready && standing.certification_id && standing.good_until && (
        <Certificate certificationId={standing.certification_id} goodUntil={standing.good_until} />
      )}
      {standing.missing.length > 0 && (
        <ul className="totals below">
          {standing.missing.map(({ code }) => (
            <li key={code}>{t(`integration.live.missing.${code}`)}</li>
          ))}
        </ul>
      )}
      {standing.kind === "test" ? (
        <Text mt={6} c="dimmed" size="sm">
          {t("integration.live.test")}
        </Text>
      ) : (
        me.acts.includes("go_live") && (
          <Button
            mt="sm"
            disabled={!standing.ready}
            loading={open.isPending}
            onClick={() => {
              open.mutate();
            }}
          >
            {t("integration.live.go")}
          </Button>
        )
      )}
      {open.isError && <Failure error={open.error} />}
    </Paper>
  );
}
