import { useState } from "react";
import { useTranslation } from "react-i18next";

import { chooseScheme, shownScheme } from "../scheme.ts";

export function SchemeButton() {
  const { t } = useTranslation("casino");
  const [scheme, setScheme] = useState(shownScheme);
  const next = scheme === "dark" ? "light" : "dark";
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={t(`scheme.${next}`)}
      title={t(`scheme.${next}`)}
      onClick={() => {
        chooseScheme(next);
        setScheme(next);
      }}
    >
      <svg
        viewBox="0 0 24 24"
        width="20"
        height="20"
        aria-hidden
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
      >
        {scheme === "dark" ? (
          <path d="M12 7.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4" />
        ) : (
          <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z" />
        )}
      </svg>
    </button>
  );
}
