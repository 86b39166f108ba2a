import { Kbd, Modal, Table } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

type Props = { helpOpened: boolean; openHelp: () => void; closeHelp: () => void; openSearch: () => void };

const PLACES = { r: "/account/rounds", g: "/account/games", l: "/account/exchanges" } as const;

/** Keys of the whole account, and their list under "?". */
export function Keys({ helpOpened, openHelp, closeHelp, openSearch }: Props) {
  const { t } = useTranslation("account");
  const navigate = useNavigate();
  const goUntil = useRef(0);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openSearch();
        return;
      }
      const typing =
        event.target instanceof HTMLElement &&
        event.target.closest("input, textarea, select, dialog, [role=dialog]");
      if (typing || event.metaKey || event.ctrlKey || event.altKey) return;
      const place = PLACES[event.key as keyof typeof PLACES];
      if (event.timeStamp < goUntil.current && (place as string | undefined)) {
        goUntil.current = 0;
        void navigate({ to: place });
      } else if (event.key === "g") {
        goUntil.current = event.timeStamp + 1200;
      } else if (event.key === "?") {
        openHelp();
      } else if (event.key === "/") {
        const first = document.querySelector<HTMLInputElement>("[data-first-filter]");
        event.preventDefault();
        if (first) first.focus();
        else openSearch();
      }
    };
    window.addEventListener("keydown", press);
    return () => {
      window.removeEventListener("keydown", press);
    };
  }, [navigate, openHelp, openSearch]);

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
    <Modal
      opened={helpOpened}
      onClose={closeHelp}
      title={t("keys.title")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Table>
        <Table.Tbody>
          {rows.map(([keys, what]) => (
            <Table.Tr key={keys.join("")}>
              <Table.Td>{what}</Table.Td>
              <Table.Td ta="end">
                {keys.map((key) => (
                  <Kbd key={key} ms={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
