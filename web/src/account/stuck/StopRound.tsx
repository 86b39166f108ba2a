import { Button, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { account } from "../http.ts";
import { Amount } from "../parts/Amount.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Failure } from "../parts/Situations.tsx";
import type { Resolutions, Round } from "../types.ts";
import { saysEnough, Words } from "./Words.tsx";

type Deed = "void" | "suspend";

/** A round that is open: staff stops it at once, or somebody proposes to void it and another person approves. */
export function StopRound({ round, found, acts }: { round: Round; found: Resolutions; acts: string[] }) {
  const { t } = useTranslation("account");
  const [deed, setDeed] = useState<Deed | null>(null);
  const voids = found.void && acts.includes("propose_void");
  const suspends = found.may_suspend && acts.includes("suspend");
  if (!voids && !suspends) return null;
  return (
    <>
      <Text maw={720}>{t("resolution.open.how")}</Text>
      <div className="actions">
        {voids && (
          <Button
            variant="default"
            onClick={() => {
              setDeed("void");
            }}
          >
            {t("resolution.open.void")}
          </Button>
        )}
        {suspends && (
          <Button
            variant="default"
            onClick={() => {
              setDeed("suspend");
            }}
          >
            {t("resolution.open.suspend")}
          </Button>
        )}
      </div>
      {deed && (
        <Dialog
          title={t(`resolution.open.${deed}`)}
          close={() => {
            setDeed(null);
          }}
        >
          <Reason
            round={round}
            found={found}
            deed={deed}
            done={() => {
              setDeed(null);
            }}
          />
        </Dialog>
      )}
    </>
  );
}

type ReasonProps = { round: Round; found: Resolutions; deed: Deed; done: () => void };

function Reason({ round, found, deed, done }: ReasonProps) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const send = useMutation({
    mutationFn: () =>
      deed === "void"
        ? account.proposeVoid(round.round_id, reason.trim())
        : account.suspend(round.round_id, reason.trim()),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["resolutions", round.round_id] });
      await client.invalidateQueries({ queryKey: ["round", round.round_id] });
      done();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>
          {deed === "suspend"
            ? t("resolution.open.suspendHow")
            : found.void?.to === "suspended"
              ? t("resolution.open.voidStops")
              : t("resolution.open.voidHow")}{" "}
          {deed === "void" && found.void && found.void.balance_change > 0 && (
            <>
              {t("resolution.balance")}{" "}
              <Amount minor={found.void.balance_change} currency={round.currency} exponent={round.exponent} />
            </>
          )}
        </Text>
        <Words label={t("resolution.reason")} value={reason} change={setReason} first />
        {send.isError && <Failure error={send.error} />}
        <div className="actions">
          <Button type="submit" loading={send.isPending} disabled={!saysEnough(reason)}>
            {t(deed === "void" ? "resolution.propose" : "resolution.open.suspend")}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
