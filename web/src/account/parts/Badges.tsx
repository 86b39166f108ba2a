import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";

import type account from "../../i18n/account.en.json";
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBan,
  IconCircleCheck,
  IconClock,
  IconHelpCircle,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnectedX,
} from "../icons.ts";

type Tone = "good" | "plain" | "doubt" | "need" | "bad";
type Icon = ComponentType<{ size?: number; "aria-hidden"?: boolean }>;

// Word + icon + colour, never colour alone. Orange is only for what needs a person, red only for failed money.
const VERDICTS: Record<keyof (typeof account)["verdicts"], [Tone, Icon]> = {
  accepted: ["good", IconCircleCheck],
  ok: ["good", IconCircleCheck],
  declined: ["plain", IconBan],
  unknown: ["doubt", IconHelpCircle],
  conflict: ["need", IconAlertTriangle],
  error: ["doubt", IconAlertTriangle],
};

const STATES: Record<keyof (typeof account)["states"], [Tone, Icon]> = {
  new: ["plain", IconClock],
  betting: ["plain", IconClock],
  in_play: ["plain", IconPlayerPlay],
  paying: ["doubt", IconClock],
  rolling_back: ["doubt", IconArrowBackUp],
  suspended: ["need", IconPlayerPause],
  closed: ["good", IconCircleCheck],
  declined: ["plain", IconBan],
  cancelled: ["plain", IconArrowBackUp],
  pending: ["doubt", IconClock],
  sending: ["doubt", IconClock],
  accepted: ["good", IconCircleCheck],
  unknown: ["doubt", IconHelpCircle],
  reversed: ["plain", IconArrowBackUp],
  conflict: ["need", IconAlertTriangle],
  free_round: ["good", IconCircleCheck],
};

const CAMPAIGNS: Record<keyof (typeof account)["campaignStates"], [Tone, Icon]> = {
  scheduled: ["plain", IconClock],
  running: ["good", IconPlayerPlay],
  used_up: ["plain", IconCircleCheck],
  ended: ["plain", IconCircleCheck],
  cancelled: ["plain", IconBan],
};

function Badge({ tone, icon: Glyph, word }: { tone: Tone; icon: Icon; word: string }) {
  return (
    <span className={`badge badge-${tone}`}>
      <Glyph size={14} aria-hidden />
      {word}
    </span>
  );
}

export function VerdictBadge({ verdict }: { verdict: string }) {
  const { t } = useTranslation("account");
  if (!isKey(VERDICTS, verdict)) return <Badge tone="plain" icon={IconHelpCircle} word={verdict} />;
  const [tone, icon] = VERDICTS[verdict];
  return <Badge tone={tone} icon={icon} word={t(`verdicts.${verdict}`)} />;
}

/** State of a round or of a transaction. */
export function StateBadge({ state }: { state: string }) {
  const { t } = useTranslation("account");
  if (!isKey(STATES, state)) return <Badge tone="plain" icon={IconHelpCircle} word={state} />;
  const [tone, icon] = STATES[state];
  return <Badge tone={tone} icon={icon} word={t(`states.${state}`)} />;
}

/** State of a campaign of free rounds. */
export function CampaignBadge({ state }: { state: string }) {
  const { t } = useTranslation("account");
  if (!isKey(CAMPAIGNS, state)) return <Badge tone="plain" icon={IconHelpCircle} word={state} />;
  const [tone, icon] = CAMPAIGNS[state];
  return <Badge tone={tone} icon={icon} word={t(`campaignStates.${state}`)} />;
}

const SIDES: Record<keyof (typeof account)["sides"], [Tone, Icon]> = {
  yours: ["doubt", IconAlertTriangle],
  ours: ["doubt", IconAlertTriangle],
  network: ["plain", IconPlugConnectedX],
  unexplained: ["plain", IconHelpCircle],
};

/** Whose side the cause of a failure is on; null: nobody knows. */
export function SideBadge({ side }: { side: "yours" | "ours" | "network" | null }) {
  const { t } = useTranslation("account");
  const [tone, icon] = SIDES[side ?? "unexplained"];
  return <Badge tone={tone} icon={icon} word={t(`sides.${side ?? "unexplained"}`)} />;
}

/** HTTP status, or the reason why there is none: no answer is not a status code. */
export function StatusBadge({ status, why }: { status: number | null; why: string }) {
  const { t } = useTranslation("account");
  if (status === null) {
    const word =
      why === "timeout" ? t("noAnswer.timeout") : t("noAnswer.other", { why: why.split(":")[0] || "–" });
    return <span className="badge badge-doubt">{word}</span>;
  }
  return (
    <span className={`badge mono ${status >= 200 && status < 300 ? "badge-good" : "badge-plain"}`}>
      {status}
    </span>
  );
}

export function isKey<K extends string>(table: Record<K, unknown>, key: string): key is K {
  return Object.hasOwn(table, key);
}
