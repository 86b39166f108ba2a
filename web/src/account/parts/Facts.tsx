import type { ReactNode } from "react";

export function Facts({ testId, children }: { testId: string; children: ReactNode }) {
  return (
    <dl className="facts" data-testid={testId}>
      {children}
    </dl>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
