"""Named queries over the projections. Each belongs to one operator: the first argument of every query.

Lists are ``(time, id)`` sorted, newest first; `before` is that key of the last row of the page before.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator

import msgspec

from croupier.store.connect import Pool
from croupier.store.wake import wake_projector

Key = tuple[int, str]

WAIT_S = 0.3
PAUSE_S = 0.02


class Freshness(msgspec.Struct, frozen=True):
    """Everything recorded before `as_of` (microseconds) is in the answer; `lag_ms` is how far that lies back."""

    as_of: int
    lag_ms: int


class RoundFilter(msgspec.Struct, frozen=True):
    """None = any. `from_at` is inclusive, `to_at` is not. `played`: without settlements of free rounds."""

    player_id: str | None = None
    game_ids: tuple[str, ...] | None = None
    session_id: str | None = None
    state: str | None = None
    from_at: int | None = None
    to_at: int | None = None
    currency: str | None = None
    campaign_id: str | None = None
    played: bool = False


class RoundRow(msgspec.Struct, frozen=True):
    round_id: str
    seat_id: uuid.UUID
    player_id: str
    game_id: str
    game_version: str
    session_id: str
    bet_mode: str
    state: str
    bet: int
    win: int
    currency: str
    opened_at: int
    closed_at: int | None
    campaign_id: str | None


class TransactionFilter(msgspec.Struct, frozen=True):
    player_id: str | None = None
    round_id: str | None = None
    kind: str | None = None
    state: str | None = None
    from_at: int | None = None
    to_at: int | None = None
    game_ids: tuple[str, ...] | None = None
    currency: str | None = None
    campaign_id: str | None = None


class TransactionRow(msgspec.Struct, frozen=True):
    transaction_id: str
    round_id: str
    player_id: str
    game_id: str
    kind: str
    state: str
    effect: str
    amount: int
    currency: str
    reference: str | None
    attempts: int
    first_sent_at: int
    last_sent_at: int
    operator_reference: str | None
    why: str | None
    campaign_id: str | None


async def freshness(db: Pool, now: int, *, wait: bool = True) -> Freshness:
    """Waits up to 300 ms until all that was recorded before this call is projected; says what is missing then."""
    watermark = await db.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
    tries = int(WAIT_S / PAUSE_S) if wait else 0
    since: int | None = None
    for attempt in range(tries + 1):
        # The first waiting record is not older than its own time, nor than the moment when nothing waited: generated
        # history is older than its writing, and after a pause that moment lies far back.
        since = await db.fetchval(
            """SELECT greatest(p.caught_up_at, waiting.at) FROM projector_position AS p CROSS JOIN LATERAL (
                 SELECT at FROM journal WHERE journal.xid >= p.xid AND journal.xid < $1::text::xid8
                 ORDER BY journal.xid LIMIT 1) AS waiting""",
            watermark,
        )
        if since is None:
            return Freshness(now, 0)
        if attempt < tries:
            if not attempt:
                await wake_projector(db)
            await asyncio.sleep(PAUSE_S)
    assert since is not None
    return Freshness(min(since, now), max(0, now - since) // 1000)


ROUND = ", ".join(RoundRow.__struct_fields__)
_ROUNDS = f"""
    SELECT {ROUND} FROM rounds
    WHERE operator_id = $1
      AND ($2::text IS NULL OR player_id = $2) AND ($3::text[] IS NULL OR game_id = ANY($3))
      AND ($4::text IS NULL OR session_id = $4) AND ($5::text IS NULL OR state = $5)
      AND opened_at >= $6 AND opened_at < $7 AND (opened_at, round_id) < ($8, $9)
      AND ($11::text IS NULL OR currency = $11) AND ($12::text IS NULL OR campaign_id = $12)
      AND NOT ($13 AND bet_mode = 'settlement')
    ORDER BY opened_at DESC, round_id DESC LIMIT $10"""
FIRST_KEY: Key = (2**62, "")


async def list_rounds(db: Pool, operator_id: str, f: RoundFilter, limit: int, before: Key | None) -> list[RoundRow]:
    at, last = before or FIRST_KEY
    rows = await db.fetch(
        _ROUNDS,
        operator_id,
        f.player_id,
        None if f.game_ids is None else list(f.game_ids),
        f.session_id,
        f.state,
        f.from_at or 0,
        FIRST_KEY[0] if f.to_at is None else f.to_at,
        at,
        last,
        limit,
        f.currency,
        f.campaign_id,
        f.played,
    )
    return [RoundRow(*row) for row in rows]


async def finished_rounds(db: Pool, operator_id: str, since: int, until: int, limit: int) -> list[RoundRow]:
    """Those that were played to their end in this span of time, in that order. `until` is not in it."""
    rows = await db.fetch(
        f"""SELECT {ROUND} FROM rounds
            WHERE operator_id = $1 AND state = 'closed' AND closed_at >= $2 AND closed_at < $3
            ORDER BY closed_at, round_id LIMIT $4""",
        *(operator_id, since, until, limit),
    )
    return [RoundRow(*row) for row in rows]


TRANSACTION = ", ".join(TransactionRow.__struct_fields__)
_TRANSACTIONS = f"""
    SELECT {TRANSACTION} FROM transactions
    WHERE operator_id = $1
      AND ($2::text IS NULL OR player_id = $2) AND ($3::text IS NULL OR round_id = $3)
      AND ($4::text IS NULL OR kind = $4) AND ($5::text IS NULL OR state = $5)
      AND first_sent_at >= $6 AND first_sent_at < $7 AND (first_sent_at, transaction_id) < ($8, $9)
      AND ($11::text[] IS NULL OR game_id = ANY($11)) AND ($12::text IS NULL OR currency = $12)
      AND ($13::text IS NULL OR campaign_id = $13)
    ORDER BY first_sent_at DESC, transaction_id DESC LIMIT $10"""


async def list_transactions(
    db: Pool, operator_id: str, f: TransactionFilter, limit: int, before: Key | None
) -> list[TransactionRow]:
    at, last = before or FIRST_KEY
    rows = await db.fetch(
        _TRANSACTIONS,
        operator_id,
        f.player_id,
        f.round_id,
        f.kind,
        f.state,
        f.from_at or 0,
        FIRST_KEY[0] if f.to_at is None else f.to_at,
        at,
        last,
        limit,
        None if f.game_ids is None else list(f.game_ids),
        f.currency,
        f.campaign_id,
    )
    return [TransactionRow(*row) for row in rows]


async def named_transactions(db: Pool, operator_id: str, name: str, limit: int) -> list[TransactionRow]:
    """Those with this id: ours, or the one that the operator gave."""
    rows = await db.fetch(
        f"""SELECT {TRANSACTION} FROM transactions WHERE operator_id = $1 AND transaction_id = $2
            UNION
            SELECT {TRANSACTION} FROM transactions WHERE operator_id = $1 AND operator_reference = $2
            ORDER BY first_sent_at DESC LIMIT $3""",
        operator_id,
        name,
        limit,
    )
    return [TransactionRow(*row) for row in rows]


async def every_transaction(
    db: Pool, operator_id: str, f: TransactionFilter, page: int = 2000
) -> AsyncIterator[list[TransactionRow]]:
    """All that match, in pages: a download holds no transaction open while the other side reads slowly."""
    before: Key | None = None
    while rows := await list_transactions(db, operator_id, f, page, before):
        yield rows
        before = rows[-1].first_sent_at, rows[-1].transaction_id
