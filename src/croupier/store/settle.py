"""Settles appends whose result is unknown, by winning their places in the streams.

Reading alone proves nothing: the lost record may still be on its way and appear later. A `Recovered` record at its
place can only be written when the lost one never will be; a conflict means that something is there, and then it is
read. Until that is known nobody says or sends anything for these streams.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable

from croupier.store.connect import TROUBLE, Connection
from croupier.store.records import Record

PAUSE_S = (0.02, 1.0)

_WIN = """
INSERT INTO journal (seat_id, seq, writer, era, at, format, opening, payload)
SELECT seat_id, seq, $1, $2, at, $3, false, $4
FROM unnest($5::uuid[], $6::bigint[], $7::bigint[]) AS lost (seat_id, seq, at)
ORDER BY seat_id
ON CONFLICT DO NOTHING RETURNING seat_id
"""
_THERE = """
SELECT seat_id, seq, writer, request_id, payload FROM unnest($1::uuid[], $2::bigint[]) AS lost (seat_id, seq)
JOIN journal USING (seat_id, seq)
"""


async def settle(
    new_connection: Callable[[], Awaitable[Connection]],
    records: list[Record],
    writer: str,
    era: int,
    recovered: tuple[int, bytes],
) -> AsyncIterator[tuple[uuid.UUID, bool]]:
    """Yields (seat_id, whether its record is in the journal) for each record, however long the database is away.

    `recovered`: format and payload of the record that takes a lost one's place.
    """
    open_ = {record.seat_id: record for record in records}
    pause = PAUSE_S[0]
    while open_:
        try:
            for seat_id, written in await _try(new_connection, list(open_.values()), writer, era, recovered):
                del open_[seat_id]
                yield seat_id, written
        except TROUBLE:
            # Also when the lost transaction is still open and holds its place: its lock is waited for in small steps.
            await asyncio.sleep(pause)
            pause = min(PAUSE_S[1], pause * 2)


async def _try(
    new_connection: Callable[[], Awaitable[Connection]],
    records: list[Record],
    writer: str,
    era: int,
    recovered: tuple[int, bytes],
) -> list[tuple[uuid.UUID, bool]]:
    connection = await new_connection()
    seats = [r.seat_id for r in records]
    places = [r.seq for r in records]
    try:
        won = await connection.fetch(_WIN, writer, era, *recovered, seats, places, [r.at for r in records])
        taken = {row["seat_id"] for row in won}
        there = {row["seat_id"]: row for row in await connection.fetch(_THERE, seats, places)}
    finally:
        connection.terminate()
    answers = []
    for record in records:
        row = there[record.seat_id]
        ours = row["writer"] == writer and row["payload"] == record.payload and row["request_id"] == record.request_id
        answers.append((record.seat_id, ours and record.seat_id not in taken))
    return answers
