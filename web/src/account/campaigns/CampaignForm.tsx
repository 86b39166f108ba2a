import { Button, Checkbox, NativeSelect, NumberInput, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { formatMoney } from "../../money.ts";
import { slugOf } from "../games/slug.ts";
import { account } from "../http.ts";
import { go } from "../navigation.tsx";
import { Failure } from "../parts/Situations.tsx";
import { gamesQuery } from "../queries.ts";
import type { CampaignItem } from "../types.ts";
import { commonLevels, playerIds } from "./wishes.ts";

type Props = { exponents: Record<string, number>; taken: CampaignItem[]; close: () => void };

/** Makes a campaign and gives it to players, by the same two calls that a server would make. */
export function CampaignForm({ exponents, taken, close }: Props) {
  const { t, i18n } = useTranslation("account");
  const client = useQueryClient();
  const currencies = Object.keys(exponents);
  const games = useQuery(gamesQuery);
  const offered = (games.data?.items ?? []).filter((game) => game.free_rounds);
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const [currency, setCurrency] = useState(currencies.includes("EUR") ? "EUR" : (currencies[0] ?? ""));
  const [bet, setBet] = useState("");
  const [rounds, setRounds] = useState<number | string>(10);
  const [ends, setEnds] = useState(() => day(Date.now() + 14 * 86_400_000));
  // Both stay, so that pressing again after a player was refused repeats the same campaign.
  const [made, setMade] = useState<string | null>(null);
  const [startsAt] = useState(() => new Date().toISOString());
  const [players, setPlayers] = useState("");
  const levels = commonLevels(
    offered.filter((game) => chosen.includes(game.id)),
    currency,
  );
  const level = levels.includes(Number(bet)) ? Number(bet) : (levels[0] ?? 0);
  const campaignId =
    made ??
    slugOf(
      name || "campaign",
      taken.map(({ campaign_id }) => campaign_id),
    );
  const save = useMutation({
    mutationFn: async () => {
      await account.putCampaign(campaignId, {
        game_ids: chosen,
        rounds: Number(rounds),
        bet: level,
        currency,
        starts_at: startsAt,
        ends_at: `${ends}T23:59:59Z`,
      });
      setMade(campaignId);
      const ids = playerIds(players);
      if (ids.length > 0) await account.putCampaignPlayers(campaignId, ids);
    },
    onSuccess: () => {
      close();
      go({ page: "campaign", campaignId });
    },
    onSettled: () => client.invalidateQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const exponent = exponents[currency] ?? 0;
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t("sets.name")}
          description={t("sets.id", { id: campaignId })}
          required
          maxLength={60}
          data-first-field
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <Checkbox.Group
          label={t("campaigns.games")}
          description={t("campaigns.gamesHint")}
          value={chosen}
          onChange={setChosen}
        >
          <Stack gap="xs" mt="xs">
            {offered.map((game) => (
              <Checkbox key={game.id} value={game.id} label={game.name} />
            ))}
          </Stack>
        </Checkbox.Group>
        <NativeSelect
          label={t("filters.currency")}
          data={currencies}
          value={currency}
          onChange={(event) => {
            setCurrency(event.currentTarget.value);
          }}
        />
        <NativeSelect
          label={t("campaigns.bet")}
          disabled={levels.length === 0}
          data={levels.map((minor) => ({
            value: String(minor),
            label: formatMoney(minor, currency, exponent, i18n.language),
          }))}
          value={String(level)}
          onChange={(event) => {
            setBet(event.currentTarget.value);
          }}
        />
        <NumberInput
          label={t("campaigns.rounds")}
          min={1}
          max={10_000}
          allowDecimal={false}
          required
          value={rounds}
          onChange={setRounds}
        />
        <TextInput
          type="date"
          label={t("campaigns.lastDay")}
          required
          value={ends}
          onChange={(event) => {
            setEnds(event.currentTarget.value);
          }}
        />
        <Textarea
          label={t("campaigns.toPlayers")}
          description={t("campaigns.toPlayersHint")}
          autosize
          minRows={2}
          value={players}
          onChange={(event) => {
            setPlayers(event.currentTarget.value);
          }}
        />
        {save.isError && <Failure error={save.error} />}
        <div className="actions">
          <Button variant="default" type="button" onClick={close}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={chosen.length === 0}>
            {t("campaigns.save")}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
