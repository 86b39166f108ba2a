import { useRef } from "react";
import { useTranslation } from "react-i18next";

import { LANGUAGE_NAMES, LANGUAGES } from "../../i18n/languages.ts";
import { changeLanguage } from "../../i18n/start.ts";
import { account } from "../http.ts";
import { go } from "../navigation.tsx";
import { queryClient } from "../queries.ts";
import type { Me } from "../types.ts";
import { useZone } from "../zone.tsx";
import { IconUser } from "../icons.ts";

/** Who is signed in, language and keys. The browser's own popover closes it on Escape and on a click elsewhere. */
export function PersonMenu({ me, openHelp }: { me: Me; openHelp: () => void }) {
  const { t, i18n } = useTranslation("account");
  const { zone, setZone } = useZone();
  const box = useRef<HTMLDivElement>(null);
  const leave = async () => {
    await account.signOut().catch(() => undefined); // A session that is already over is signed out.
    queryClient.clear();
    go({ page: "login" });
  };
  const close = () => box.current?.hidePopover();
  return (
    <>
      <button
        type="button"
        className="person-button"
        popoverTarget="person"
        aria-label={t("bar.person", { email: me.email })}
      >
        <IconUser size={18} aria-hidden />
      </button>
      <div id="person" ref={box} popover="auto" className="person-menu">
        <p className="dim small">
          {me.email} · {me.role}
        </p>
        <label>
          <span>{t("bar.language")}</span>
          <select
            value={i18n.language}
            onChange={(event) => void changeLanguage(event.currentTarget.value as (typeof LANGUAGES)[number])}
          >
            {LANGUAGES.map((language) => (
              <option key={language} value={language} lang={language}>
                {LANGUAGE_NAMES[language]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t("bar.zone")}</span>
          <select
            value={zone}
            onChange={(event) => {
              setZone(event.currentTarget.value === "local" ? "local" : "UTC");
            }}
          >
            <option value="UTC">UTC</option>
            <option value="local">{t("bar.local")}</option>
          </select>
        </label>
        <button
          type="button"
          onClick={() => {
            close();
            openHelp();
          }}
        >
          {t("keys.title")} <kbd>?</kbd>
        </button>
        <button type="button" onClick={() => void leave()}>
          {t("bar.signOut")}
        </button>
      </div>
    </>
  );
}
