import { Loader, Modal, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { find, type Hit } from "../search.ts";

/** One box for any id: it leads to the right page. */
export function Search({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation("account");
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("search.label")}
      size="lg"
      yOffset="10vh"
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <SearchBox close={close} />
    </Modal>
  );
}

function SearchBox({ close }: { close: () => void }) {
  const { t } = useTranslation("account");
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [id] = useDebouncedValue(text.trim(), 250);
  const { data: hits = [], isFetching } = useQuery({
    queryKey: ["find", id],
    queryFn: ({ signal }) => find(id, signal),
    enabled: id !== "",
  });
  const settled = id === text.trim() && !isFetching;

  const open = (hit: Hit) => {
    close();
    if (hit.kind === "round") void navigate({ to: "/account/rounds/$roundId", params: { roundId: hit.id } });
    if (hit.kind === "transaction")
      void navigate({ to: "/account/rounds/$roundId", params: { roundId: hit.roundId } });
    if (hit.kind === "exchange")
      void navigate({ to: "/account/exchanges/$exchangeId", params: { exchangeId: hit.id } });
    if (hit.kind === "player") void navigate({ to: "/account/rounds", search: { player_id: hit.id } });
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (settled && hits[0]) open(hits[0]);
      }}
    >
      <TextInput
        data-autofocus
        aria-label={t("search.label")}
        placeholder={t("search.placeholder")}
        value={text}
        size="md"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
        leftSection={<IconSearch size={18} aria-hidden />}
        rightSection={isFetching ? <Loader size="xs" /> : null}
      />
      <div className="hits" role="status">
        {hits.map((hit) => (
          <UnstyledButton
            key={hit.kind}
            className="hit"
            type="button"
            onClick={() => {
              open(hit);
            }}
          >
            <span className="dim">{t(`search.kinds.${hit.kind}`)}</span>
            <span className="mono">{hit.id}</span>
          </UnstyledButton>
        ))}
        {text.trim() === "" && (
          <Text c="dimmed" size="sm">
            {t("search.hint")}
          </Text>
        )}
        {text.trim() !== "" && settled && hits.length === 0 && <Text size="sm">{t("search.none")}</Text>}
      </div>
    </form>
  );
}
