"""Whoever waits for the projector wakes it.

While much is recorded it looks seldom: rows that change again and again are then written once.
"""

from croupier.store.connect import Connection, Pool

CHANNEL = "croupier_projector"


async def wake_projector(db: Pool | Connection) -> None:
    await db.execute(f"NOTIFY {CHANNEL}")
