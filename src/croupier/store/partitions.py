"""The journal's partitions: one a month, by the time in the seats' ids, made ahead of need."""

import uuid
from datetime import UTC, datetime

import asyncpg

from croupier.store.connect import ROLE, Connection, Pool

MONTHS_BEFORE = 2
"""Generated history begins in the past."""
MONTHS_AHEAD = 2


async def make_partitions(connection: Connection, at: int) -> None:
    """Partitions from two months before `at` (microseconds) to two months after. Needs the tables' owner."""
    existing = {row[0] for row in await connection.fetch(_NAMES)}
    role = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", ROLE)
    month = _month_of(at)
    for first in range(month - MONTHS_BEFORE, month + MONTHS_AHEAD + 1):
        name = _name(first)
        if name in existing:
            continue
        await connection.execute(
            f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF journal"
            f" FOR VALUES FROM ('{_bound(first)}') TO ('{_bound(first + 1)}')"
        )
        if role:
            # Only through `journal`, where it may add and read.
            await connection.execute(f"REVOKE ALL ON {name} FROM {ROLE}")


async def renew_partitions(dsn: str, at: int) -> None:
    """As `make_partitions`, over a connection of its own that keeps the login's rights."""
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        await make_partitions(connection, at)
    finally:
        await connection.close()


async def months_ahead(db: Connection | Pool, at: int) -> int:
    """How many months after that of `at` have a partition, without a gap. Below one the store is not ready."""
    existing = {row[0] for row in await db.fetch(_NAMES)}
    month = _month_of(at)
    if _name(month) not in existing:
        return -1
    ahead = 0
    while _name(month + ahead + 1) in existing:
        ahead += 1
    return ahead


_NAMES = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'journal'::regclass"


def _month_of(at: int) -> int:
    """Months since year 0."""
    day = datetime.fromtimestamp(at // 1_000_000, UTC)
    return day.year * 12 + day.month - 1


def _name(month: int) -> str:
    return f"journal_{month // 12:04}_{month % 12 + 1:02}"


def _bound(month: int) -> uuid.UUID:
    """The smallest UUID version 7 of that month, by its 48 bits of milliseconds."""
    start = int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp())
    return uuid.UUID(int=start * 1000 << 80)
