import { Code } from "@mantine/core";

/** Lines to read and copy. They scroll by themselves, also with the keyboard, when the page is narrow. */
export function Command({ label, children }: { label: string; children: string }) {
  return (
    <Code block className="command" tabIndex={0} role="region" aria-label={label}>
      {children}
    </Code>
  );
}
