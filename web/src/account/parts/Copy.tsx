import { ActionIcon, Button, CopyButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { IconCheck, IconCopy } from "../icons.ts";

/** A small button beside a value. `what` names the value for those who cannot see it. */
export function Copy({ value, what }: { value: string; what: string }) {
  const { t } = useTranslation("account");
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          className="copy"
          title={copied ? t("copied") : t("copy")}
          aria-label={copied ? t("copied") : t("copyWhat", { what })}
          onClick={(event) => {
            event.stopPropagation();
            copy();
          }}
        >
          {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}

export function CopyTextButton({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation("account");
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="xs"
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={copy}
        >
          {copied ? t("copied") : label}
        </Button>
      )}
    </CopyButton>
  );
}
