"""The ledger's queries: does it balance, and what did an operator's day move? Each answer names its position."""

import datetime as dt
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import msgspec

from croupier.domain.days import day_range
from croupier.store.connect import Connection, Pool

PAGE = 5000
POSITION = re.compile(r"(\d{1,9})-(\d{1,19})\Z")


class Position(msgspec.Struct, frozen=True):
    """A place in the journal: everything before it is in the answer. What stands before a place never changes."""

    era: int
    xid: int

    def __str__(self) -> str:
        return f"{self.era}-{self.xid}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """Inverse of `str`. ValueError when it is no position."""
        found = POSITION.match(text)
        if found is None or int(found[2]) >= 2**63:
            raise ValueError(f"{text!r} is not a position like 1-74231")
        return cls(int(found[1]), int(found[2]))


class NotReached(Exception):
    """The projections have not come to this position, or it belongs to another era."""


class Unbalanced(msgspec.Struct, frozen=True):
    """`what`: the rule that is broken; `ledger` and `expected` in minor units, where the rule compares two amounts."""

    what: str
    round_id: str | None
    operator_id: str
    currency: str
    ledger: int | None
    expected: int | None


class LedgerCheck(msgspec.Struct, frozen=True):
    position: Position
    entries: int
    rounds: int
    differences: list[Unbalanced]


class StatementRow(msgspec.Struct, frozen=True):
    """A game's day in one currency. ``bets - rollbacks - wins = house + promo + in_open_rounds``."""

    currency: str
    game_id: str
    entries: int
    bets: int
    wins: int
    rollbacks: int
    house: int
    promo: int
    in_open_rounds: int


class StatementEntry(msgspec.Struct, frozen=True):
    at: int
    currency: str
    game_id: str
    player_id: str
    round_id: str
    bet: int
    win: int
    rollback: int


_ENTRIES = """
WITH entries AS (
  SELECT round_id, min(operator_id) AS operator_id, min(currency) AS currency,
         sum(bet - rollback) AS bet, sum(win) AS paid, sum(round_account) AS rest,
         sum(wallet + round_account + house + promo)
           FILTER (WHERE wallet + round_account + house + promo <> 0) AS crooked,
         sum(promo) AS promo, sum(wallet) AS wallet, sum(win + rollback - bet) AS moved,
         count(*) - count(DISTINCT (seat_id, seq)) AS twice
  FROM ledger GROUP BY round_id
), both_sides AS (
  SELECT coalesce(r.round_id, e.round_id) AS round_id, coalesce(r.operator_id, e.operator_id) AS operator_id,
         coalesce(r.currency, e.currency) AS currency, r.round_id IS NULL AS stray,
         coalesce(e.bet, 0) AS bet, coalesce(e.paid, 0) AS paid, coalesce(e.rest, 0) AS rest, e.crooked,
         coalesce(e.promo, 0) AS promo, r.campaign_id IS NOT NULL AS free, r.state = 'closed' AS closed,
         coalesce(e.wallet, 0) AS wallet, coalesce(e.moved, 0) AS moved, coalesce(e.twice, 0) AS twice,
         r.bet AS bet_held, r.paid AS paid_held,
         CASE WHEN r.state = 'closed' THEN 0 ELSE r.bet - r.paid - coalesce(e.promo, 0) END AS rest_held
  FROM entries AS e FULL JOIN rounds AS r USING (round_id)
)
SELECT found.what, b.round_id, b.operator_id, b.currency, found.ledger::bigint, found.expected::bigint
FROM both_sides AS b CROSS JOIN LATERAL (VALUES
  ('an entry does not sum to zero', b.crooked, 0, b.crooked IS NOT NULL),
  ('an entry is there twice', b.twice, 0, b.twice <> 0),
  ('the wallet''s change is not win + rollback - bet', b.wallet, b.moved, b.wallet <> b.moved),
  ('no such round', NULL, NULL, b.stray),
  ('bets differ from the round''s', b.bet, b.bet_held, NOT b.stray AND b.bet <> b.bet_held),
  ('wins differ from the round''s', b.paid, b.paid_held, NOT b.stray AND b.paid <> b.paid_held),
  ('the round''s account does not hold what it should', b.rest, b.rest_held, NOT b.stray AND b.rest <> b.rest_held),
  ('promotions paid for a round that was not free', b.promo, 0, NOT b.stray AND NOT b.free AND b.promo <> 0),
  ('promotions did not pay what a free round won', -b.promo, b.paid_held,
    NOT b.stray AND b.free AND b.closed AND -b.promo <> b.paid_held)
) AS found (what, ledger, expected, broken)
WHERE found.broken
UNION ALL
SELECT 'the house''s account differs from the daily totals', NULL, operator_id, currency,
       coalesce(l.house, 0)::bigint, coalesce(d.house, 0)::bigint
FROM (SELECT operator_id, currency, sum(house) AS house FROM ledger GROUP BY 1, 2) AS l
FULL JOIN (SELECT operator_id, currency, sum(bets - wins + free_cost) AS house FROM daily GROUP BY 1, 2) AS d
  USING (operator_id, currency)
WHERE coalesce(l.house, 0) <> coalesce(d.house, 0)
UNION ALL
SELECT 'the sum told of free rounds is not what they have won', s.round_id, s.operator_id, s.currency, s.win,
       coalesce(played.won, 0)::bigint
FROM rounds AS s LEFT JOIN LATERAL (
  SELECT sum(win) AS won FROM rounds AS r
  WHERE r.operator_id = s.operator_id AND r.campaign_id = s.campaign_id AND r.cause = 'summed') AS played ON true
WHERE s.bet_mode = 'settlement' AND s.win <> coalesce(played.won, 0)
UNION ALL
SELECT 'the projector cannot follow this stream: ' || why, NULL, s.operator_id, '', NULL, NULL
FROM stopped_streams JOIN seats AS s USING (seat_id)
ORDER BY 3, 4, 2, 1
LIMIT $1
"""


async def check_ledger(db: Pool, limit: int = 1000) -> LedgerCheck:
    """One query over all entries: each sums to zero, and the accounts agree with rounds and daily totals."""
    async with snapshot(db) as (connection, position):
        await connection.execute("SET LOCAL statement_timeout = 0")
        rows = await connection.fetch(_ENTRIES, limit)
        entries = await connection.fetchval("SELECT count(*) FROM ledger")
        rounds = await connection.fetchval("SELECT count(*) FROM rounds")
    return LedgerCheck(position, entries, rounds, [Unbalanced(*row) for row in map(tuple, rows)])


@asynccontextmanager
async def snapshot(db: Pool) -> "AsyncIterator[tuple[Connection, Position]]":
    """All that is read within is of one moment; the position says which."""
    async with db.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        yield connection, await position_of(connection)


async def position_of(connection: Connection | Pool) -> Position:
    row = await connection.fetchrow(
        "SELECT coalesce(p.era, s.era) AS era, p.xid FROM projector_position AS p, store_state AS s"
    )
    assert row is not None
    return Position(row["era"], row["xid"])


_OF_DAY = """FROM ledger WHERE operator_id = $1 AND at >= $2 AND at < $3 AND xid < $4
             AND ($5::text IS NULL OR currency = $5)"""


async def statement_of(
    db: Pool, operator_id: str, day: dt.date, currency: str | None, position: Position | None
) -> tuple[Position, list[StatementRow]]:
    """By currency and game. The same position gives the same rows for ever. NotReached when it lies ahead."""
    async with snapshot(db) as (connection, now):
        asked = reached(position, now)
        rows = await connection.fetch(
            f"""SELECT currency, game_id, count(*), sum(bet)::bigint, sum(win)::bigint, sum(rollback)::bigint,
                       sum(house)::bigint, sum(promo)::bigint, sum(round_account)::bigint
                {_OF_DAY} GROUP BY currency, game_id ORDER BY currency, game_id""",
            *(operator_id, *day_range(day), asked.xid, currency),
        )
    return asked, [StatementRow(*row) for row in map(tuple, rows)]


async def statement_entries(
    db: Pool, operator_id: str, day: dt.date, currency: str | None, position: Position
) -> AsyncIterator[list[StatementEntry]]:
    """Every entry of the day in the journal's order, in pages: no transaction is open while somebody reads slowly."""
    after: tuple[object, ...] = (0, "00000000-0000-0000-0000-000000000000", 0, "")
    while True:
        rows: list[asyncpg.Record] = await db.fetch(
            f"""SELECT at, currency, game_id, player_id, round_id, bet, win, rollback, xid, seat_id, seq
                {_OF_DAY} AND (xid, seat_id, seq, round_id) > ($6::xid8, $7::uuid, $8, $9)
                ORDER BY xid, seat_id, seq, round_id LIMIT {PAGE}""",
            *(operator_id, *day_range(day), position.xid, currency, *after),
        )
        if rows:
            yield [StatementEntry(*tuple(row)[:8]) for row in rows]
        if len(rows) < PAGE:
            return
        last = rows[-1]
        after = (last["xid"], last["seat_id"], last["seq"], last["round_id"])


def reached(position: Position | None, now: Position) -> Position:
    if position is None:
        return now
    if position.era != now.era or position.xid > now.xid:
        raise NotReached(f"position {position}: the ledger is at {now}")
    return position
