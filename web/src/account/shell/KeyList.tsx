import { Kbd, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function KeyList({ close }: { close: () => void }) {
  const { t } = useTranslation("account");
  const rows: [string[], string][] = [
    [["⌘", "K"], t("search.label")],
    [["/"], t("keys.filter")],
    [["g", "r"], t("nav.rounds")],
    [["g", "g"], t("nav.games")],
    [["g", "l"], t("nav.exchanges")],
    [["?"], t("keys.title")],
    [["Esc"], t("keys.close")],
  ];
  return (
    <Modal opened onClose={close} title={t("keys.title")} closeButtonProps={{ "aria-label": t("close") }}>
      <dl className="keys">
        {rows.map(([keys, what]) => (
          <div key={keys.join("")}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
