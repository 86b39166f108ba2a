import { Button, Code, FileInput, Paper, Text, TextInput, Title } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "../../problem.ts";
import { account, downloadStatement } from "../http.ts";
import { go, Link } from "../navigation.tsx";
import { More } from "../parts/More.tsx";
import { TaughtCommand } from "../parts/Command.tsx";
import { DataTable, type Column } from "../parts/DataTable.tsx";
import { PageHead } from "../parts/PageHead.tsx";
import { Empty, Failure, Loading } from "../parts/Situations.tsx";
import { meQuery, reconciliationsQuery } from "../queries.ts";
import type { ReconciliationItem } from "../types.ts";
import { Time } from "../zone.tsx";
import { IconDownload, IconUpload } from "../icons.ts";

const HEAD = "transaction_id,kind,amount,currency,player_id,round_id,state,at";

/** The operator's statement against our journal, day by day. */
export function Reconciliations() {
  const { t } = useTranslation("account");
  const list = useInfiniteQuery(reconciliationsQuery);
  return (
    <>
      <PageHead title={t("reconciliation.title")} tab={t("reconciliation.title")} />
      <Upload />
      <Paper withBorder mt="md">
        <div className="panel-head">
          <Title order={2} size="h5">
            {t("reconciliation.past")}
          </Title>
        </div>
        {list.isPending ? (
          <Loading rows={3} />
        ) : list.isError ? (
          <Failure error={list.error} retry={() => void list.refetch()} />
        ) : (
          <Past items={list.data.pages.flatMap((page) => page.items)} />
        )}
      </Paper>
      <More list={list} />
    </>
  );
}

function yesterday(): string {
  return new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
}

function Upload() {
  const { t } = useTranslation("account");
  const [date, setDate] = useState(yesterday);
  const [file, setFile] = useState<File | null>(null);
  const compare = useMutation({
    mutationFn: async (statement: File) => {
      // Read first: a file that was saved again since it was chosen cannot be sent, and the browser does not say why.
      const bytes = await statement.arrayBuffer().catch(() => {
        throw new Problem(400, "file_changed", t("reconciliation.fileChanged"));
      });
      return account.reconcile(date, bytes);
    },
    onSuccess: ({ reconciliation_id }) => {
      go({ page: "reconciliation", reconciliationId: reconciliation_id });
    },
  });
  const ours = useMutation({ mutationFn: () => downloadStatement(date) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file) compare.mutate(file);
  };
  return (
    <Paper withBorder p="md">
      <form onSubmit={submit}>
        <Text mb="md" maw={720}>
          {t("reconciliation.intro")}
        </Text>
        <div className="filters">
          <TextInput
            type="date"
            label={t("reconciliation.day")}
            required
            value={date}
            onChange={(event) => {
              setDate(event.currentTarget.value);
            }}
          />
          <FileInput
            label={t("reconciliation.file")}
            placeholder={t("reconciliation.choose")}
            accept=".csv,text/csv"
            required
            clearable
            clearButtonProps={{ "aria-label": t("reconciliation.clear") }}
            value={file}
            onChange={setFile}
            data-testid="statement-file"
          />
        </div>
        {compare.isError && <Failure error={compare.error} />}
        {ours.isError && <Failure error={ours.error} />}
        <div className="row">
          <Button
            type="submit"
            leftSection={<IconUpload size={16} aria-hidden />}
            loading={compare.isPending}
            disabled={!file || !date}
          >
            {t("reconciliation.compare")}
          </Button>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={ours.isPending}
            disabled={!date}
            onClick={() => {
              ours.mutate();
            }}
          >
            {t("reconciliation.ours")}
          </Button>
        </div>
      </form>
    </Paper>
  );
}

function Past({ items }: { items: ReconciliationItem[] }) {
  const { t } = useTranslation("account");
  const { data: me } = useQuery(meQuery);
  if (items.length === 0) {
    return (
      <Empty title={t("reconciliation.none")}>
        <Text c="dimmed" ta="center" maw={560}>
          {t("reconciliation.noneHint")}
        </Text>
        <Code block className="wrapped">
          {HEAD}
          {"\n"}b_Zk3…,bet,100,EUR,ana,rd_AZ…,accepted,2026-11-22T12:00:00Z
        </Code>
        <Text c="dimmed" ta="center" maw={560}>
          {t("reconciliation.nightly")}
        </Text>
        <TaughtCommand label={t("reconciliation.nightly")}>
          {`croupier reconcile --operator ${me?.operator_id ?? "ID"} --date 2026-11-22 --statement FILE.csv`}
        </TaughtCommand>
      </Empty>
    );
  }
  const columns: Column<ReconciliationItem>[] = [
    {
      key: "day",
      head: t("reconciliation.day"),
      cell: (r) => (
        <Link to={{ page: "reconciliation", reconciliationId: r.reconciliation_id }} className="link">
          {r.date}
        </Link>
      ),
    },
    { key: "currency", head: t("filters.currency"), cell: (r) => r.currency ?? t("filters.all") },
    { key: "differences", head: t("reconciliation.differences"), number: true, cell: (r) => r.differences },
    { key: "automatic", head: t("reconciliation.automatic"), number: true, cell: (r) => r.automatic },
    { key: "at", head: t("reconciliation.compared"), cell: (r) => <Time at={r.created_at} /> },
    { key: "by", head: t("reconciliation.by"), cell: (r) => r.created_by },
  ];
  return (
    <DataTable
      label={t("reconciliation.past")}
      testId="reconciliations"
      columns={columns}
      rows={items}
      rowKey={(r) => r.reconciliation_id}
    />
  );
}
