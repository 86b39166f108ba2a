import { useTranslation } from "react-i18next";

import type { BreakState, Visitor, WireCall } from "./backend.ts";
import { BreakIt } from "./BreakIt.tsx";
import { CallLine } from "./CallLine.tsx";
import { byRound } from "./wire.ts";

type Props = {
  open: boolean;
  setOpen: (open: boolean) => void;
  calls: WireCall[];
  visitor: Visitor;
  breaking: BreakState;
  breakIt: (mode: string) => Promise<void>;
  platform: string | null;
};

/** What passes between the platform and this casino's wallet while the visitor plays. */
export function UnderTheHood({ open, setOpen, calls, visitor, breaking, breakIt, platform }: Props) {
  const { t } = useTranslation("casino");
  return (
    <aside id="hood" className="hood" aria-label={t("hood.title")} hidden={!open}>
      <div className="hood-head">
        <h2>{t("hood.title")}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label={t("hood.close")}
          onClick={() => {
            setOpen(false);
          }}
        >
          <span aria-hidden>×</span>
        </button>
      </div>
      <BreakIt breaking={breaking} breakIt={breakIt} />
      {/* A region that scrolls takes the focus. */}
      <div className="wire" role="log" aria-label={t("hood.wire")} tabIndex={0}>
        {calls.length === 0 ? (
          <p className="dim">{t("hood.empty")}</p>
        ) : (
          byRound(calls).map(({ roundId, calls: ofRound }) => (
            <section key={`${roundId ?? ""}/${String(ofRound.at(-1)?.id)}`} className="wire-round">
              {roundId && (
                <div className="wire-round-head">
                  <span className="mono dim" title={roundId}>
                    rd_…{roundId.slice(-8)}
                  </span>
                  {platform && (
                    <a
                      className="link"
                      href={`${platform}/account/rounds/${encodeURIComponent(roundId)}`}
                      target="_blank"
                      rel="noreferrer"
                    >
                      {t("hood.round")} <span aria-hidden>↗</span>
                    </a>
                  )}
                </div>
              )}
              {ofRound.map((call) => (
                <CallLine key={call.id} call={call} visitor={visitor} breaking={breaking} />
              ))}
            </section>
          ))
        )}
      </div>
    </aside>
  );
}
