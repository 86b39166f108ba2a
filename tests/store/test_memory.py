"""The journal in memory: the contract, and what only it has."""

import asyncio
import os
import uuid
from collections.abc import Sequence

import pytest

from croupier.domain.parties import Seat, SeatKey
from croupier.store.memory import MemoryJournal, ResultUnknown, Streams
from croupier.store.records import Record, Stale, Unavailable
from store.contract import ANNA, BERT, JournalContract, record, stream_of


@pytest.fixture
def streams() -> Streams:
    return Streams()


@pytest.fixture
def journal(streams: Streams) -> MemoryJournal:
    return MemoryJournal(streams, now=lambda: 1, random=os.urandom)


@pytest.fixture
def other(streams: Streams) -> MemoryJournal:
    return MemoryJournal(streams, now=lambda: 2, random=os.urandom)


class Line(MemoryJournal):
    """`contract.Unsure` in memory: its commits are on their way for as long as the test says."""

    def __init__(self, streams: Streams) -> None:
        super().__init__(streams, now=lambda: 3, random=os.urandom)
        self.journal = self
        self.way = "open"
        self.told: asyncio.Future[str] | None = None
        self.late: list[Record] = []

    def hold(self) -> None:
        self.way, self.told = "held", asyncio.get_running_loop().create_future()

    def deafen(self) -> None:
        self.way, self.told = "deaf", asyncio.get_running_loop().create_future()

    def cut(self) -> None:
        self._tell("cut")

    def release(self) -> None:
        if not self._tell("arrived"):
            for lost in self.late:
                self.put(lost)

    def _tell(self, what: str) -> bool:
        self.way = "open"
        if self.told is None or self.told.done():
            return False
        self.told.set_result(what)
        return True

    async def commit(self, records: Sequence[Record]) -> list[Exception | None]:
        if self.way == "open" or self.told is None:
            return await super().commit(records)
        written = await super().commit(records) if self.way == "deaf" else None
        if await self.told == "arrived":
            return await super().commit(records)
        if written is None:
            self.late.extend(records)
        return [ResultUnknown()] * len(records)


@pytest.fixture
def unsure(streams: Streams) -> Line:
    return Line(streams)


class TestContract(JournalContract):
    pass


async def test_the_seat_that_was_idle_longest_is_dropped() -> None:
    journal = MemoryJournal(Streams(seats_max=2), now=lambda: 1, random=os.urandom)
    anna, bert = await journal.seat(ANNA), await journal.seat(BERT)
    await journal.append(record(anna, 1))
    carl = await journal.seat(SeatKey("casino", "carl", "dice", "demo"))
    assert await journal.seat_by_id(anna.seat_id) == anna
    assert await journal.seat_by_id(bert.seat_id) is None
    assert await journal.seat_by_id(carl.seat_id) == carl
    with pytest.raises(Stale):
        await journal.append(record(bert, 1))
    assert (await journal.seat(BERT)).seat_id != bert.seat_id


async def test_dropping_a_seat_that_was_rotated_leaves_the_newer_one() -> None:
    journal = MemoryJournal(Streams(seats_max=2), now=lambda: 1, random=os.urandom)
    old = await journal.seat(ANNA)
    new = Seat(uuid.UUID(int=9), ANNA)
    await journal.rotate(record(old, 1), record(new, 1), new)
    bert = await journal.seat(BERT)
    assert await journal.seat_by_id(old.seat_id) is None
    assert await journal.seat(ANNA) == new
    assert await journal.seat(BERT) == bert


class Faulty(MemoryJournal):
    """Plays a list of faults: what becomes of each commit."""

    def __init__(self, streams: Streams, *faults: str) -> None:
        super().__init__(streams, now=lambda: 1, random=os.urandom)
        self.faults = list(faults)
        self.late: list[Record] = []

    async def commit(self, records: Sequence[Record]) -> list[Exception | None]:
        fault = self.faults.pop(0) if self.faults else "works"
        match fault:
            case "unavailable":
                return [Unavailable("down")] * len(records)
            case "written, unheard":
                await super().commit(records)
                return [ResultUnknown()] * len(records)
            case "late":
                self.late.extend(records)
                return [ResultUnknown()] * len(records)
        return await super().commit(records)


@pytest.mark.parametrize(
    ("faults", "end", "stream"),
    [
        (["unavailable"], Unavailable, []),
        (["written, unheard"], None, ["ours"]),
        (["late"], Stale, ["recovered"]),
        (["late", "unavailable"], Stale, ["recovered"]),
        (["late", "late"], Stale, ["recovered"]),
        (["late", "written, unheard"], Stale, ["recovered"]),
        (["written, unheard", "unavailable"], None, ["ours"]),
    ],
)
async def test_an_unknown_result_is_settled_and_the_lost_record_never_appears(
    streams: Streams, faults: list[str], end: type[Exception] | None, stream: list[str]
) -> None:
    journal = Faulty(streams, *faults)
    seat = await journal.seat(ANNA)
    if end is None:
        await journal.append(record(seat, 1, payload=b"ours"))
    else:
        with pytest.raises(end):
            await journal.append(record(seat, 1, payload=b"ours"))
    for lost in journal.late:
        journal.put(lost)
    found = ["ours" if payload == b"ours" else "recovered" for _, payload in await stream_of(journal, seat)]
    assert found == stream


async def test_a_gap_is_a_bug_of_the_writer(journal: MemoryJournal) -> None:
    seat = await journal.seat(ANNA)
    with pytest.raises(AssertionError, match="gap"):
        await journal.append(record(seat, 2))


async def test_an_unknown_seat_is_stale(journal: MemoryJournal) -> None:
    with pytest.raises(Stale):
        await journal.append(Record(uuid.UUID(int=1), 1, 1, 1, b""))
