"""Drops everything people query and makes it anew from the journal."""

import time

from croupier.store.audit import Actor, add_entry
from croupier.store.connect import connect
from croupier.store.projection_tables import ONE_AT_A_TIME, Projections

PROJECTED = ("rounds", "transactions", "daily", "daily_games", "campaign_progress", "ledger", "stopped_streams")


class InUse(Exception):
    """A projector is running: stop the platform first."""


async def rebuild(dsn: str, by: Actor | None = None) -> int:
    """How many records were projected. `by`: whom the audit log names; None: it was told of the restore that this
    belongs to. Interrupted, the projector goes on from where it came to.
    """
    connection = await connect(dsn, "rebuild")
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", ONE_AT_A_TIME):
            raise InUse("a projector is at work: stop the platform, then rebuild")
        async with connection.transaction():
            await connection.execute(f"TRUNCATE {', '.join(PROJECTED)}")
            await connection.execute(
                "UPDATE projector_position SET xid = '0', at = 0, records = 0, system_identifier = NULL, era = NULL"
            )
            if by is not None:
                now = time.time_ns() // 1000
                await add_entry(connection, now, "", "rebuild_projections", "all projections", by)
    finally:
        await connection.close()
    projections = await Projections.open(dsn)
    if projections is None:
        raise InUse("a projector has started: stop the platform, then rebuild")
    count = 0
    try:
        while done := await projections.follow(time.time_ns() // 1000):
            count += done
    finally:
        await projections.close()
    return count
