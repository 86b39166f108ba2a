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
  const [listing, setListing] = useState(false);
  return (
    <section
      className={on ? "break-it is-on" : "break-it"}
      data-testid="break-it"
      aria-labelledby="break-title"
    >
      <div className="break-head">
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
        <h3 id="break-title">{t("break.title")}</h3>
        <span className="break-state" data-testid="break-state" role="status">
          {on ? wordsOf(breaking.mode).title : t("break.off")}
        </span>
      </div>
      <p>{on ? wordsOf(breaking.mode).effect : t("break.legend")}</p>
      {failed && <p role="alert">{t("break.failed")}</p>}
      <div className="break-actions">
        {on && (
          <button
            type="button"
            className="button"
            onClick={() => {
              choose("off");
            }}
          >
            {t("break.turnOff")}
          </button>
        )}
        <button
          type="button"
          className="button"
          aria-expanded={listing}
          aria-controls="break-modes"
          onClick={() => {
            setListing(!listing);
          }}
        >
          {on ? t("break.change") : t("break.choose")}
        </button>
      </div>
      <fieldset id="break-modes" hidden={!listing}>
        <legend className="spoken-only">{t("break.title")}</legend>
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
    </section>
  );
}
