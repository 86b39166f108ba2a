"""The journal on PostgreSQL: appends by group commit, reads over a pool."""

import uuid
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

import asyncpg

from croupier.domain.ids import text_of, uuid7
from croupier.domain.parties import Seat, SeatKey
from croupier.rounds.events import Recovered
from croupier.store import formats
from croupier.store.claims import LAST_CLAIM
from croupier.store.connect import BY_INDEX, TROUBLE, Connection, Pool, open_pool
from croupier.store.group_commit import COLUMNS, GroupCommit, Name
from croupier.store.records import LastClaim, Record, Stale, Unavailable, Unheard

if TYPE_CHECKING:
    Rows = list[asyncpg.Record]

_RECORD = "seat_id, seq, at, format, payload, request_id, opening, writer"
_LOAD = f"""
SELECT {_RECORD} FROM journal
WHERE seat_id = $1 AND seq >= coalesce(
  (SELECT seq FROM journal WHERE seat_id = $1 AND opening ORDER BY seq DESC LIMIT 1), 0)
ORDER BY seq
"""
_READ = f"SELECT {_RECORD} FROM journal WHERE seat_id = $1 AND seq >= $2 ORDER BY seq LIMIT $3"
_SEAT = """
SELECT seat_id FROM seats
WHERE operator_id = $1 AND player_id = $2 AND game_id = $3 AND mode = $4 AND is_current
"""
_NEW_SEAT = """
INSERT INTO seats (operator_id, player_id, game_id, mode, seat_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING seat_id
"""
_NOT_CURRENT = "UPDATE seats SET is_current = false WHERE seat_id = $1 AND is_current RETURNING true"
_UNFINISHED = """
SELECT seat_id FROM (
  SELECT seat_id, CASE WHEN state IN ('betting', 'paying', 'rolling_back') THEN 0 ELSE 2 END AS urgency
  FROM rounds WHERE closed_at IS NULL
  UNION ALL SELECT seat_id, 2 FROM stopped_streams
  UNION ALL SELECT seat_id, 1 FROM journal WHERE xid >= (SELECT xid FROM projector_position)
) AS found GROUP BY seat_id ORDER BY min(urgency)
"""


class PostgresJournal:
    """See `records.Journal`. `open()` before use, `close()` at the end. `pool` is for everybody who reads."""

    def __init__(self, dsn: str, *, now: Callable[[], int], random: Callable[[int], bytes], pool_size: int = 8) -> None:
        self.dsn = dsn
        self.now = now
        self.random = random
        self.pool: Pool
        self._pool_size = pool_size
        self._commits = GroupCommit(dsn, self._new_name())

    async def open(self) -> None:
        """Raises Unavailable when the database does not answer."""
        try:
            self.pool = await open_pool(self.dsn, "reads", self._pool_size)
            await self._commits.start()
        except TROUBLE as error:
            raise Unavailable(str(error)) from error

    async def close(self) -> None:
        await self._commits.close()
        await self.pool.close()

    def oldest_waiting_ms(self) -> int:
        """For admission: how long the oldest append has been waiting to be written."""
        return self._commits.oldest_waiting_ms

    def renew(self) -> None:
        self._commits.renew(self._new_name())

    def heard(self) -> None:
        self._commits.is_heard = True

    def _new_name(self) -> Name:
        self.writer = text_of(self.random(12))
        return Name(self.writer, (formats.CURRENT, formats.encode([Recovered(self.writer)])))

    def append(self, record: Record) -> Coroutine[Any, Any, None]:
        return self._commits.append(record)

    async def load(self, seat_id: uuid.UUID) -> list[Record]:
        return [_record(row) for row in await self._fetch(_LOAD, seat_id)]

    async def read(self, seat_id: uuid.UUID, from_seq: int, limit: int = 200) -> list[Record]:
        return [_record(row) for row in await self._fetch(_READ, seat_id, from_seq, limit)]

    async def find_request(self, seat_id: uuid.UUID, request_id: str) -> int | None:
        rows = await self._fetch("SELECT seq FROM journal WHERE seat_id = $1 AND request_id = $2", seat_id, request_id)
        return rows[0]["seq"] if rows else None

    async def last_claim(self, kind: str, prefix: str) -> LastClaim | None:
        rows = await self._fetch(LAST_CLAIM, kind, prefix)
        return LastClaim(*rows[0]) if rows else None

    async def seat(self, key: SeatKey) -> Seat:
        names = (key.operator_id, key.player_id, key.game_id, key.mode)
        rows = await self._fetch(_SEAT, *names)
        if not rows:
            rows = await self._fetch(_NEW_SEAT, *names, uuid7(self.now(), self.random(10)))
        if not rows:  # somebody else made it between the two
            rows = await self._fetch(_SEAT, *names)
        return Seat(rows[0]["seat_id"], key)

    async def rotate(self, closing: Record, first: Record, seat: Seat) -> None:
        if not self._commits.is_heard:
            raise Unheard
        try:
            async with self.pool.acquire() as connection, connection.transaction():
                if not await connection.fetchval(_NOT_CURRENT, closing.seat_id):
                    raise Stale
                await self._begin(connection, seat, (closing, first))
        except asyncpg.UniqueViolationError as error:
            raise Stale from error
        except TROUBLE as error:
            raise Unavailable(str(error)) from error

    async def keep(self, seat: Seat, records: Sequence[Record]) -> None:
        """A whole stream at once, of a seat that is new. Raises Unavailable: perhaps it was written."""
        try:
            async with self.pool.acquire() as connection, connection.transaction():
                await self._begin(connection, seat, records)
        except TROUBLE as error:
            raise Unavailable(str(error)) from error

    async def _begin(self, connection: Connection, seat: Seat, records: Sequence[Record]) -> None:
        key = seat.key
        rows = [
            (r.seat_id, r.seq, r.writer, self._commits.era, r.at, r.format, r.opening, r.request_id, r.payload)
            for r in records
        ]
        await connection.execute(_NEW_SEAT, key.operator_id, key.player_id, key.game_id, key.mode, seat.seat_id)
        await connection.copy_records_to_table("journal", records=rows, columns=COLUMNS)

    async def seat_by_id(self, seat_id: uuid.UUID) -> Seat | None:
        rows = await self._fetch("SELECT operator_id, player_id, game_id, mode FROM seats WHERE seat_id = $1", seat_id)
        return Seat(seat_id, SeatKey(*rows[0])) if rows else None

    async def unfinished(self) -> list[uuid.UUID]:
        try:
            async with self.pool.acquire() as connection, connection.transaction(readonly=True):
                for name, value in BY_INDEX.items():
                    await connection.execute(f"SET LOCAL {name} = {value}")
                return [row["seat_id"] for row in await connection.fetch(_UNFINISHED)]
        except TROUBLE as error:
            raise Unavailable(str(error)) from error

    async def _fetch(self, query: str, *arguments: object) -> "Rows":
        try:
            return await self.pool.fetch(query, *arguments)
        except TROUBLE as error:
            raise Unavailable(str(error)) from error


def _record(row: asyncpg.Record) -> Record:
    return Record(*row)
