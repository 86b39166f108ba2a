import { Button, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { account } from "../http.ts";
import { Amount } from "../parts/Amount.tsx";
import { DataTable } from "../parts/DataTable.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { RoundId } from "../parts/Id.tsx";
import { Failure, Loading } from "../parts/Situations.tsx";
import { meQuery, retriesQuery } from "../queries.ts";
import type { Retries } from "../types.ts";
import { Time } from "../zone.tsx";

/** Everything that the wallet has not confirmed, shown before it is sent again now. */
export function RetryAll() {
  const { t } = useTranslation("account");
  const [open, setOpen] = useState(false);
  const { data: me } = useQuery(meQuery);
  if (!me?.acts.includes("retry")) return null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        onClick={() => {
          setOpen(true);
        }}
      >
        {t("retry.all")}
      </Button>
      {open && (
        <Dialog
          title={t("retry.all")}
          close={() => {
            setOpen(false);
          }}
        >
          <Preview
            exponents={me.exponents}
            close={() => {
              setOpen(false);
            }}
          />
        </Dialog>
      )}
    </>
  );
}

function Preview({ exponents, close }: { exponents: Record<string, number>; close: () => void }) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const [since, setSince] = useState("");
  const found = useQuery(retriesQuery(since));
  const send = useMutation({
    mutationFn: () => account.retryAll(since || undefined),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <form
      className="stacked"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Text size="sm">{t("retry.allHint")}</Text>
      <TextInput
        data-first-field
        type="date"
        label={t("retry.since")}
        value={since}
        onChange={(event) => {
          setSince(event.currentTarget.value);
        }}
      />
      {found.isPending ? (
        <Loading rows={2} />
      ) : found.isError ? (
        <Failure error={found.error} />
      ) : (
        <Waiting found={found.data} exponents={exponents} />
      )}
      {send.isError && <Failure error={send.error} />}
      {send.isSuccess ? (
        <Text role="status">{t("retry.allAsked", { count: send.data.transactions })}</Text>
      ) : null}
      <div className="row">
        {!send.isSuccess && (
          <Button type="submit" loading={send.isPending} disabled={!found.data?.transactions}>
            {t("retry.send", { count: found.data?.transactions ?? 0 })}
          </Button>
        )}
        <Button variant="default" onClick={close}>
          {t("close")}
        </Button>
      </div>
    </form>
  );
}

function Waiting({ found, exponents }: { found: Retries; exponents: Record<string, number> }) {
  const { t } = useTranslation("account");
  if (found.transactions === 0) return <Text c="dimmed">{t("retry.nothing")}</Text>;
  const money = (amount: number, currency: string) => (
    <Amount minor={amount} currency={currency} exponent={exponents[currency] ?? 2} />
  );
  return (
    <>
      <ul className="totals" data-testid="retry-totals">
        {found.totals.map((total) => (
          <li key={`${total.kind} ${total.currency}`}>
            {total.transactions} × {t(`kinds.${total.kind as "win" | "rollback" | "end_round"}`)}:{" "}
            {money(total.amount, total.currency)}
          </li>
        ))}
      </ul>
      <DataTable
        label={t("retry.all")}
        testId="retries"
        rows={found.items.slice(0, 20)}
        rowKey={(item) => item.transaction_id}
        columns={[
          {
            key: "kind",
            head: t("retry.kind"),
            cell: (item) => t(`kinds.${item.kind as "win" | "rollback" | "end_round"}`),
          },
          {
            key: "amount",
            head: t("retry.amount"),
            number: true,
            cell: (item) => money(item.amount, item.currency),
          },
          { key: "round", head: t("rounds.round"), cell: (item) => <RoundId id={item.round_id} /> },
          { key: "attempts", head: t("exchanges.attempt"), number: true, cell: (item) => item.attempts },
          {
            key: "first",
            head: t("groups.first"),
            cell: (item) => <Time at={item.first_sent_at} precision="full" />,
          },
        ]}
      />
    </>
  );
}
