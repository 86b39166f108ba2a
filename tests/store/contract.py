"""What every journal promises. One suite, run on memory and on PostgreSQL.

Whoever runs it gives two fixtures: `journal`, and `other`, a second process that writes to the same streams.
"""

import asyncio
import uuid

import pytest

from croupier.domain.parties import Seat, SeatKey
from croupier.store.records import Journal, Record, RequestRepeated, Stale

ANNA = SeatKey("casino", "anna", "dice", "real")
BERT = SeatKey("casino", "bert", "dice", "real")


def record(
    seat: Seat, seq: int, *, payload: bytes = b"\x90", request_id: str | None = None, opening: bool = False
) -> Record:
    return Record(
        seat.seat_id, seq, at=1_000_000 + seq, format=1, payload=payload, request_id=request_id, opening=opening
    )


async def stream_of(journal: Journal, seat: Seat) -> list[tuple[int, bytes]]:
    return [(r.seq, r.payload) for r in await journal.read(seat.seat_id, 1)]


class JournalContract:
    async def test_a_seat_is_made_once(self, journal: Journal, other: Journal) -> None:
        seat = await journal.seat(ANNA)
        assert await other.seat(ANNA) == seat
        assert await other.seat_by_id(seat.seat_id) == seat
        assert (await journal.seat(BERT)).seat_id != seat.seat_id
        assert await journal.seat_by_id(uuid.UUID(int=7)) is None

    async def test_what_was_appended_is_read_back_with_its_writer(self, journal: Journal, other: Journal) -> None:
        seat = await journal.seat(ANNA)
        await journal.append(record(seat, 1, payload=b"\x00\xff", request_id="r1", opening=True))
        await other.append(record(seat, 2))
        first, second = await other.read(seat.seat_id, 1)
        assert (first.seq, first.at, first.format, first.payload) == (1, 1_000_001, 1, b"\x00\xff")
        assert (first.request_id, first.opening, first.writer) == ("r1", True, journal.writer)
        assert (second.request_id, second.opening, second.writer) == (None, False, other.writer)
        assert journal.writer != other.writer

    async def test_load_begins_at_the_last_opening_record(self, journal: Journal) -> None:
        seat = await journal.seat(ANNA)
        assert await journal.load(seat.seat_id) == []
        for seq in range(1, 8):
            await journal.append(record(seat, seq, opening=seq in (2, 5)))
        assert [r.seq for r in await journal.load(seat.seat_id)] == [5, 6, 7]

    async def test_load_reads_everything_while_nothing_has_opened(self, journal: Journal) -> None:
        seat = await journal.seat(ANNA)
        for seq in (1, 2, 3):
            await journal.append(record(seat, seq))
        assert [r.seq for r in await journal.load(seat.seat_id)] == [1, 2, 3]

    async def test_read_pages_on(self, journal: Journal) -> None:
        seat = await journal.seat(ANNA)
        for seq in range(1, 6):
            await journal.append(record(seat, seq))
        assert [r.seq for r in await journal.read(seat.seat_id, 2, 2)] == [2, 3]
        assert [r.seq for r in await journal.read(seat.seat_id, 4, 200)] == [4, 5]
        assert await journal.read(seat.seat_id, 6) == []

    async def test_a_stale_record_is_refused_and_changes_nothing(self, journal: Journal, other: Journal) -> None:
        seat = await journal.seat(ANNA)
        await journal.append(record(seat, 1, payload=b"mine"))
        with pytest.raises(Stale):
            await other.append(record(seat, 1, payload=b"theirs"))
        assert await stream_of(journal, seat) == [(1, b"mine")]

    async def test_the_stale_one_is_told_and_its_neighbours_are_not(self, journal: Journal, other: Journal) -> None:
        anna, bert = await journal.seat(ANNA), await journal.seat(BERT)
        await other.append(record(anna, 1, payload=b"theirs"))
        ends = await asyncio.gather(
            journal.append(record(anna, 1)), journal.append(record(bert, 1)), return_exceptions=True
        )
        assert isinstance(ends[0], Stale)
        assert ends[1] is None
        assert [seq for seq, _ in await stream_of(journal, bert)] == [1]

    async def test_a_request_is_recorded_once(self, journal: Journal, other: Journal) -> None:
        seat = await journal.seat(ANNA)
        await journal.append(record(seat, 1, request_id="r1", opening=True))
        await journal.append(record(seat, 2))
        for process, seq in ((journal, 3), (other, 3), (other, 1)):
            with pytest.raises(RequestRepeated) as repeated:
                await process.append(record(seat, seq, request_id="r1"))
            assert repeated.value.seq == 1
        assert [seq for seq, _ in await stream_of(journal, seat)] == [1, 2]
        assert await other.find_request(seat.seat_id, "r1") == 1
        assert await other.find_request(seat.seat_id, "r2") is None

    async def test_the_same_request_id_is_free_at_another_seat(self, journal: Journal) -> None:
        anna, bert = await journal.seat(ANNA), await journal.seat(BERT)
        await journal.append(record(anna, 1, request_id="r1"))
        await journal.append(record(bert, 1, request_id="r1"))
        assert await journal.find_request(bert.seat_id, "r1") == 1

    async def test_seats_that_may_be_unfinished_are_listed(self, journal: Journal, other: Journal) -> None:
        anna, bert = await journal.seat(ANNA), await journal.seat(BERT)
        await journal.append(record(anna, 1, opening=True))
        unfinished = await other.unfinished()
        assert anna.seat_id in unfinished
        assert bert.seat_id not in unfinished
