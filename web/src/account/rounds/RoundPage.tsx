import { Alert, Anchor, Paper, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Link } from "../navigation.tsx";
import { useGameNames } from "../games/names.ts";
import { Amount } from "../parts/Amount.tsx";
import { StateBadge } from "../parts/Badges.tsx";
import { CopyTextButton } from "../parts/Copy.tsx";
import { Fact, Facts } from "../parts/Facts.tsx";
import { PlainId, PlayerId } from "../parts/Id.tsx";
import { PageHead } from "../parts/PageHead.tsx";
import { Failure, Loading } from "../parts/Situations.tsx";
import { roundQuery } from "../queries.ts";
import type { Round } from "../types.ts";
import { Time } from "../zone.tsx";
import { Resolution } from "../stuck/Resolution.tsx";
import { Draws } from "./Draws.tsx";
import { Ledger } from "./Ledger.tsx";
import { Timeline } from "./Timeline.tsx";
import { IconExternalLink } from "../icons.ts";

const OPEN = new Set(["betting", "in_play", "paying", "rolling_back", "suspended"]);
/** What people did about it. */
const DECIDED = new Set(["resolved_by_staff", "void_approved", "suspended_by_staff"]);

export function RoundPage({ roundId }: { roundId: string }) {
  const { t } = useTranslation("account");
  const { data: round, error, isPending, refetch } = useQuery(roundQuery(roundId));
  return (
    <>
      <nav aria-label={t("crumbs")} className="crumbs">
        <Link to={{ page: "rounds", search: {} }} className="link">
          {t("rounds.title")}
        </Link>
        <span aria-hidden>/</span>
        <PlainId id={roundId} />
      </nav>
      {isPending ? (
        <Loading rows={12} />
      ) : error ? (
        <Failure page error={error} retry={() => void refetch()} />
      ) : (
        <Shown round={round} />
      )}
    </>
  );
}

function Shown({ round }: { round: Round }) {
  const { t } = useTranslation("account");
  const games = useGameNames();
  const { currency, exponent } = round;
  // A settlement would be shown as reels that nobody has seen.
  const replayUrl = round.settlement ? null : round.replay_url;
  const attention = {
    suspended: t("round.suspended"),
    paying: round.settlement ? t("round.owed") : t("round.paying"),
    rolling_back: t("round.rollingBack"),
  }[round.state];
  return (
    <>
      <PageHead title={games.name(round.game_id)} tab={t("round.tab", { game: games.name(round.game_id) })}>
        <StateBadge state={round.state} />
        <CopyTextButton value={window.location.href} label={t("copyLink")} />
      </PageHead>
      {attention && (
        <Alert
          variant="default"
          mb="md"
          className={round.state === "suspended" ? "needs-you" : "in-doubt"}
          data-testid="attention"
        >
          {attention}
        </Alert>
      )}
      {round.settlement && (
        <Text mb="md" maw={720} data-testid="settlement">
          {t("round.settlement")}
        </Text>
      )}
      <Facts testId="round-facts">
        <Fact name={t("money.bet")}>
          <Amount minor={round.bet} currency={currency} exponent={exponent} testId="round-bet" />
        </Fact>
        <Fact name={t("money.win")}>
          <Amount minor={round.win} currency={currency} exponent={exponent} testId="round-win" />
        </Fact>
        <Fact name={t("rounds.opened")}>
          <Time at={round.opened_at} precision="full" />
        </Fact>
        <Fact name={t("rounds.closed")}>
          <Time at={round.closed_at} precision="full" />
        </Fact>
        <Fact name={t("filters.player")}>
          <PlayerId id={round.player_id} />
        </Fact>
        <Fact name={t("round.session")}>
          <PlainId id={round.session_id} />
        </Fact>
        <Fact name={t("round.version")}>
          <span className="mono">{round.game_version}</span>
        </Fact>
        <Fact name={t("round.mode")}>{round.mode}</Fact>
        {round.campaign_id !== null && (
          <Fact name={t("campaigns.campaign")}>
            <Link to={{ page: "campaign", campaignId: round.campaign_id }} className="link mono break">
              {round.campaign_id}
            </Link>
          </Fact>
        )}
      </Facts>
      {(OPEN.has(round.state) || round.timeline.some(({ what }) => DECIDED.has(what))) && (
        <Resolution round={round} />
      )}
      <div className="round-grid">
        <section aria-labelledby="replay-title">
          <Paper withBorder className="fill replay-place">
            <div className="panel-head">
              <Title order={2} size="h5" id="replay-title">
                {t("round.replay")}
              </Title>
              {replayUrl && (
                <Anchor href={replayUrl} target="_blank" rel="noreferrer" size="sm" className="link">
                  {t("round.openReplay")} <IconExternalLink size={14} aria-hidden />
                </Anchor>
              )}
            </div>
            {replayUrl ? (
              <Replay
                key={`${round.round_id}/${String(round.step)}`}
                url={replayUrl}
                title={t("round.replayOf", { game: games.name(round.game_id) })}
              />
            ) : (
              <Text p="md" c="dimmed">
                {t("round.noReplay")}
              </Text>
            )}
          </Paper>
        </section>
        <section aria-labelledby="timeline-title">
          <Paper withBorder className="fill">
            <div className="panel-head">
              <Title order={2} size="h5" id="timeline-title">
                {t("round.timeline")}
              </Title>
            </div>
            <Timeline round={round} />
          </Paper>
        </section>
      </div>
      <Ledger round={round} />
      <Draws round={round} />
    </>
  );
}

/** The player played in a language of their own; whoever looks at the round reads this page's. */
function inLanguage(url: string, language: string): string {
  const address = new URL(url, window.location.href);
  address.searchParams.set("lang", language);
  return address.href;
}

/** Every reading of the round brings a link of its own; the first one stays, or the replay would begin again and again. */
function Replay({ url, title }: { url: string; title: string }) {
  const { i18n } = useTranslation();
  const [first] = useState(() => inLanguage(url, i18n.language));
  return (
    <iframe className="replay" src={first} title={title} allow="autoplay; fullscreen" data-testid="replay" />
  );
}
