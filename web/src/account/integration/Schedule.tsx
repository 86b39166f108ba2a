import { NativeSelect, Paper, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { account } from "../http.ts";
import { Failure } from "../parts/Situations.tsx";
import { scheduleQuery } from "../queries.ts";
import type { Me } from "../types.ts";
import { Time } from "../zone.tsx";

const DAYS = [0, 1, 7, 14, 30];

/** The latest whole check, made again by itself. Nothing is shown before there is one. */
export function Schedule({ me }: { me: Me }) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const { data: schedule } = useQuery(scheduleQuery);
  const set = useMutation({
    mutationFn: (days: number) => account.schedule({ every_days: days }),
    onSuccess: (now) => {
      client.setQueryData(scheduleQuery.queryKey, now);
    },
  });
  if (!schedule?.certification_id) return null;
  const chosen = DAYS.includes(schedule.every_days) ? DAYS : [...DAYS, schedule.every_days];
  const nameOf = (days: number) => {
    if (days === 0) return t("integration.schedule.never");
    return days === 1 ? t("integration.schedule.daily") : t("integration.schedule.every", { days });
  };
  return (
    <Paper withBorder p="md" mb="md" component="section" data-testid="schedule">
      <NativeSelect
        label={t("integration.schedule.title")}
        description={t("integration.schedule.hint")}
        disabled={!me.acts.includes("schedule") || set.isPending}
        value={String(schedule.every_days)}
        data={chosen.map((days) => ({ value: String(days), label: nameOf(days) }))}
        onChange={(event) => {
          set.mutate(Number(event.currentTarget.value));
        }}
      />
      {schedule.next_at !== null && (
        <Text mt={6} size="sm" role="status">
          {t("integration.schedule.next")} <Time at={schedule.next_at} precision="full" />
        </Text>
      )}
      {set.isError && <Failure error={set.error} />}
    </Paper>
  );
}
