"""Operators' clocks as they were measured: one row each, the newest wins, whichever process wrote it."""

import msgspec

from croupier.store.connect import Connection, Pool
from croupier.wallet.clocks import ClockOffset

LAG_REMEMBERED_US = 3_600_000_000


class MeasuredClock(msgspec.Struct, frozen=True):
    """`offset.lag_ms`: the most of the last hour."""

    at: int
    offset: ClockOffset


async def note_clock(db: Pool, operator_id: str, at: int, measured: ClockOffset) -> None:
    await db.execute(
        """INSERT INTO operator_clocks AS c (operator_id, measured_at, samples, median_ms, lowest_ms, highest_ms,
                                             lag_ms, lag_at)
           SELECT operator_id, $2, $3, $4, $5, $6, $7, $2 FROM operators WHERE operator_id = $1
           ON CONFLICT (operator_id) DO UPDATE SET
             measured_at = $2, samples = $3, median_ms = $4, lowest_ms = $5, highest_ms = $6,
             lag_ms = CASE WHEN $7 >= c.lag_ms OR $2 - c.lag_at > $8 THEN $7 ELSE c.lag_ms END,
             lag_at = CASE WHEN $7 >= c.lag_ms OR $2 - c.lag_at > $8 THEN $2 ELSE c.lag_at END""",
        *(operator_id, at, measured.samples, measured.median_ms, measured.lowest_ms, measured.highest_ms),
        *(measured.lag_ms, LAG_REMEMBERED_US),
    )


async def clock_of(db: Pool | Connection, operator_id: str) -> MeasuredClock | None:
    """None: nothing was heard of it yet."""
    row = await db.fetchrow(
        """SELECT measured_at, samples, median_ms, lowest_ms, highest_ms, lag_ms FROM operator_clocks
           WHERE operator_id = $1""",
        operator_id,
    )
    return None if row is None else MeasuredClock(row[0], ClockOffset(*tuple(row)[1:]))
