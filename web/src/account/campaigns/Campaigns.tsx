import { Button, Paper, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useGameNames } from "../games/names.ts";
import { IconPlus } from "../icons.ts";
import { Link } from "../navigation.tsx";
import { More } from "../parts/More.tsx";
import { Amount } from "../parts/Amount.tsx";
import { CampaignBadge } from "../parts/Badges.tsx";
import { TaughtCommand } from "../parts/Command.tsx";
import { DataTable, type Column } from "../parts/DataTable.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { PageHead } from "../parts/PageHead.tsx";
import { Empty, Failure, Loading } from "../parts/Situations.tsx";
import { campaignsQuery } from "../queries.ts";
import type { CampaignItem } from "../types.ts";
import { Time } from "../zone.tsx";
import { CampaignForm } from "./CampaignForm.tsx";

/** Free rounds that this operator gives away. */
export function Campaigns({ exponents }: { exponents: Record<string, number> }) {
  const { t } = useTranslation("account");
  const campaigns = useInfiniteQuery(campaignsQuery);
  const [creating, setCreating] = useState(false);
  const close = () => {
    setCreating(false);
  };
  const items = campaigns.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHead title={t("campaigns.title")} tab={t("campaigns.title")}>
        <Button
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => {
            setCreating(true);
          }}
        >
          {t("campaigns.create")}
        </Button>
      </PageHead>
      <Paper withBorder>
        {campaigns.isPending ? (
          <Loading rows={4} />
        ) : campaigns.isError ? (
          <Failure error={campaigns.error} retry={() => void campaigns.refetch()} />
        ) : items.length === 0 ? (
          <Empty title={t("campaigns.none")}>
            <Text c="dimmed" ta="center" maw={520}>
              {t("campaigns.noneHint")}
            </Text>
            <TaughtCommand label={t("campaigns.none")}>{EXAMPLE}</TaughtCommand>
          </Empty>
        ) : (
          <List items={items} />
        )}
      </Paper>
      <More list={campaigns} />
      {creating && (
        <Dialog title={t("campaigns.create")} close={close}>
          <CampaignForm exponents={exponents} taken={items} close={close} />
        </Dialog>
      )}
    </>
  );
}

const EXAMPLE = `PUT /api/v1/campaigns/spring
PUT /api/v1/campaigns/spring/players
POST /api/v1/sessions  {"campaign_id": "spring", …}`;

function List({ items }: { items: CampaignItem[] }) {
  const { t, i18n } = useTranslation("account");
  const games = useGameNames();
  const number = new Intl.NumberFormat(i18n.language);
  const columns: Column<CampaignItem>[] = [
    {
      key: "campaign",
      head: t("campaigns.campaign"),
      cell: (item) => (
        <Link to={{ page: "campaign", campaignId: item.campaign_id }} className="link mono">
          {item.campaign_id}
        </Link>
      ),
    },
    { key: "state", head: t("filters.state"), cell: (item) => <CampaignBadge state={item.state} /> },
    { key: "games", head: t("sets.games"), cell: (item) => item.game_ids.map(games.name).join(" · ") },
    {
      key: "each",
      head: t("campaigns.each"),
      number: true,
      cell: (item) => (
        <>
          {number.format(item.rounds)} × <Amount minor={item.bet} {...money(item)} />
        </>
      ),
    },
    {
      key: "players",
      head: t("campaigns.players"),
      number: true,
      cell: (item) => number.format(item.players),
    },
    {
      key: "used",
      head: t("campaigns.used"),
      number: true,
      cell: (item) =>
        `${number.format(item.used - item.returned)} / ${number.format(item.players * item.rounds)}`,
    },
    {
      key: "won",
      head: t("campaigns.won"),
      number: true,
      cell: (item) => <Amount minor={item.won} {...money(item)} quiet />,
    },
    { key: "ends", head: t("campaigns.ends"), cell: (item) => <Time at={item.ends_at} /> },
  ];
  return (
    <DataTable
      label={t("campaigns.title")}
      testId="campaigns"
      rows={items}
      rowKey={({ campaign_id }) => campaign_id}
      columns={columns}
    />
  );
}

function money({ currency, exponent }: CampaignItem) {
  return { currency, exponent };
}
