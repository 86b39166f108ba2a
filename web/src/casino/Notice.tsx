import { useTranslation } from "react-i18next";

import type { Problem } from "../problem.ts";

/** Instead of the casino, or of a game, when something is missing. */
export function Notice({ error, retry }: { error: Problem; retry: () => void }) {
  const { t } = useTranslation("casino");
  return (
    <div className="notice" role="alert">
      <strong>{error.status === 0 ? t("error.unreachable") : error.title || t("error.title")}</strong>
      {error.detail && <p>{error.detail}</p>}
      {error.hint && <p>{error.hint}</p>}
      <div className="notice-links">
        <button type="button" className="button" onClick={retry}>
          {t("error.retry")}
        </button>
        {error.docUrl && (
          <a className="link" href={error.docUrl}>
            {error.code}
          </a>
        )}
      </div>
    </div>
  );
}
