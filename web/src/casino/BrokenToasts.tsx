import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { BreakState, WireCall } from "./backend.ts";
import { useModes } from "./modes.ts";
import { roundOf, transactionOf } from "./wire.ts";

/** Says that a call of this visit was spoilt, and where to see what became of the money. */
export function BrokenToasts(props: { calls: WireCall[]; platform: string | null; breaking: BreakState }) {
  const { calls, platform, breaking } = props;
  const { t } = useTranslation("casino");
  const { wordsOf } = useModes(breaking);
  const [since] = useState(() => Date.now() * 1000);
  const [dismissed, setDismissed] = useState<string[]>([]);
  const broken = calls.find((call) => call.broken_by !== null && call.at > since);
  const roundId = broken ? roundOf(broken) : null;
  const shown = broken?.broken_by && roundId && !dismissed.includes(roundId);
  return (
    <div className="toasts" role="status">
      {shown && (
        <div className="toast" data-testid="broken-toast">
          <div>
            <strong>{t("toast.title", { mode: wordsOf(broken.broken_by ?? "").title })}</strong>
            <p>{t("toast.text")}</p>
            {platform && (
              <a
                className="link"
                href={`${platform}/account/${placeOf(broken, roundId)}`}
                target="_blank"
                rel="noreferrer"
              >
                {t("toast.link")} <span aria-hidden>↗</span>
              </a>
            )}
          </div>
          <button
            type="button"
            className="icon-button"
            aria-label={t("toast.dismiss")}
            onClick={() => {
              setDismissed((known) => [...known, roundId]);
            }}
          >
            <span aria-hidden>×</span>
          </button>
        </div>
      )}
    </div>
  );
}

/** The call itself, which the account finds by its transaction; a call without one leads to its round. */
function placeOf(call: WireCall, roundId: string): string {
  const transactionId = transactionOf(call);
  return transactionId === null
    ? `rounds/${encodeURIComponent(roundId)}`
    : `transactions/${encodeURIComponent(transactionId)}`;
}
