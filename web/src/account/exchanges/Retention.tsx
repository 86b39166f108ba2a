import { Button, NumberInput, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { account } from "../http.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { Failure } from "../parts/Situations.tsx";
import { meQuery, retentionQuery } from "../queries.ts";
import type { Retention as Kept } from "../types.ts";
import { megabytes } from "./bytes.ts";

/** How long what stands above is kept, and the way to change it. */
export function Retention() {
  const { t, i18n } = useTranslation("account");
  const [open, setOpen] = useState(false);
  const { data: me } = useQuery(meQuery);
  const { data: kept } = useQuery(retentionQuery);
  if (!kept) return null;
  return (
    <div className="row below" data-testid="retention">
      <Text size="sm" c="dimmed">
        {t("retention.kept", { days: kept.days, failed: kept.failed_days })}{" "}
        {t("retention.used", {
          used: megabytes(kept.bytes, i18n.language),
          most: megabytes(kept.bytes_max, i18n.language),
        })}
      </Text>
      {me?.acts.includes("keep_exchanges") && (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            setOpen(true);
          }}
        >
          {t("retention.change")}
        </Button>
      )}
      {open && (
        <Change
          kept={kept}
          close={() => {
            setOpen(false);
          }}
        />
      )}
    </div>
  );
}

const MOST = 400;

function Change({ kept, close }: { kept: Kept; close: () => void }) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const [days, setDays] = useState<number | string>(kept.days);
  const [failedDays, setFailedDays] = useState<number | string>(kept.failed_days);
  const save = useMutation({
    mutationFn: () => account.keepExchanges({ days: Number(days), failed_days: Number(failedDays) }),
    onSuccess: (now) => {
      client.setQueryData(retentionQuery.queryKey, now);
      close();
    },
  });
  const shorter = Number(days) < kept.days || Number(failedDays) < kept.failed_days;
  const tooShort = Number(failedDays) < Number(days);
  return (
    <Dialog title={t("retention.title")} close={close}>
      <form
        className="stacked"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <NumberInput
          data-first-field
          label={t("retention.days")}
          value={days}
          onChange={setDays}
          {...{ min: 1, max: MOST, required: true, allowDecimal: false }}
        />
        <NumberInput
          label={t("retention.failedDays")}
          value={failedDays}
          onChange={setFailedDays}
          error={tooShort && t("retention.tooShort")}
          {...{ min: 7, max: MOST, required: true, allowDecimal: false }}
        />
        <Text size="sm" c="dimmed">
          {shorter ? t("retention.shorter") : t("retention.journal")}
        </Text>
        {save.isError && <Failure error={save.error} />}
        <div className="row">
          <Button type="submit" loading={save.isPending} disabled={tooShort}>
            {t("retention.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
