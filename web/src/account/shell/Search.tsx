import { Loader, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { go } from "../navigation.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import type { Place } from "../places.ts";
import { find, type Hit } from "../search.ts";
import { IconSearch } from "../icons.ts";

/** One box for any id: it leads to the right page. */
export function Search({ close }: { close: () => void }) {
  const { t } = useTranslation("account");
  return (
    <Dialog title={t("search.label")} close={close}>
      <SearchBox close={close} />
    </Dialog>
  );
}

function SearchBox({ close }: { close: () => void }) {
  const { t } = useTranslation("account");
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
    go(placeOfHit(hit));
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (settled && hits[0]) open(hits[0]);
      }}
    >
      <TextInput
        data-first-field
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

function placeOfHit(hit: Hit): Place {
  switch (hit.kind) {
    case "round":
      return { page: "round", roundId: hit.id };
    case "transaction":
      return { page: "round", roundId: hit.roundId };
    case "check":
      return { page: "integration", certificationId: hit.id };
    case "exchange":
      return { page: "exchange", exchangeId: hit.id };
    case "player":
      return { page: "rounds", search: { player_id: hit.id } };
  }
}
