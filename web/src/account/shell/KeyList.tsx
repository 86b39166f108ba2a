import { useTranslation } from "react-i18next";

import { Dialog } from "../parts/Dialog.tsx";

export function KeyList({ close }: { close: () => void }) {
  const { t } = useTranslation("account");
  const rows: [string[], string][] = [
    [["⌘", "K"], t("search.label")],
    [["/"], t("keys.filter")],
    [["g", "r"], t("nav.rounds")],
    [["g", "g"], t("nav.games")],
    [["g", "i"], t("nav.integration")],
    [["g", "l"], t("nav.exchanges")],
    [["g", "s"], t("nav.stuck")],
    [["g", "c"], t("nav.reconciliations")],
    [["?"], t("keys.title")],
    [["Esc"], t("keys.close")],
  ];
  return (
    <Dialog title={t("keys.title")} close={close}>
      <dl className="keys">
        {rows.map(([keys, what]) => (
          <div key={keys.join("")}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
