import type { ComponentType } from "react";

import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconClock,
  IconHelpCircle,
  IconLock,
  IconPlayerSkipForward,
} from "../icons.ts";
import type { Verdict } from "./verdicts.ts";

type Icon = ComponentType<{ size?: number; "aria-hidden"?: boolean }>;

// The same six words as on the command line and in every report, in every language.
const LOOKS: Record<Verdict, [string, Icon]> = {
  PASS: ["good", IconCircleCheck],
  WARN: ["doubt", IconAlertTriangle],
  FAIL: ["need", IconBan],
  BLOCKED: ["plain", IconLock],
  SKIP: ["plain", IconPlayerSkipForward],
  ERROR: ["doubt", IconHelpCircle],
};

/** `count`: how many rules have it. */
export function VerdictWord({ verdict, count }: { verdict: Verdict | null; count?: number }) {
  const [tone, Glyph] = verdict === null ? ["plain", IconClock] : LOOKS[verdict];
  return (
    <span className={`badge badge-${tone as string} verdict-word`} data-verdict={verdict ?? ""}>
      <Glyph size={14} aria-hidden />
      {count !== undefined && `${String(count)} `}
      {verdict ?? "…"}
    </span>
  );
}
