import { Button, Paper, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { account } from "../http.ts";
import { IconCircleCheck, IconClock } from "../icons.ts";
import { Failure } from "../parts/Situations.tsx";
import { goingLiveQuery } from "../queries.ts";
import type { Me } from "../types.ts";

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
