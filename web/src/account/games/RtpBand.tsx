import { useTranslation } from "react-i18next";

import { bandOf, type BandPlace } from "./band.ts";
import type { ReportLine } from "../types.ts";
import { IconAlertTriangle, IconCircleCheck, IconDots } from "../icons.ts";
import { percentOf } from "../../percent.ts";

const ICONS: Record<BandPlace, typeof IconDots> = {
  inside: IconCircleCheck,
  below: IconAlertTriangle,
  above: IconAlertTriangle,
  unknown: IconDots,
};

/** Actual RTP beside its theory, and whether chance alone explains the difference. */
export function RtpBand({ line }: { line: ReportLine }) {
  const { t, i18n } = useTranslation("account");
  const { place, picture } = bandOf(line);
  if (line.rtp === null) return <span className="dim">–</span>;
  const Icon = ICONS[place];
  const show = (rate: string | null) => (rate === null ? "–" : percentOf(rate, i18n.language));
  return (
    <div className="rtp" data-testid="rtp" data-band={place}>
      <span>
        <strong>{show(line.rtp)}</strong> <span className="dim">/ {show(line.rtp_theory)}</span>
      </span>
      {picture && (
        <svg viewBox="0 0 100 10" preserveAspectRatio="none" className="band" aria-hidden focusable="false">
          <rect x="0" y="4" width="100" height="2" rx="1" className="band-axis" />
          <rect
            x={picture.low}
            y="2"
            width={picture.high - picture.low}
            height="6"
            rx="2"
            className="band-range"
          />
          <rect x={picture.theory - 0.5} y="0" width="1" height="10" className="band-theory" />
          <rect x={picture.actual - 1.2} y="0" width="2.4" height="10" rx="1" className="band-actual" />
        </svg>
      )}
      <span
        className={place === "inside" || place === "unknown" ? "band-word dim" : "band-word need"}
        title={
          line.rtp_low !== null && line.rtp_high !== null
            ? t("rtp.range", { low: show(line.rtp_low), high: show(line.rtp_high) })
            : undefined
        }
      >
        <Icon size={14} aria-hidden /> {t(`rtp.${place}`)}
      </span>
    </div>
  );
}
