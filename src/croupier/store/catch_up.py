"""Before money is compared, the projections must hold everything that was recorded until now."""

import asyncio
import time

from croupier.store.connect import Pool
from croupier.store.projection_tables import Projections
from croupier.store.wake import wake_projector

PAUSE_S = 0.05


class Behind(Exception):
    """The projections did not come so far in time."""


async def wait_for_projector(db: Pool, seconds: float) -> None:
    """Until everything recorded before this call is projected. Behind when that takes longer than `seconds`."""
    watermark = await db.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
    for _ in range(int(seconds / PAUSE_S) + 1):
        if not await _missing(db, watermark):
            return
        await wake_projector(db)
        await asyncio.sleep(PAUSE_S)
    raise Behind(f"the projector has not come to {watermark} within {seconds:g} s; is it running?")


async def catch_up(dsn: str, db: Pool, seconds: float) -> None:
    """As `wait_for_projector`; where none is at work, its work is done here. AnotherDatabase, Behind."""
    projections = await Projections.open(dsn)
    if projections is None:
        await wait_for_projector(db, seconds)
        return
    try:
        while await projections.follow(time.time_ns() // 1000):
            pass
    finally:
        await projections.close()
    await wait_for_projector(db, seconds)


async def _missing(db: Pool, watermark: str) -> bool:
    # Also records that are not committed yet: they began before the call.
    return bool(
        await db.fetchval(
            """SELECT pg_snapshot_xmin(pg_current_snapshot()) < $1::text::xid8 OR EXISTS (
                 SELECT FROM journal, projector_position AS p
                 WHERE journal.xid >= p.xid AND journal.xid < $1::text::xid8)""",
            watermark,
        )
    )
