"""Records that claim something across streams: each is written in one statement with its claims, or not at all.

Only these pay for it: every other record goes into the journal by COPY and never looks at this table.
"""

from collections.abc import AsyncIterator

import asyncpg

from croupier.store.connect import Connection
from croupier.store.journal_insert import INSERT, arguments
from croupier.store.records import Claimed, Record, RequestRepeated, Stale, Unavailable

Failed = Stale | RequestRepeated | Claimed | Unavailable

TIMEOUT_S = 10
TRIES = 10
ALONE = (asyncpg.UniqueViolationError, asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
"""One record is in somebody's way: halves find it."""
BAD = (asyncpg.CheckViolationError, asyncpg.DataError, ValueError, OverflowError, TypeError)
"""One record cannot be written at all, which must not fail the others."""

LAST_CLAIM = """
SELECT key, seat_id, seq FROM claims WHERE kind = $1 AND key >= $2 AND key < $2 || '~' ORDER BY key DESC LIMIT 1
"""
# Sorted, so that two processes that claim the same never wait for each other in a circle.
_WRITE = f"""
WITH records AS ({INSERT})
INSERT INTO claims (kind, key, seat_id, seq)
SELECT * FROM unnest($10::text[], $11::text[], $12::uuid[], $13::bigint[]) AS claimed (kind, key, seat_id, seq)
ORDER BY kind, key
"""
_REPEATED = "SELECT seq FROM journal WHERE seat_id = $1 AND request_id = $2"
_TAKEN = "SELECT true FROM journal WHERE seat_id = $1 AND seq = $2"
_CLAIMED = """
SELECT true FROM claims JOIN unnest($1::text[], $2::text[]) AS wanted (kind, key) USING (kind, key) LIMIT 1
"""


async def write_claiming(
    connection: Connection, records: list[Record], writer: str, era: int
) -> AsyncIterator[tuple[Record, Failed | None]]:
    """Yields each record with how its append ended. Raises what says nothing about that, as soon as it happens.

    `records`: of different streams, sorted by `seat_id`.
    """
    parts = [(records, 0)]
    while parts:
        part, tries = parts.pop()
        try:
            await _write(connection, part, writer, era)
        except ALONE:
            if len(part) > 1:
                half = len(part) // 2
                parts += [(part[half:], 0), (part[:half], 0)]
                continue
            failed = await _why(connection, part[0])
            if failed is None and tries < TRIES:
                parts.append((part, tries + 1))  # whoever was in the way has given up
                continue
            yield part[0], failed or Unavailable("somebody else is writing the same")
        except BAD as error:
            if len(part) > 1:
                half = len(part) // 2
                parts += [(part[half:], 0), (part[:half], 0)]
            else:
                yield part[0], Unavailable(str(error))
        else:
            for record in part:
                yield record, None


async def _write(connection: Connection, records: list[Record], writer: str, era: int) -> None:
    claims = [(c.kind, c.key, r.seat_id, r.seq) for r in records for c in r.claims]
    await connection.execute(
        _WRITE,
        *arguments(records, writer, era),
        *(list(column) for column in zip(*claims, strict=True)),
        timeout=TIMEOUT_S,
    )


async def _why(connection: Connection, record: Record) -> Failed | None:
    """What keeps this record from being written; None when nothing does any more."""
    if record.request_id is not None:
        seq = await connection.fetchval(_REPEATED, record.seat_id, record.request_id)
        if seq is not None:
            return RequestRepeated(seq)
    if await connection.fetchval(_TAKEN, record.seat_id, record.seq):
        return Stale()
    kinds, keys = [c.kind for c in record.claims], [c.key for c in record.claims]
    return Claimed() if await connection.fetchval(_CLAIMED, kinds, keys) else None
