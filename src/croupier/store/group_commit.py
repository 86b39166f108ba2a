"""Group commit: what waits is written by one binary COPY, one statement, one transaction. Rounds wait for it.

One flusher per process, never cancelled; its callers may be. Rows are sorted by key, so that two processes never
deadlock. A stream has at most one unconfirmed append: otherwise a stale record could be refused and its follower
accepted, a bet from a state that never existed.
"""

import asyncio
import uuid
from collections.abc import Sequence
from typing import NamedTuple

import asyncpg

from croupier.store.claims import write_claiming
from croupier.store.connect import LIMITS, TROUBLE, Connection, connect
from croupier.store.journal_insert import INSERT, arguments
from croupier.store.records import Claimed, Record, RequestRepeated, Stale, Unavailable, Unheard
from croupier.store.settle import settle

COLUMNS = ("seat_id", "seq", "writer", "era", "at", "format", "opening", "request_id", "payload")
ROWS_MAX = 2000
GATHER_S = 0.002
"""Between the beginnings of two commits, unless so many rows wait:"""
GATHER_ROWS = 64
COPY_TIMEOUT_S = 10
"""Longer than the server's own limits: reached only when the server cannot be heard any more."""
BACK_OFF_S = (0.05, 1.0)
SINGLE_TRIES = 10

SPLIT = (
    asyncpg.UniqueViolationError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.CheckViolationError,  # also: no partition for this row
    asyncpg.DataError,  # one row's bad value must not fail the others
    ValueError,  # as above, when the driver sees it first
    OverflowError,
    TypeError,
)
PASSING = (asyncpg.UniqueViolationError, asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)

_INSERT_FREE = INSERT + "ON CONFLICT DO NOTHING RETURNING seat_id"
_REPEATED = """
SELECT seat_id, seq FROM unnest($1::uuid[], $2::text[]) AS lost (seat_id, request_id)
JOIN journal USING (seat_id, request_id)
"""

Row = tuple[uuid.UUID, int, str, int, int, int, bool, str | None, bytes]
Failed = Stale | RequestRepeated | Claimed | Unavailable


class Waiting:
    """An append that is not confirmed. `follower` waits for its end after its own caller was cancelled."""

    __slots__ = ("done", "follower", "record", "since")

    def __init__(self, record: Record, loop: asyncio.AbstractEventLoop) -> None:
        self.record = record
        self.since = loop.time()
        self.done: asyncio.Future[None] = loop.create_future()
        self.follower: asyncio.Future[Failed | None] | None = None


class Name(NamedTuple):
    """`recovered`: format and payload of what this writer writes to win the place of a record with unknown result."""

    writer: str
    recovered: tuple[int, bytes]


class GroupCommit:
    def __init__(self, dsn: str, name: Name) -> None:
        self.dsn = dsn
        self.name = name
        self.era = 0
        self.is_heard = True
        self._queue: list[Waiting] = []
        self._unconfirmed: dict[int, Waiting] = {}
        """By the number of the seat's id: a UUID computes its hash in Python."""
        self._in_flight_since: float | None = None
        self._began_at = 0.0
        self._loop: asyncio.AbstractEventLoop
        self._wake = asyncio.Event()
        self._connection: Connection | None = None
        self._back_off = 0.0
        self._closing = False
        self._flusher: asyncio.Task[None] | None = None
        self._settling: set[asyncio.Task[None]] = set()

    def renew(self, name: Name) -> None:
        """From the next batch on, which fails as long as nobody has `heard` of it."""
        self.name = name
        self.is_heard = False

    async def start(self) -> None:
        """Connects first, so that a wrong address shows at once."""
        self._loop = asyncio.get_running_loop()
        self._connection = await self._connect()
        self._flusher = asyncio.create_task(self._run(), name="journal flusher")

    async def close(self) -> None:
        """Writes what waits, settles what is unknown, then ends."""
        self._closing = True
        self._wake.set()
        if self._flusher is not None:
            await self._flusher
        if self._settling:
            await asyncio.wait(self._settling)
        if self._connection is not None:
            await self._connection.close()

    @property
    def oldest_waiting_ms(self) -> int:
        """How long the oldest append that is not written has been waiting."""
        since = self._in_flight_since
        if since is None:
            if not self._queue:
                return 0
            since = self._queue[0].since
        return int((self._loop.time() - since) * 1000)

    async def append(self, record: Record) -> None:
        before = self._unconfirmed.get(record.seat_id.int)
        if before is not None:
            await self._after(before, record)
        if self._closing:
            raise Unavailable("the journal is closing")
        waiting = Waiting(record, self._loop)
        self._unconfirmed[record.seat_id.int] = waiting
        if not self._queue:
            self._wake.set()
        self._queue.append(waiting)
        await waiting.done

    async def _after(self, before: Waiting, record: Record) -> None:
        """The append before has lost its caller: wait how it ends, and follow it only if it was written."""
        assert before.done.cancelled(), "a stream has at most one unconfirmed append"
        # One that has lost its caller as well, because the database is away for long, was never queued.
        assert before.follower is None or before.follower.done(), "a stream has at most one unconfirmed append"
        before.follower = asyncio.get_running_loop().create_future()
        failed = await before.follower
        if failed is not None and record.seq > before.record.seq:
            raise Stale

    def _resolve(self, waiting: Waiting, failed: Failed | None = None) -> None:
        del self._unconfirmed[waiting.record.seat_id.int]
        if waiting.follower is not None and not waiting.follower.done():
            waiting.follower.set_result(failed)
        if waiting.done.done():
            return
        if failed is None:
            waiting.done.set_result(None)
        else:
            waiting.done.set_exception(failed)

    async def _run(self) -> None:
        while not self._closing or self._queue:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                await self._gather()
                batch, self._queue = self._queue[:ROWS_MAX], self._queue[ROWS_MAX:]
                self._in_flight_since = batch[0].since
                await self._flush(batch)
                self._in_flight_since = None

    async def _gather(self) -> None:
        """Whoever is ready in this turn of the loop comes along; soon after a commit, who comes a moment later too.

        A commit costs as much as many rows; what comes at intervals is written at once, so a single player never waits.
        """
        loop = self._loop
        left = self._began_at + GATHER_S - loop.time()
        await asyncio.sleep(left if left > 0 and len(self._queue) < GATHER_ROWS else 0)
        self._began_at = loop.time()

    async def _flush(self, batch: list[Waiting]) -> None:
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await self._connect()
            except Exception as error:  # noqa: BLE001 - nothing was sent, whatever it was
                self._refuse(batch, Unavailable(str(error)))
                await self._pause()
                return
        if not self.is_heard:  # asked after connecting: just while the store is away a name is given up
            self._refuse(batch, Unheard())
            return
        name = self.name
        batch.sort(key=lambda waiting: waiting.record.seat_id.int)
        claiming = [waiting for waiting in batch if waiting.record.claims]
        if claiming:
            # A statement of their own: COPY writes one table only.
            await self._claim(self._connection, claiming, name)
            batch = [waiting for waiting in batch if not waiting.record.claims]
            if not batch or self._connection is None:
                self._queue = batch + self._queue
                return
        try:
            await self._connection.copy_records_to_table(
                "journal", records=self._rows(batch, name), columns=COLUMNS, timeout=COPY_TIMEOUT_S
            )
        except SPLIT:
            await self._insert(self._connection, batch, name)
        except Exception as error:  # noqa: BLE001 - whatever it was, each caller is told or settled
            self._failed(batch, name, error)
        else:
            self._back_off = 0.0
            for waiting in batch:
                self._resolve(waiting)

    def _rows(self, batch: Sequence[Waiting], name: Name) -> list[Row]:
        writer, era = name.writer, self.era
        return [
            (r.seat_id, r.seq, writer, era, r.at, r.format, r.opening, r.request_id, r.payload)
            for r in [waiting.record for waiting in batch]
        ]

    async def _insert(self, connection: Connection, batch: list[Waiting], name: Name, tries: int = 0) -> None:
        """The batch once more, where each row stands for itself: those that lost their place are told so."""
        records = [waiting.record for waiting in batch]
        try:
            written = await connection.fetch(
                _INSERT_FREE, *arguments(records, name.writer, self.era), timeout=COPY_TIMEOUT_S
            )
        except SPLIT as error:
            # One row is in somebody's way; halves find it without writing row by row.
            if len(batch) > 1:
                await self._insert(connection, batch[: len(batch) // 2], name)
                await self._insert(connection, batch[len(batch) // 2 :], name)
            elif tries < SINGLE_TRIES and isinstance(error, PASSING):
                await self._insert(connection, batch, name, tries + 1)
            else:
                self._resolve(batch[0], Unavailable(str(error)))
            return
        except Exception as error:  # noqa: BLE001 - as in _flush
            self._failed(batch, name, error)
            return
        winners = {row["seat_id"] for row in written}
        losers = [waiting for waiting in batch if waiting.record.seat_id not in winners]
        repeated = await self._repeated(connection, losers)
        for waiting in batch:
            self._resolve(waiting, None if waiting.record.seat_id in winners else repeated[waiting.record.seat_id])

    async def _claim(self, connection: Connection, batch: list[Waiting], name: Name) -> None:
        by_seat = {waiting.record.seat_id: waiting for waiting in batch}
        try:
            records = [waiting.record for waiting in batch]
            async for record, failed in write_claiming(connection, records, name.writer, self.era):
                self._resolve(by_seat.pop(record.seat_id), failed)
        except Exception as error:  # noqa: BLE001 - as in _flush
            self._failed(list(by_seat.values()), name, error)

    async def _repeated(self, connection: Connection, losers: list[Waiting]) -> dict[uuid.UUID, Failed]:
        failed: dict[uuid.UUID, Failed] = {waiting.record.seat_id: Stale() for waiting in losers}
        asked = [waiting.record for waiting in losers if waiting.record.request_id is not None]
        if asked:
            try:
                rows = await connection.fetch(_REPEATED, [r.seat_id for r in asked], [r.request_id for r in asked])
            except TROUBLE:
                return failed  # certainly not written; the reload that Stale asks for finds the request
            failed |= {row["seat_id"]: RequestRepeated(row["seq"]) for row in rows}
        return failed

    def _refuse(self, batch: list[Waiting], error: Unavailable) -> None:
        for waiting in batch:
            self._resolve(waiting, error)

    def _failed(self, batch: list[Waiting], name: Name, error: Exception) -> None:
        if getattr(error, "severity_en", None) == "ERROR":
            # The server refused the statement and lives: the transaction is rolled back, nothing is written.
            self._refuse(batch, Unavailable(str(error)))
            return
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
        task = asyncio.create_task(self._settle(batch, name), name="journal settling")
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _settle(self, batch: list[Waiting], name: Name) -> None:
        """Under the name that they were sent under: a newer one may not have been heard of yet."""
        waiting = {w.record.seat_id: w for w in batch}
        records = [w.record for w in batch]
        async for seat_id, written in settle(self._connect, records, name.writer, self.era, name.recovered):
            self._resolve(waiting[seat_id], None if written else Stale())

    async def _connect(self) -> Connection:
        connection = await connect(self.dsn, "journal", LIMITS)
        self.era = await connection.fetchval("SELECT era FROM store_state")
        return connection

    async def _pause(self) -> None:
        least, most = BACK_OFF_S
        self._back_off = min(most, max(least, self._back_off * 2))
        await asyncio.sleep(self._back_off)
