"""The journal in memory with a disk's bad habits: away, slow, or silent about what became of a record."""

import asyncio
import random
import uuid
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Protocol

from croupier.domain.parties import Seat, SeatKey
from croupier.simulation.clock import SimulatedClock
from croupier.simulation.faults import Faults
from croupier.store.eras import StoreState
from croupier.store.memory import MemoryJournal, ResultUnknown, Streams
from croupier.store.records import Claimed, LastClaim, Record, RequestRepeated, Stale, Unavailable, Unheard


class Life(Protocol):
    """The process that writes: it may die at any point it passes."""

    def passes(self, point: str) -> None: ...
    def kill(self) -> None: ...
    async def runs(self) -> None: ...


class Disk:
    """What outlives every process: the streams, and when they cannot be reached."""

    def __init__(self, faults: Faults, rng: random.Random) -> None:
        self.streams = Streams()
        self.state = StoreState()
        self.faults = faults
        self.rng = rng
        self.down_until = 0.0
        self.last_straw = False
        """The next process that writes dies of it."""
        self.landed: list[Record] = []
        """Every record in the order in which it became durable: the auditor's first witness."""
        self.times: dict[tuple[uuid.UUID, int], float] = {}
        """When each record landed, on the simulation's own clock."""
        self.eras: list[int] = []
        """Of each record in `landed`."""
        self.rounds = 0
        self.raced = 0
        """Records that came second at what they claimed."""
        self.trace = blake2b(digest_size=12)
        self.told: Callable[[Record], None] = lambda _: None
        """Told of each record that became durable."""
        self.watch: Callable[[Record], None] = lambda _: None
        """Told of each record at the moment a process begins to write it."""

    def land(self, record: Record, era: int) -> Exception | None:
        try:
            self.streams.put(record)
        except (Stale, RequestRepeated, Claimed) as failed:
            self.raced += isinstance(failed, Claimed)
            return failed
        self._landed(record, era)
        return None

    def rotate(self, closing: Record, first: Record, seat: Seat, era: int) -> None:
        """Both records or, when the old stream has gone on, Stale and none."""
        self.streams.put(closing)
        self.streams.add(seat)
        self.streams.put(first)
        self._landed(closing, era)
        self._landed(first, era)

    def restore(self, kept: int) -> None:
        """A backup is put back: what landed after the first `kept` records was never written, as far as it knows.

        Nothing that is still on its way to the old streams arrives here.
        """
        seats = {seat_id: stream.seat for seat_id, stream in self.streams.by_id.items()}
        for record in self.landed[kept:]:
            del self.times[record.seat_id, record.seq]
        del self.landed[kept:], self.eras[kept:]
        self.streams = Streams()
        for record in self.landed:
            if record.seat_id not in self.streams.by_id:
                self.streams.add(seats[record.seat_id])
            self.streams.put(record)
        self.rounds = sum(record.opening for record in self.landed)
        self.trace.update(b"restored")

    def _landed(self, record: Record, era: int) -> None:
        self.landed.append(record)
        self.eras.append(era)
        self.times[record.seat_id, record.seq] = asyncio.get_running_loop().time()
        self.rounds += record.opening
        self.told(record)
        self.trace.update(record.payload)


class SimulatedJournal(MemoryJournal):
    """One process's journal. What it wrote stays when the process dies, also what was on its way."""

    def __init__(self, disk: Disk, clock: SimulatedClock, ids: Callable[[int], bytes], life: Life) -> None:
        super().__init__(disk.streams, now=clock.now, random=ids)
        self.disk = disk
        self.clock = clock
        self.life = life
        self.era = disk.state.era

    async def append(self, record: Record) -> None:
        self.life.passes("before_append")
        self.disk.watch(record)
        try:
            await super().append(record)
        finally:
            await self.life.runs()
        self.life.passes("after_append")

    async def commit(self, records: Sequence[Record]) -> list[Exception | None]:
        return [await self._commit(record) for record in records]

    async def _commit(self, record: Record) -> Exception | None:
        loop, rng = asyncio.get_running_loop(), self.disk.rng
        if loop.time() < self.disk.down_until:
            self.disk.faults.count("store outage")
            await asyncio.sleep(rng.uniform(0.05, 1.0))
            return Unavailable()
        done: asyncio.Future[Exception | None] = loop.create_future()
        fault = self.disk.faults.store()
        written_after = rng.uniform(0.0005, 0.004)
        told_after = written_after
        result: Exception | None = None
        match fault:
            case "unavailable":
                loop.call_later(rng.uniform(0.01, 1.0), _told, done, Unavailable())
                return await done
            case "slow":
                written_after = told_after = rng.uniform(0.1, 2.0)
            case "very_slow":
                written_after = told_after = rng.uniform(2.0, 5.5)
            case "unknown_written":
                told_after, result = rng.uniform(0.1, 5.0), ResultUnknown()
            case "unknown_late":
                told_after, result = rng.uniform(0.01, 1.0), ResultUnknown()
                written_after = told_after + rng.uniform(0.0, 3.0)
            case "unknown_lost":
                loop.call_later(rng.uniform(0.1, 5.0), _told, done, ResultUnknown())
                return await done
        dies = self.disk.faults.strikes("crash while_writing", self.disk.faults.mix.crash) or self.disk.last_straw
        if fault is None and dies:
            self.disk.last_straw = False
            # The writer dies; the database goes on with its statement, and whoever comes next may read before its end.
            loop.call_later(rng.uniform(0.0, 0.02), self.life.kill)
            written_after = rng.uniform(0.0005, 5.5)
        # Scheduled outside of the writer: it lands although the writer dies, or nobody waits any more.
        loop.call_later(written_after, self._land, record, done if result is None else None)
        if result is not None:
            loop.call_later(told_after, _told, done, result)
        return await done

    def _land(self, record: Record, done: "asyncio.Future[Exception | None] | None") -> None:
        if self.streams is not self.disk.streams:
            return  # another database stands in the place of the one that it was sent to
        failed = self.disk.land(record, self.era)
        if done is not None:
            _told(done, failed)

    async def rotate(self, closing: Record, first: Record, seat: Seat) -> None:
        self.life.passes("before_append")
        if not self._heard:
            raise Unheard
        fault = self.disk.faults.store() or ""
        await self.clock.sleep(self.disk.rng.uniform(0.0005, 0.004))
        away = asyncio.get_running_loop().time() < self.disk.down_until
        if away or fault in ("unavailable", "unknown_lost") or self.streams is not self.disk.streams:
            raise Unavailable
        self.disk.rotate(closing, first, seat, self.era)
        await self.life.runs()
        self.life.passes("after_append")
        if fault.startswith("unknown"):
            raise Unavailable("perhaps it was written")

    async def load(self, seat_id: uuid.UUID) -> list[Record]:
        await self._read()
        return await super().load(seat_id)

    async def read(self, seat_id: uuid.UUID, from_seq: int, limit: int = 200) -> list[Record]:
        await self._read()
        return await super().read(seat_id, from_seq, limit)

    async def find_request(self, seat_id: uuid.UUID, request_id: str) -> int | None:
        await self._read()
        return await super().find_request(seat_id, request_id)

    async def last_claim(self, kind: str, prefix: str) -> LastClaim | None:
        await self._read()
        return await super().last_claim(kind, prefix)

    async def seat(self, key: SeatKey) -> Seat:
        await self._read()
        return await super().seat(key)

    async def seat_by_id(self, seat_id: uuid.UUID) -> Seat | None:
        await self._read()
        return await super().seat_by_id(seat_id)

    async def unfinished(self) -> list[uuid.UUID]:
        await self._read()
        return await super().unfinished()

    async def _read(self) -> None:
        self.life.passes("reading")
        await self.clock.sleep(self.disk.rng.uniform(0.0002, 0.003))
        await self.life.runs()
        away = asyncio.get_running_loop().time() < self.disk.down_until
        if away or self.disk.faults.strikes("store read", self.disk.faults.mix.store / 4):
            raise Unavailable


def _told(done: "asyncio.Future[Exception | None]", result: Exception | None) -> None:
    if not done.done():
        done.set_result(result)
