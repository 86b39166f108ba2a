"""The leases of all processes that share one store: what each writes about itself, and hears of the others."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from croupier.store.connect import TROUBLE, Connection, connect
from croupier.store.records import Unavailable

BEAT_TIMEOUT_S = 2.0
"""A heartbeat that takes longer has failed: it must be heard well within the three seconds that it is good for."""

Hurry = Callable[[uuid.UUID], None]


class Heard(msgspec.Struct, frozen=True):
    """What a heartbeat hears: every worker's counter, the newest version of all settings, the store's own clock."""

    beats: dict[str, int]
    version: int
    at: int
    """Microseconds since 1970, by the store."""


class Leases(Protocol):
    """Every call raises Unavailable when the store is away; a heartbeat may have counted all the same."""

    async def enter(self, writer: str, place: str, hurry: Hurry) -> None:
        """A process begins. Whoever held this `place` before has ended: its parent has seen it. "" = no place.

        `hurry` is called with the seats whose waiting records somebody asked for.
        """
        ...

    async def beat(self, writer: str, applied: int) -> Heard:
        """Raise this writer's counter, and say which version of the settings its worker has applied."""
        ...

    async def leave(self, writer: str) -> None:
        """This writer writes nothing any more."""
        ...

    async def ask(self, writer: str, seat_id: uuid.UUID) -> None:
        """Somebody waits for this writer's next record of a seat. Only to hurry it: nothing may rely on it."""
        ...


FORGOTTEN_BEATS = 60
"""A row that was not raised for so many heartbeats goes when the next process enters: as `_ENTER` does."""


class MemoryLeases:
    """For processes that are simulated in one. `at`: the store's clock, microseconds since 1970."""

    def __init__(self, at: Callable[[], int], beat_s: float = 1.0) -> None:
        self.at = at
        self.forgotten_us = int(FORGOTTEN_BEATS * beat_s * 1_000_000)
        self.version = 0
        self.beats: dict[str, int] = {}
        self.applied: dict[str, int] = {}
        self._beat_at: dict[str, int] = {}
        self._places: dict[str, str] = {}
        self._hurries: dict[str, Hurry] = {}

    async def enter(self, writer: str, place: str, hurry: Hurry) -> None:
        if place:
            before = self._places.pop(place, None)
            if before is not None:
                await self.leave(before)
            self._places[place] = writer
        for silent in [w for w, beat_at in self._beat_at.items() if self.at() - beat_at > self.forgotten_us]:
            await self.leave(silent)
        self._hurries[writer] = hurry
        self.beats[writer] = 1
        self._beat_at[writer] = self.at()

    async def beat(self, writer: str, applied: int) -> Heard:
        self.beats[writer] = self.beats.get(writer, 0) + 1
        self._beat_at[writer] = self.at()
        self.applied[writer] = applied
        return Heard(dict(self.beats), self.version, self.at())

    async def leave(self, writer: str) -> None:
        for known in (self.beats, self.applied, self._beat_at, self._hurries):
            known.pop(writer, None)

    async def ask(self, writer: str, seat_id: uuid.UUID) -> None:
        hurry = self._hurries.get(writer)
        if hurry is not None:
            hurry(seat_id)


CHANNEL = "croupier_hurry"

_ENTER = """
WITH ended AS (DELETE FROM workers WHERE (place = $2 AND place <> '') OR beat_at < now() - interval '1 minute')
INSERT INTO workers (writer, place, applied_version, beats) VALUES ($1, $2, 0, 1)
"""
_BEAT = """
WITH beaten AS (
    INSERT INTO workers (writer, applied_version, beats, place) VALUES ($1, $2, 1, $3)
    ON CONFLICT (writer) DO UPDATE SET applied_version = $2, beats = workers.beats + 1, beat_at = now()
)
SELECT version, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS at,
       ARRAY(SELECT writer FROM workers ORDER BY writer) AS writers,
       ARRAY(SELECT beats FROM workers ORDER BY writer) AS beats
FROM config
"""


class PostgresLeases:
    """A connection of its own, so that no slow query and no full pool delays a heartbeat."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._connection: Connection | None = None
        self._lock = asyncio.Lock()
        self._place = ""
        self._hurry: Hurry | None = None
        self._writer = ""

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.terminate()

    async def enter(self, writer: str, place: str, hurry: Hurry) -> None:
        self._place, self._hurry, self._writer = place, hurry, writer
        await self._do("execute", _ENTER, writer, place)

    async def beat(self, writer: str, applied: int) -> Heard:
        self._writer = writer
        row = await self._do("fetchrow", _BEAT, writer, applied, self._place)
        return Heard(dict(zip(row["writers"], row["beats"], strict=True)), row["version"], row["at"])

    async def leave(self, writer: str) -> None:
        await self._do("execute", "DELETE FROM workers WHERE writer = $1", writer)

    async def ask(self, writer: str, seat_id: uuid.UUID) -> None:
        await self._do("execute", "SELECT pg_notify($1, $2)", CHANNEL, f"{writer} {seat_id}")

    async def _do(self, how: str, query: str, *arguments: object) -> Any:
        async with self._lock:
            try:
                if self._connection is None or self._connection.is_closed():
                    self._connection = await self._connect()
                return await getattr(self._connection, how)(query, *arguments, timeout=BEAT_TIMEOUT_S)
            except TROUBLE as error:
                # Whatever is still on its way here must not be taken for the answer to the next question.
                if self._connection is not None:
                    self._connection.terminate()
                    self._connection = None
                raise Unavailable(str(error)) from error

    async def _connect(self) -> Connection:
        settings = {"statement_timeout": "2s", "lock_timeout": "1s", "tcp_user_timeout": "3s"}
        async with asyncio.timeout(BEAT_TIMEOUT_S):
            connection = await connect(self.dsn, "lease", settings)
            await connection.add_listener(CHANNEL, self._asked)
        return connection

    def _asked(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        writer, _, seat = str(payload).partition(" ")
        if writer == self._writer and self._hurry is not None:
            self._hurry(uuid.UUID(seat))
