import { Alert, Button, Paper, Text, Textarea } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useGameNames } from "../games/names.ts";
import { account } from "../http.ts";
import { IconBan, IconPlus } from "../icons.ts";
import { Link } from "../navigation.tsx";
import { More } from "../parts/More.tsx";
import { Amount } from "../parts/Amount.tsx";
import { CampaignBadge } from "../parts/Badges.tsx";
import { Command } from "../parts/Command.tsx";
import { DataTable } from "../parts/DataTable.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Fact, Facts } from "../parts/Facts.tsx";
import { PageHead } from "../parts/PageHead.tsx";
import { Empty, Failure, Loading } from "../parts/Situations.tsx";
import { campaignQuery } from "../queries.ts";
import type { Campaign, CampaignProgress } from "../types.ts";
import { Time } from "../zone.tsx";
import { playerIds } from "./wishes.ts";

/** One campaign: what was promised, what became of it, player by player. */
export function CampaignPage({ campaignId }: { campaignId: string }) {
  const { t } = useTranslation("account");
  const found = useInfiniteQuery(campaignQuery(campaignId));
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failure page error={found.error} retry={() => void found.refetch()} />;
  const [campaign] = found.data.pages;
  if (!campaign) return null;
  return (
    <>
      <CampaignHead campaign={campaign} />
      {campaign.in_one_sum && <OneSum campaign={campaign} />}
      <Promise campaign={campaign} />
      <Paper withBorder mt="md">
        {campaign.players === 0 ? (
          <Empty title={t("campaigns.noPlayers")}>
            <Text c="dimmed" ta="center" maw={480}>
              {t("campaigns.noPlayersHint")}
            </Text>
          </Empty>
        ) : (
          <Progress campaign={campaign} rows={found.data.pages.flatMap((page) => page.progress)} />
        )}
      </Paper>
      <More list={found} />
    </>
  );
}

function CampaignHead({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("account");
  const [open, setOpen] = useState<"players" | "cancel" | null>(null);
  const close = () => {
    setOpen(null);
  };
  const live = isOngoing(campaign);
  return (
    <>
      <PageHead title={campaign.campaign_id} tab={campaign.campaign_id}>
        {live && (
          <>
            {!(campaign.in_one_sum && campaign.players > 0) && (
              <Button
                size="xs"
                leftSection={<IconPlus size={16} aria-hidden />}
                onClick={() => {
                  setOpen("players");
                }}
              >
                {t("campaigns.addPlayers")}
              </Button>
            )}
            <Button
              size="xs"
              variant="default"
              leftSection={<IconBan size={16} aria-hidden />}
              onClick={() => {
                setOpen("cancel");
              }}
            >
              {t("campaigns.cancel")}
            </Button>
          </>
        )}
      </PageHead>
      {open === "players" && (
        <Dialog title={t("campaigns.addPlayers")} close={close}>
          <AddPlayers campaign={campaign} close={close} />
        </Dialog>
      )}
      {open === "cancel" && (
        <Dialog title={t("campaigns.cancel")} close={close}>
          <Cancel campaign={campaign} close={close} />
        </Dialog>
      )}
    </>
  );
}

/** The wallet hears nothing of each round, and once what all have won. What does it know by now? */
function OneSum({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("account");
  const { owed, currency, exponent } = campaign;
  const over = campaign.progress.every(({ left }) => left === 0) || !isOngoing(campaign);
  if (campaign.used === 0) return null;
  return (
    <Alert variant="default" mb="md" className={owed > 0 && over ? "in-doubt" : ""} data-testid="one-sum">
      {owed === 0 ? (
        t("campaigns.sumTaken")
      ) : (
        <>
          <Amount minor={owed} {...{ currency, exponent }} />{" "}
          {over ? t("campaigns.sumOwed") : t("campaigns.sumLater")}
        </>
      )}{" "}
      {over && (
        <Link
          to={{
            page: "rounds",
            search: { campaign_id: campaign.campaign_id, state: owed > 0 ? "paying" : "" },
          }}
          className="link"
        >
          {t("campaigns.sumRound")}
        </Link>
      )}
    </Alert>
  );
}

function isOngoing({ state }: Campaign): boolean {
  return state === "running" || state === "used_up" || state === "scheduled";
}

function Promise({ campaign }: { campaign: Campaign }) {
  const { t, i18n } = useTranslation("account");
  const games = useGameNames();
  const number = new Intl.NumberFormat(i18n.language);
  const { currency, exponent } = campaign;
  return (
    <Facts testId="campaign">
      <Fact name={t("filters.state")}>
        <CampaignBadge state={campaign.state} />
      </Fact>
      <Fact name={t("sets.games")}>{campaign.game_ids.map(games.name).join(" · ")}</Fact>
      <Fact name={t("campaigns.each")}>
        {number.format(campaign.rounds)} × <Amount minor={campaign.bet} {...{ currency, exponent }} />
      </Fact>
      <Fact name={t("campaigns.runs")}>
        <Time at={campaign.starts_at} /> – <Time at={campaign.ends_at} />
      </Fact>
      {campaign.max_win !== null && (
        <Fact name={t("campaigns.maxWin")}>
          <Amount minor={campaign.max_win} {...{ currency, exponent }} />
        </Fact>
      )}
      <Fact name={t("campaigns.players")}>{number.format(campaign.players)}</Fact>
      <Fact name={t("campaigns.used")}>
        {number.format(campaign.used - campaign.returned)} /{" "}
        {number.format(campaign.players * campaign.rounds)}
      </Fact>
      <Fact name={t("campaigns.won")}>
        <Amount minor={campaign.won} {...{ currency, exponent }} testId="campaign-won" />
      </Fact>
      {campaign.in_one_sum && (
        <Fact name={t("campaigns.owed")}>
          <Amount minor={campaign.owed} {...{ currency, exponent }} testId="campaign-owed" />
        </Fact>
      )}
    </Facts>
  );
}

function Progress({ campaign, rows }: { campaign: Campaign; rows: CampaignProgress[] }) {
  const { t, i18n } = useTranslation("account");
  const { currency, exponent } = campaign;
  const number = new Intl.NumberFormat(i18n.language);
  const count = (key: "granted" | "used" | "returned" | "left", head: string) => ({
    key,
    head,
    number: true,
    cell: (row: CampaignProgress) => number.format(row[key]),
  });
  return (
    <DataTable
      label={t("campaigns.progress")}
      testId="progress"
      rows={rows}
      rowKey={({ player_id }) => player_id}
      columns={[
        {
          key: "player",
          head: t("filters.player"),
          cell: ({ player_id }) => (
            <Link
              to={{ page: "rounds", search: { player_id, campaign_id: campaign.campaign_id } }}
              className="link mono"
            >
              {player_id}
            </Link>
          ),
        },
        count("granted", t("campaigns.granted")),
        count("used", t("campaigns.used")),
        count("returned", t("campaigns.returned")),
        count("left", t("campaigns.left")),
        {
          key: "won",
          head: t("campaigns.won"),
          number: true,
          cell: ({ won }) => <Amount minor={won} {...{ currency, exponent }} quiet />,
        },
      ]}
    />
  );
}

function AddPlayers({ campaign, close }: { campaign: Campaign; close: () => void }) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const [text, setText] = useState("");
  const ids = playerIds(text);
  const add = useMutation({
    mutationFn: () => account.putCampaignPlayers(campaign.campaign_id, ids),
    onSuccess: async () => {
      await client.invalidateQueries();
      close();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Textarea
        label={t("campaigns.toPlayers")}
        description={t("campaigns.toPlayersHint")}
        autosize
        minRows={3}
        data-first-field
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
      />
      {add.isError && <Failure error={add.error} />}
      <div className="actions">
        <Button variant="default" type="button" onClick={close}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={add.isPending} disabled={ids.length === 0}>
          {t("campaigns.give")}
        </Button>
      </div>
    </form>
  );
}

function Cancel({ campaign, close }: { campaign: Campaign; close: () => void }) {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => account.cancelCampaign(campaign.campaign_id),
    onSuccess: async () => {
      await client.invalidateQueries();
      close();
    },
  });
  return (
    <>
      <Text>{t("campaigns.cancelHint")}</Text>
      <Text mt="sm" size="sm" c="dimmed">
        {t("sets.willSend")}
      </Text>
      <Command
        label={t("sets.willSend")}
      >{`DELETE /api/v1/campaigns/${encodeURIComponent(campaign.campaign_id)}`}</Command>
      {cancel.isError && <Failure error={cancel.error} />}
      <div className="actions">
        <Button variant="default" onClick={close}>
          {t("campaigns.keep")}
        </Button>
        <Button
          loading={cancel.isPending}
          onClick={() => {
            cancel.mutate();
          }}
        >
          {t("campaigns.cancel")}
        </Button>
      </div>
    </>
  );
}
