import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { BreakState } from "./backend.ts";
import { useModes } from "./modes.ts";

/** The switch that spoils this casino's wallet, so that one can watch what the platform makes of it. */
export function BreakIt({
  breaking,
  breakIt,
}: {
  breaking: BreakState;
  breakIt: (mode: string) => Promise<void>;
}) {
  const { t } = useTranslation("casino");
  const { names, wordsOf } = useModes(breaking);
  const [failed, setFailed] = useState(false);
  const on = breaking.mode !== "off";
  const choose = (mode: string) => {
    setFailed(false);
    breakIt(mode).catch(() => {
      setFailed(true);
    });
  };
  return (
    <details className={on ? "break-it is-on" : "break-it"} open={on || undefined} data-testid="break-it">
      <summary>
        <svg
          viewBox="0 0 24 24"
          width="18"
          height="18"
          aria-hidden
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
        >
          <path d="M13 2 4 14h6l-1 8 9-12h-6z" strokeLinejoin="round" />
        </svg>
        <span className="grow">{t("break.title")}</span>
        <span className="break-state" data-testid="break-state">
          {on ? wordsOf(breaking.mode).title : t("break.off")}
        </span>
      </summary>
      <fieldset>
        <legend className="dim">{t("break.legend")}</legend>
        {names.map((mode) => (
          <label key={mode} className="mode">
            <input
              type="radio"
              name="mode"
              value={mode}
              checked={breaking.mode === mode}
              onChange={() => {
                choose(mode);
              }}
            />
            <span>
              <strong>{wordsOf(mode).title}</strong>
              <span className="dim">{wordsOf(mode).effect}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {failed && <p role="alert">{t("break.failed")}</p>}
    </details>
  );
}
