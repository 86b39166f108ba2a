import { Button, Paper, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { account } from "../http.ts";
import { IconAlertTriangle, IconCircleCheck, IconClock } from "../icons.ts";
import { Command } from "../parts/Command.tsx";
import { CopyTextButton } from "../parts/Copy.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Failure } from "../parts/Situations.tsx";
import { originsQuery } from "../queries.ts";
import type { Me, Origins } from "../types.ts";
import { Time } from "../zone.tsx";

const SNIPPET =
  '<iframe src="LAUNCH_URL" allow="autoplay; fullscreen"\n' +
  '        style="border: 0; width: 100%; height: 100%"></iframe>';

/** Whether a page of the operator was seen to show a game, and which pages may. */
export function Framing({ me }: { me: Me }) {
  const { t } = useTranslation("account");
  const { data: origins } = useQuery(originsQuery);
  const [changed, setChanged] = useState<string[] | null>(null);
  if (!origins) return null;
  const { framed, blocked } = origins;
  const state = framed ? "green" : blocked ? "finished" : "";
  const Glyph = framed ? IconCircleCheck : blocked ? IconAlertTriangle : IconClock;
  const mayChange = me.acts.includes("origins");
  return (
    <Paper withBorder p="md" mb="md" component="section" data-testid="framing" data-state={state}>
      <h2 className="run-outcome" data-state={state}>
        <Glyph size={20} aria-hidden />
        {t(`integration.framing.${framed ? "seen" : blocked ? "blocked" : "unseen"}`)}
      </h2>
      {framed && (
        <Text mt={6} className="break">
          {t("integration.framing.seenHow", { origin: framed.origin })}{" "}
          <Time at={framed.at} precision="full" />
        </Text>
      )}
      {blocked && (
        <Text mt={6} className="break" role="note">
          {t("integration.framing.blockedHow", { origin: blocked.origin })}{" "}
          <Time at={blocked.at} precision="full" />
        </Text>
      )}
      {!framed && !blocked && <HowTo />}
      <Text mt="sm" size="sm" className="break">
        {t("integration.framing.may")}{" "}
        {origins.origins.length > 0 ? (
          <span className="mono">{origins.origins.join(", ")}.</span>
        ) : (
          t("integration.framing.none")
        )}
        {origins.any_loopback && ` ${t("integration.framing.loopback")}`}
      </Text>
      {mayChange && (
        <div className="row below">
          {blocked && (
            <Button
              size="xs"
              onClick={() => {
                setChanged([...origins.origins, blocked.origin]);
              }}
            >
              {t("integration.framing.allow")}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              setChanged(origins.origins);
            }}
          >
            {t("integration.framing.change")}
          </Button>
        </div>
      )}
      {changed && (
        <Change
          before={changed}
          close={() => {
            setChanged(null);
          }}
        />
      )}
    </Paper>
  );
}

/** What to put into the page, before a game was seen there. */
function HowTo() {
  const { t } = useTranslation("account");
  return (
    <>
      <Text mt={6} mb="xs">
        {t("integration.framing.unseenHow")}
      </Text>
      <Command label={t("integration.framing.snippet")}>{SNIPPET}</Command>
      <div className="row below">
        <CopyTextButton value={SNIPPET} label={t("integration.framing.copy")} />
        <a className="link" href="/docs/launching/">
          {t("integration.framing.docs")}
        </a>
      </div>
    </>
  );
}

function Change({ before, close }: { before: string[]; close: () => void }) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const [text, setText] = useState(before.join("\n"));
  const save = useMutation({
    mutationFn: () => account.setOrigins({ origins: text.split(/\s+/).filter(Boolean) }),
    onSuccess: (now: Origins) => {
      client.setQueryData(originsQuery.queryKey, now);
      close();
    },
  });
  return (
    <Dialog title={t("integration.framing.title")} close={close}>
      <form
        className="stacked"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Textarea
          data-first-field
          autosize
          minRows={3}
          label={t("integration.framing.origins")}
          description={t("integration.framing.hint")}
          value={text}
          spellCheck={false}
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        {save.isError && <Failure error={save.error} />}
        <div className="row">
          <Button type="submit" loading={save.isPending}>
            {t("integration.framing.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
