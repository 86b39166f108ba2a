import { Code } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { CopyTextButton } from "./Copy.tsx";

type Props = { label: string; children: string };

/** Lines to read and copy. They scroll by themselves, also with the keyboard, when the page is narrow. */
export function Command({ label, children }: Props) {
  return (
    <Code block className="command" tabIndex={0} role="region" aria-label={label}>
      {children}
    </Code>
  );
}

/** What an empty page teaches: the lines, and the button that takes them along. */
export function TaughtCommand({ label, children }: Props) {
  const { t } = useTranslation("account");
  return (
    <>
      <Command label={label}>{children}</Command>
      <CopyTextButton value={children} label={t("copyCommand")} />
    </>
  );
}
