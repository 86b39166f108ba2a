import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { account } from "../http.ts";
import { go, Link } from "../navigation.tsx";
import { PlainId } from "../parts/Id.tsx";
import { PageHead } from "../parts/PageHead.tsx";
import { Failure, Loading } from "../parts/Situations.tsx";
import { certificationQuery, certificationsQuery, meQuery } from "../queries.ts";
import type { Certification, CertificationBody, Me } from "../types.ts";
import { Framing } from "./Framing.tsx";
import { GoingLive } from "./GoingLive.tsx";
import { PastRuns } from "./PastRuns.tsx";
import { Rules } from "./Rules.tsx";
import { Schedule } from "./Schedule.tsx";
import { StartDialog } from "./StartDialog.tsx";
import { Summary } from "./Summary.tsx";
import { Teaching } from "./Teaching.tsx";
import { isOpen } from "./verdicts.ts";
import { WalletClock } from "./WalletClock.tsx";

/** The wallet, checked by every rule, live; and what earlier checks found. Without an id it shows the latest. */
export function Integration({ certificationId }: { certificationId?: string | undefined }) {
  const { t } = useTranslation("account");
  const runs = useQuery(certificationsQuery);
  const { data: me } = useQuery(meQuery);
  if (runs.isPending || !me) return <Loading rows={10} />;
  if (runs.isError) return <Failure page error={runs.error} retry={() => void runs.refetch()} />;
  const latest = runs.data.items[0]?.certification_id;
  const shown = certificationId ?? latest;
  return (
    <>
      {certificationId && (
        <nav aria-label={t("crumbs")} className="crumbs">
          <Link to={{ page: "integration" }} className="link">
            {t("integration.title")}
          </Link>
          <span aria-hidden>/</span>
          <PlainId id={certificationId} />
        </nav>
      )}
      {shown ? <Run certificationId={shown} me={me} /> : <Nothing me={me} />}
      {!certificationId && <Framing me={me} />}
      {!certificationId && <WalletClock />}
      <PastRuns runs={runs.data.items} here={shown} />
    </>
  );
}

/** What to check next: all, a group or a rule; null while nobody is asked. */
type Wish = { rules: string[] } | null;

function useStart(me: Me, before: Certification | undefined) {
  const client = useQueryClient();
  const [wish, setWish] = useState<Wish>(null);
  const start = useMutation({
    mutationFn: (body: CertificationBody) => account.certify(body),
    onSuccess: async (run) => {
      setWish(null);
      client.setQueryData(["certification", run.certification_id], run);
      await client.invalidateQueries({ queryKey: ["certifications"] });
      go({ page: "integration" });
    },
  });
  const dialog = wish && (
    <StartDialog
      me={me}
      before={before}
      rules={wish.rules}
      send={start.mutate}
      pending={start.isPending}
      error={start.error}
      close={() => {
        setWish(null);
        start.reset();
      }}
    />
  );
  return { ask: me.acts.includes("certify") ? setWish : null, dialog };
}

function Nothing({ me }: { me: Me }) {
  const { t } = useTranslation("account");
  const { ask, dialog } = useStart(me, undefined);
  return (
    <>
      <PageHead title={t("integration.title")} tab={t("integration.title")} />
      {!me.test && <GoingLive me={me} />}
      <Teaching
        start={
          ask && (
            <Button
              onClick={() => {
                ask({ rules: [] });
              }}
            >
              {t("integration.first")}
            </Button>
          )
        }
      />
      {dialog}
    </>
  );
}

function Run({ certificationId, me }: { certificationId: string; me: Me }) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const { data: run, error, refetch } = useQuery(certificationQuery(certificationId));
  const { ask, dialog } = useStart(me, run);
  const stop = useMutation({
    mutationFn: () => account.stopCertification(certificationId),
    onSuccess: () => client.invalidateQueries({ queryKey: ["certification", certificationId] }),
  });
  if (error) return <Failure page error={error} retry={() => void refetch()} />;
  if (!run) return <Loading rows={10} />;
  const open = isOpen(run);
  return (
    <>
      <PageHead title={t("integration.title")} tab={t("integration.title")}>
        {open && ask && (
          <Button
            size="xs"
            variant="default"
            loading={stop.isPending}
            onClick={() => {
              stop.mutate();
            }}
          >
            {t("integration.stop")}
          </Button>
        )}
        {!open && ask && (
          <Button
            size="xs"
            onClick={() => {
              ask({ rules: [] });
            }}
          >
            {t("integration.runAll")}
          </Button>
        )}
      </PageHead>
      <Summary run={run} />
      {!open && <GoingLive key={run.state} me={me} />}
      {!open && <Schedule me={me} />}
      <Rules
        run={run}
        again={
          !open && ask
            ? (rules) => {
                ask({ rules });
              }
            : null
        }
      />
      {dialog}
    </>
  );
}
