import { Button, Paper, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Link } from "../navigation.tsx";
import { account } from "../http.ts";
import { Command } from "../parts/Command.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Empty, Failure, Loading } from "../parts/Situations.tsx";
import { gameSetsQuery } from "../queries.ts";
import type { GameSet } from "../types.ts";
import { GameSetForm } from "./GameSetForm.tsx";
import { useGameNames } from "./names.ts";
import { IconPencil, IconPlus, IconTrash } from "../icons.ts";

type Open = { what: "edit"; set: GameSet | null } | { what: "delete"; set: GameSet } | null;

/** Groups of games that can stand in for a game in every filter. */
export function GameSets() {
  const { t } = useTranslation("account");
  const sets = useQuery(gameSetsQuery);
  const games = useGameNames();
  const [open, setOpen] = useState<Open>(null);
  const close = () => {
    setOpen(null);
  };
  const create = (
    <Button
      size="xs"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => {
        setOpen({ what: "edit", set: null });
      }}
    >
      {t("sets.create")}
    </Button>
  );
  return (
    <section aria-labelledby="sets-title">
      <Paper withBorder mt="md">
        <div className="panel-head">
          <Title order={2} size="h5" id="sets-title">
            {t("sets.title")}
          </Title>
          {create}
        </div>
        {sets.isPending ? (
          <Loading rows={2} />
        ) : sets.isError ? (
          <Failure error={sets.error} retry={() => void sets.refetch()} />
        ) : sets.data.items.length === 0 ? (
          <Empty title={t("sets.none")}>
            <Text c="dimmed" ta="center" maw={480}>
              {t("sets.noneHint")}
            </Text>
          </Empty>
        ) : (
          <ul className="sets" data-testid="game-sets">
            {sets.data.items.map((set) => (
              <li key={set.id} data-id={set.id}>
                <div className="grow">
                  <Link to={{ page: "rounds", search: { game_set: set.id } }} className="link">
                    <strong>{set.name}</strong>
                  </Link>{" "}
                  <span className="mono dim small">{set.id}</span>
                  <div className="dim">{set.game_ids.map(games.name).join(" · ")}</div>
                </div>
                <Button
                  variant="default"
                  size="xs"
                  leftSection={<IconPencil size={14} aria-hidden />}
                  aria-label={t("sets.editOne", { name: set.name })}
                  onClick={() => {
                    setOpen({ what: "edit", set });
                  }}
                >
                  {t("sets.edit")}
                </Button>
                <Button
                  variant="default"
                  size="xs"
                  leftSection={<IconTrash size={14} aria-hidden />}
                  aria-label={t("sets.deleteOne", { name: set.name })}
                  onClick={() => {
                    setOpen({ what: "delete", set });
                  }}
                >
                  {t("sets.delete")}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Paper>
      {open?.what === "edit" && (
        <Dialog
          title={open.set ? t("sets.editOne", { name: open.set.name }) : t("sets.create")}
          close={close}
        >
          <GameSetForm set={open.set} taken={sets.data?.items ?? []} close={close} />
        </Dialog>
      )}
      {open?.what === "delete" && (
        <Dialog title={t("sets.deleteOne", { name: open.set.name })} close={close}>
          <Delete set={open.set} close={close} />
        </Dialog>
      )}
    </section>
  );
}

function Delete({ set, close }: { set: GameSet; close: () => void }) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => account.deleteGameSet(set.id),
    onSuccess: async () => {
      await client.invalidateQueries();
      close();
    },
  });
  return (
    <>
      <Text>{t("sets.deleteHint")}</Text>
      <Text mt="sm" size="sm" c="dimmed">
        {t("sets.willSend")}
      </Text>
      <Command label={t("sets.willSend")}>{`DELETE /api/v1/game-sets/${encodeURIComponent(set.id)}`}</Command>
      {remove.isError && <Failure error={remove.error} />}
      <div className="actions">
        <Button variant="default" onClick={close}>
          {t("cancel")}
        </Button>
        <Button
          loading={remove.isPending}
          onClick={() => {
            remove.mutate();
          }}
        >
          {t("sets.delete")}
        </Button>
      </div>
    </>
  );
}
