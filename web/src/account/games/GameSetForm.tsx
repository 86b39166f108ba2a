import { Button, Checkbox, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { account } from "../http.ts";
import { Failure } from "../parts/Situations.tsx";
import type { GameSet } from "../types.ts";
import { useGameNames } from "./names.ts";
import { slugOf } from "./slug.ts";

type Props = { set: GameSet | null; taken: GameSet[]; close: () => void };

/** Makes a set or changes one. The id is made from the first name and stays. */
export function GameSetForm({ set, taken, close }: Props) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const games = useGameNames();
  const [name, setName] = useState(set?.name ?? "");
  const [chosen, setChosen] = useState(set?.game_ids ?? []);
  const setId =
    set?.id ??
    slugOf(
      name,
      taken.map(({ id }) => id),
    );
  const save = useMutation({
    mutationFn: () => account.putGameSet(setId, { name: name.trim(), game_ids: chosen }),
    onSuccess: async () => {
      await client.invalidateQueries();
      close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t("sets.name")}
          description={t("sets.id", { id: setId })}
          required
          maxLength={100}
          data-first-field
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <Checkbox.Group label={t("sets.games")} value={chosen} onChange={setChosen}>
          <Stack gap="xs" mt="xs">
            {games.all.map(({ value, label }) => (
              <Checkbox key={value} value={value} label={label} />
            ))}
          </Stack>
        </Checkbox.Group>
        {save.isError && <Failure error={save.error} />}
        <div className="actions">
          <Button variant="default" type="button" onClick={close}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={name.trim() === "" || chosen.length === 0}>
            {t("sets.save")}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
