import { Title } from "@mantine/core";
import { useEffect, type ReactNode } from "react";

/** Title of the page, also of the browser's tab, and what can be done with the whole page. */
export function PageHead({ title, tab, children }: { title: ReactNode; tab: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${tab} · Croupier`;
  }, [tab]);
  return (
    <div className="page-head">
      <Title order={1} size="h3">
        {title}
      </Title>
      <div className="row">{children}</div>
    </div>
  );
}
