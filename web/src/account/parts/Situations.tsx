import { Anchor, Button, Skeleton, Stack, Text } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "../../problem.ts";
import { IconInbox, IconLock, IconPlugConnectedX, IconSearchOff, IconAlertTriangle } from "../icons.ts";

/** What is shown instead of content: nothing yet, not found, not allowed, gone wrong. */
function Situation(props: {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  testId: string;
  page?: boolean;
}) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" data-testid={props.testId} role="status">
      <span className="situation-icon">{props.icon}</span>
      <Text fw={600} component={props.page ? "h1" : "p"} m={0}>
        {props.title}
      </Text>
      {props.children}
    </Stack>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Situation icon={<IconInbox size={28} aria-hidden />} title={title} testId="empty">
      {children}
    </Situation>
  );
}

/** `page`: it stands instead of a whole page, so its title is the page's heading. */
export function Failure({
  error,
  retry,
  page = false,
}: {
  error: unknown;
  retry?: () => void;
  page?: boolean;
}) {
  const { t } = useTranslation("account");
  const problem =
    error instanceof Problem ? error : new Problem(0, "unexpected", t("failure.unexpected"), String(error));
  const known = {
    0: [t("failure.unreachable"), <IconPlugConnectedX key="i" size={28} aria-hidden />],
    403: [t("failure.forbidden"), <IconLock key="i" size={28} aria-hidden />],
    404: [t("failure.notFound"), <IconSearchOff key="i" size={28} aria-hidden />],
  }[problem.code === "unexpected" ? -1 : problem.status];
  const [title, icon] = known ?? [
    problem.title || t("failure.unexpected"),
    <IconAlertTriangle key="i" size={28} aria-hidden />,
  ];
  const text =
    problem.status === 0 && problem.code === "unreachable" ? t("failure.unreachableHint") : problem.detail;
  return (
    <Situation icon={icon} title={String(title)} testId="failure" page={page}>
      {text && text !== title && (
        <Text c="dimmed" ta="center" maw={520}>
          {text}
        </Text>
      )}
      {problem.hint && (
        <Text ta="center" maw={520}>
          {problem.hint}
        </Text>
      )}
      <div className="row">
        {retry && problem.status !== 404 && problem.status !== 403 && (
          <Button size="xs" variant="default" onClick={retry}>
            {t("failure.retry")}
          </Button>
        )}
        {problem.docUrl && (
          <Anchor href={problem.docUrl} underline="always">
            {t("failure.docs", { code: problem.code })}
          </Anchor>
        )}
        {problem.logUrl && (
          <Anchor href={problem.logUrl} underline="always">
            {t("failure.log")}
          </Anchor>
        )}
      </div>
    </Situation>
  );
}

export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation("account");
  return (
    <div role="status" aria-busy="true" className="loading">
      <span className="spoken-only">{t("loading")}</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={18} my={14} mx="md" width="auto" />
      ))}
    </div>
  );
}

/** Catches what a page throws, such as a chunk that a newer release has replaced. */
export class FailureBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <Failure
        page
        error={this.state.error}
        retry={() => {
          window.location.reload();
        }}
      />
    );
  }
}
