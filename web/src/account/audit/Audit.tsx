import { Paper, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { DataTable, type Column } from "../parts/DataTable.tsx";
import { More } from "../parts/More.tsx";
import { PageHead } from "../parts/PageHead.tsx";
import { Empty, Failure, Loading } from "../parts/Situations.tsx";
import { auditQuery } from "../queries.ts";
import type { AuditEntry } from "../types.ts";
import { Time } from "../zone.tsx";
import { changesOf, type Change } from "./changes.ts";

/** A new operator has two dozen settings. */
const SHOWN_MAX = 8;

/** What people have changed or taken away, who, when and why. Nothing here can be edited. */
export function Audit() {
  const { t } = useTranslation("account");
  const entries = useInfiniteQuery(auditQuery);
  return (
    <>
      <PageHead title={t("audit.title")} tab={t("audit.title")} />
      <Text c="dimmed" mb="md" maw={720}>
        {t("audit.intro")}
      </Text>
      <Paper withBorder>
        {entries.isPending ? (
          <Loading rows={8} />
        ) : entries.isError ? (
          <Failure error={entries.error} retry={() => void entries.refetch()} />
        ) : (
          <List items={entries.data.pages.flatMap((page) => page.items)} />
        )}
      </Paper>
      <More list={entries} />
    </>
  );
}

function List({ items }: { items: AuditEntry[] }) {
  const { t } = useTranslation("account");
  if (items.length === 0) {
    return (
      <Empty title={t("audit.none")}>
        <Text c="dimmed" ta="center" maw={560}>
          {t("audit.noneHint")}
        </Text>
      </Empty>
    );
  }
  const columns: Column<AuditEntry>[] = [
    { key: "at", head: t("exchanges.at"), cell: (one) => <Time at={one.at} /> },
    { key: "who", head: t("audit.who"), cell: (one) => <Who entry={one} /> },
    { key: "what", head: t("audit.what"), wide: true, cell: (one) => <What entry={one} /> },
    {
      key: "change",
      head: t("audit.change"),
      wide: true,
      cell: (one) => <Changes changes={changesOf(one)} />,
    },
  ];
  return (
    <DataTable
      label={t("audit.title")}
      testId="audit"
      columns={columns}
      rows={items}
      rowKey={(one) => String(one.number)}
    />
  );
}

function Who({ entry: { actor, email, role } }: { entry: AuditEntry }) {
  const { t } = useTranslation("account");
  return (
    <>
      <span className="ellipsis" title={email ?? actor}>
        {email ?? t(`audit.actors.${actor as "api_key"}`, { defaultValue: actor })}
      </span>
      {email !== null && (
        <div className="dim small">{t(`roles.${role as "owner"}`, { defaultValue: role })}</div>
      )}
    </>
  );
}

function What({ entry: { act, object, object_email, reason } }: { entry: AuditEntry }) {
  const { t } = useTranslation("account");
  return (
    <>
      <span title={act}>{t(`audit.acts.${act as "games"}`, { defaultValue: act })}</span>
      <div className="dim small break">
        {object_email ?? <span className="mono">{object.replace(/^\/api\/v1\//, "")}</span>}
      </div>
      {reason && <div className="small break">{t("audit.because", { reason })}</div>}
    </>
  );
}

function Changes({ changes }: { changes: Change[] }) {
  const { t } = useTranslation("account");
  if (changes.length === 0) return <span aria-hidden>–</span>;
  const list = (
    <ul className="changes">
      {changes.map(({ name, before, after }) => (
        <li key={name} className="small break">
          <span className="dim">{name}</span>{" "}
          {before !== undefined && (
            <>
              <del className="mono">{before}</del> <span aria-label={t("audit.becomes")}>→</span>{" "}
            </>
          )}
          <span className="mono">{after}</span>
        </li>
      ))}
    </ul>
  );
  if (changes.length <= SHOWN_MAX) return list;
  return (
    <details>
      <summary>{t("audit.values", { count: changes.length })}</summary>
      {list}
    </details>
  );
}
