"""Campaigns of free rounds and their players: plain rows. What became of the rounds is in the journal."""

from typing import Literal

import asyncpg
import msgspec

from croupier.campaigns.campaign import Campaign, Phase
from croupier.store.connect import TROUBLE, Connection, Pool
from croupier.store.records import Unavailable

Key = tuple[int, str]

_CAMPAIGN = ", ".join(f"c.{name}" for name in Campaign.__struct_fields__)


CampaignState = Literal[Phase, "used_up"]
"""``used_up``: it runs, and none of its players has a round left. Another player may still be given some."""


class CampaignRow(msgspec.Struct, frozen=True):
    """A campaign and the sums of its players' progress. `won` and `paid` in minor units.

    `done`: players who have nothing left, because all is used, or all that may be won is won.
    """

    campaign: Campaign
    created_at: int
    updated_at: int
    players: int
    used: int
    returned: int
    won: int
    paid: int
    done: int

    def state(self, now: int) -> CampaignState:
        phase = self.campaign.phase(now)
        return "used_up" if phase == "running" and 0 < self.players == self.done else phase


class PlayerProgress(msgspec.Struct, frozen=True):
    """`paid`: what of `won` the operator's wallet has taken. `told`: the sum of `summed` free rounds is on its way."""

    player_id: str
    granted_at: int
    used: int
    returned: int
    won: int
    paid: int
    told: bool


_SUMS = f"""
    SELECT {_CAMPAIGN}, c.created_at, c.updated_at,
      (SELECT count(*) FROM campaign_players p
       WHERE p.operator_id = c.operator_id AND p.campaign_id = c.campaign_id) AS players,
      coalesce(s.used, 0)::bigint, coalesce(s.returned, 0)::bigint, coalesce(s.won, 0)::bigint,
      coalesce(s.paid, 0)::bigint, coalesce(s.done, 0)::bigint
    FROM campaigns c LEFT JOIN LATERAL (
      SELECT sum(used) AS used, sum(returned) AS returned, sum(won) AS won, sum(paid) AS paid,
        count(*) FILTER (WHERE told OR used - returned >= c.rounds OR won >= c.max_win) AS done
      FROM campaign_progress p
      WHERE p.operator_id = c.operator_id AND p.campaign_id = c.campaign_id) s ON true
"""


_ENDED = """
SELECT p.operator_id, p.campaign_id, p.player_id
FROM campaigns c JOIN campaign_progress p USING (operator_id, campaign_id)
WHERE c.summed AND NOT p.told AND p.used > 0
  AND (c.cancelled_at IS NOT NULL OR c.ends_at <= $1 OR p.used - p.returned >= c.rounds OR p.won >= c.max_win)
"""


class PostgresGrants:
    """See `runtime.world.Grants`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def granted(self, operator_id: str, campaign_id: str, player_id: str) -> Campaign | None:
        try:
            row = await self._pool.fetchrow(
                f"""SELECT {_CAMPAIGN} FROM campaigns c JOIN campaign_players p USING (operator_id, campaign_id)
                    WHERE c.operator_id = $1 AND c.campaign_id = $2 AND p.player_id = $3""",
                operator_id,
                campaign_id,
                player_id,
            )
        except TROUBLE as error:
            raise Unavailable(str(error)) from error
        return _campaign(row) if row is not None else None

    async def ended(self, now: int) -> list[tuple[str, str, str]]:
        try:
            return [(row[0], row[1], row[2]) for row in await self._pool.fetch(_ENDED, now)]
        except TROUBLE as error:
            raise Unavailable(str(error)) from error


async def get_campaign(
    db: Connection | Pool, operator_id: str, campaign_id: str, *, lock: bool = False
) -> Campaign | None:
    """`lock`: nobody else changes it until this transaction ends."""
    row = await db.fetchrow(
        f"SELECT {_CAMPAIGN} FROM campaigns c WHERE operator_id = $1 AND campaign_id = $2"
        + (" FOR UPDATE" if lock else ""),
        operator_id,
        campaign_id,
    )
    return _campaign(row) if row is not None else None


async def put_campaign(db: Connection, campaign: Campaign, at: int) -> bool:
    """Creates or replaces it. True when it is new. Whether it is `summed` never changes."""
    is_new: bool = await db.fetchval(
        """INSERT INTO campaigns AS c (operator_id, campaign_id, game_ids, rounds, bet, currency, starts_at, ends_at,
                                       max_win, created_at, updated_at, notes, summed)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12)
           ON CONFLICT (operator_id, campaign_id) DO UPDATE
           SET game_ids = $3, rounds = $4, bet = $5, currency = $6, starts_at = $7, ends_at = $8, max_win = $9,
               updated_at = $10, notes = coalesce($11, c.notes)
           RETURNING xmax = 0""",
        campaign.operator_id,
        campaign.campaign_id,
        list(campaign.game_ids),
        campaign.rounds,
        campaign.bet,
        campaign.currency,
        campaign.starts_at,
        campaign.ends_at,
        campaign.max_win,
        at,
        campaign.notes,
        campaign.summed,
    )
    return is_new


async def cancel_campaign(db: Connection, operator_id: str, campaign_id: str, at: int) -> bool:
    """False when there is no such campaign. One that was cancelled keeps its time."""
    found = await db.fetchval(
        """UPDATE campaigns SET cancelled_at = coalesce(cancelled_at, $3), updated_at = $3
           WHERE operator_id = $1 AND campaign_id = $2 RETURNING true""",
        operator_id,
        campaign_id,
        at,
    )
    return found is not None


async def players_with_currency(db: Connection, operator_id: str, player_ids: list[str]) -> dict[str, str]:
    """Those of these players that exist, with their currencies."""
    rows = await db.fetch(
        "SELECT player_id, currency FROM players WHERE operator_id = $1 AND player_id = ANY($2)",
        operator_id,
        player_ids,
    )
    return {row[0]: row[1] for row in rows}


async def grant(db: Connection, operator_id: str, campaign_id: str, player_ids: list[str], at: int) -> int:
    """Gives these players the campaign's free rounds; who has them keeps what is left. Returns how many are new."""
    status = await db.execute(
        """INSERT INTO campaign_players (operator_id, campaign_id, player_id, granted_at)
           SELECT $1, $2, given, $4 FROM unnest($3::text[]) AS given ON CONFLICT DO NOTHING""",
        operator_id,
        campaign_id,
        player_ids,
        at,
    )
    return int(status.split()[-1])


async def players_of(db: Connection, operator_id: str, campaign_id: str) -> set[str]:
    rows = await db.fetch(
        "SELECT player_id FROM campaign_players WHERE operator_id = $1 AND campaign_id = $2", operator_id, campaign_id
    )
    return {row[0] for row in rows}


async def list_campaigns(db: Pool, operator_id: str, limit: int, before: Key | None) -> list[CampaignRow]:
    """Newest first."""
    at, last = before or (2**62, "")
    rows = await db.fetch(
        f"""{_SUMS} WHERE c.operator_id = $1 AND (c.created_at < $2 OR (c.created_at = $2 AND c.campaign_id > $3))
            ORDER BY c.created_at DESC, c.campaign_id LIMIT $4""",
        operator_id,
        at,
        last,
        limit,
    )
    return [_row(row) for row in rows]


async def read_campaign(db: Connection | Pool, operator_id: str, campaign_id: str) -> CampaignRow | None:
    row = await db.fetchrow(f"{_SUMS} WHERE c.operator_id = $1 AND c.campaign_id = $2", operator_id, campaign_id)
    return _row(row) if row is not None else None


async def list_progress(
    db: Pool, operator_id: str, campaign_id: str, *, limit: int, after: str, player_id: str | None = None
) -> list[PlayerProgress]:
    """By player id. `player_id`: only this one."""
    rows = await db.fetch(
        """SELECT g.player_id, g.granted_at, coalesce(p.used, 0), coalesce(p.returned, 0), coalesce(p.won, 0),
                  coalesce(p.paid, 0), coalesce(p.told, false)
           FROM campaign_players g LEFT JOIN campaign_progress p USING (operator_id, campaign_id, player_id)
           WHERE g.operator_id = $1 AND g.campaign_id = $2 AND g.player_id > $3
             AND ($5::text IS NULL OR g.player_id = $5)
           ORDER BY g.player_id LIMIT $4""",
        operator_id,
        campaign_id,
        after,
        limit,
        player_id,
    )
    return [PlayerProgress(*row) for row in rows]


async def list_grants(
    db: Pool, operator_id: str, *, player_id: str | None, running_at: int | None, limit: int
) -> list[tuple[Campaign, PlayerProgress | None]]:
    """Newest first. `running_at`: only of campaigns that run at this moment."""
    rows = await db.fetch(
        f"""SELECT {_CAMPAIGN}, g.player_id, g.granted_at,
                   coalesce(p.used, 0), coalesce(p.returned, 0), coalesce(p.won, 0), coalesce(p.paid, 0),
                   coalesce(p.told, false)
            FROM campaigns c LEFT JOIN campaign_players g USING (operator_id, campaign_id)
                 LEFT JOIN campaign_progress p USING (operator_id, campaign_id, player_id)
            WHERE c.operator_id = $1 AND ($2::text IS NULL OR g.player_id = $2)
              AND ($3::bigint IS NULL OR (c.starts_at <= $3 AND c.ends_at > $3 AND c.cancelled_at IS NULL))
            ORDER BY c.created_at DESC, c.campaign_id, g.player_id LIMIT $4""",
        operator_id,
        player_id,
        running_at,
        limit,
    )
    width = len(Campaign.__struct_fields__)
    return [(_campaign(row), PlayerProgress(*list(row)[width:]) if row[width] is not None else None) for row in rows]


def _campaign(row: asyncpg.Record) -> Campaign:
    operator_id, campaign_id, game_ids, *rest = list(row)[: len(Campaign.__struct_fields__)]
    return Campaign(operator_id, campaign_id, tuple(game_ids), *rest)


def _row(row: asyncpg.Record) -> CampaignRow:
    return CampaignRow(_campaign(row), *list(row)[len(Campaign.__struct_fields__) :])
