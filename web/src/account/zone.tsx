import { createContext, use, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

export type Zone = "UTC" | "local";

const KEY = "croupier-zone";
const ZoneContext = createContext<{ zone: Zone; setZone: (zone: Zone) => void }>({
  zone: "UTC",
  setZone: () => undefined,
});

export function ZoneProvider({ children }: { children: ReactNode }) {
  const [zone, setZone] = useState<Zone>(() => (localStorage.getItem(KEY) === "local" ? "local" : "UTC"));
  const value = useMemo(
    () => ({
      zone,
      setZone: (next: Zone) => {
        localStorage.setItem(KEY, next);
        setZone(next);
      },
    }),
    [zone],
  );
  return <ZoneContext value={value}>{children}</ZoneContext>;
}

export function useZone() {
  return use(ZoneContext);
}

/**
 * `full`: day and time to the millisecond · `log`: the same without the year · `short`: day and time to the second ·
 * `time`: to the millisecond.
 */
export type Precision = "full" | "log" | "short" | "time" | "day";

const SHAPES: Record<Precision, Intl.DateTimeFormatOptions> = {
  full: {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  },
  log: {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  },
  short: {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  },
  time: {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  },
  day: { day: "numeric", month: "short" },
};

export function formatTime(at: string, precision: Precision, zone: Zone, language: string): string {
  const shape = zone === "UTC" ? { ...SHAPES[precision], timeZone: "UTC" } : SHAPES[precision];
  return new Intl.DateTimeFormat(language, shape).format(new Date(at));
}

export function Time({ at, precision = "short" }: { at: string | null; precision?: Precision }) {
  const { zone } = useZone();
  const { i18n } = useTranslation();
  if (at === null) return <span aria-hidden>–</span>;
  return (
    <time dateTime={at} title={at}>
      {formatTime(at, precision, zone, i18n.language)}
    </time>
  );
}
