"""What every journal promises. One suite, run on memory and on PostgreSQL.

Whoever runs it gives three fixtures: `journal`, `other`, a second process that writes to the same streams, and
`unsure`, a third one whose line to the store the test has in its hand.
"""

import asyncio
import time
import uuid
from typing import Protocol

import pytest

from croupier.campaigns.claims import Claim
from croupier.domain.ids import uuid7
from croupier.domain.parties import Seat, SeatKey
from croupier.rounds.events import Recovered
from croupier.store import formats
from croupier.store.records import Claimed, Journal, LastClaim, Record, RequestRepeated, Stale, Unheard

TODAY = time.time_ns() // 1000
ANNA = SeatKey("casino", "anna", "dice", "real")
BERT = SeatKey("casino", "bert", "dice", "real")


def record(
    seat: Seat,
    seq: int,
    *,
    payload: bytes = b"\x90",
    request_id: str | None = None,
    opening: bool = False,
    claims: tuple[Claim, ...] = (),
) -> Record:
    return Record(
        *(seat.seat_id, seq, 1_000_000 + seq, 1, payload),
        request_id=request_id,
        opening=opening,
        claims=claims,
    )


def use(number: int, grant: str = "casino/spring/anna") -> Claim:
    return Claim("free_round", f"{grant}/{number:09}")


async def stream_of(journal: Journal, seat: Seat) -> list[tuple[int, bytes]]:
    return [(r.seq, r.payload) for r in await journal.read(seat.seat_id, 1)]


class Unsure(Protocol):
    """A process and its line to the store. Beside it there is always another line: the process may connect anew."""

    journal: Journal

    def hold(self) -> None:
        """What is said from now on does not arrive, until `release`, also when the line was cut before."""

    def release(self) -> None: ...

    def deafen(self) -> None:
        """What is said arrives; the answers do not."""

    def cut(self) -> None:
        """The process loses the line, and cannot know what became of what it has said."""


async def begun(ours: Journal, what: Record) -> asyncio.Task[None]:
    """An append that is on its way."""
    append = asyncio.create_task(ours.append(what))
    await asyncio.sleep(0.05)
    assert not append.done()
    return append


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

    async def test_nothing_is_written_under_a_new_name_before_the_others_have_heard_of_it(
        self, journal: Journal, other: Journal
    ) -> None:
        seat = await journal.seat(ANNA)
        new = Seat(uuid7(TODAY, bytes(10)), ANNA)
        await journal.append(record(seat, 1))
        before = journal.writer
        journal.renew()
        assert journal.writer != before
        with pytest.raises(Unheard):
            await journal.append(record(seat, 2))
        with pytest.raises(Unheard):
            await journal.append(record(seat, 2, claims=(use(1),)))
        with pytest.raises(Unheard):
            await journal.rotate(record(seat, 2), record(new, 1), new)
        assert len(await other.read(seat.seat_id, 1)) == 1
        journal.heard()
        await journal.append(record(seat, 2))
        assert [r.writer for r in await other.read(seat.seat_id, 1)] == [before, journal.writer]

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

    # Claims: what may exist once although many streams could write it

    async def test_what_is_claimed_is_claimed_once(self, journal: Journal, other: Journal) -> None:
        anna, bert = await journal.seat(ANNA), await journal.seat(BERT)
        await journal.append(record(anna, 1, claims=(use(1),)))
        for process, seat, seq in ((journal, anna, 2), (other, anna, 2), (other, bert, 1)):
            with pytest.raises(Claimed):
                await process.append(record(seat, seq, claims=(use(1),)))
        assert [seq for seq, _ in await stream_of(journal, anna)] == [1]
        assert await stream_of(journal, bert) == []
        await other.append(record(bert, 1, claims=(use(2),)))

    async def test_a_record_has_all_its_claims_or_is_not_there(self, journal: Journal, other: Journal) -> None:
        anna, bert = await journal.seat(ANNA), await journal.seat(BERT)
        await journal.append(record(anna, 1, claims=(use(2),)))
        with pytest.raises(Claimed):
            await other.append(record(bert, 1, claims=(use(1), use(2))))
        await other.append(record(bert, 1, claims=(use(1), use(3))))
        last = await journal.last_claim("free_round", "casino/spring/anna/")
        assert last == LastClaim(use(3).key, bert.seat_id, 1)

    async def test_the_last_claim_is_found_by_how_its_key_begins(self, journal: Journal, other: Journal) -> None:
        anna, bert = await journal.seat(ANNA), await journal.seat(BERT)
        assert await journal.last_claim("free_round", "casino/spring/anna/") is None
        await journal.append(record(anna, 1, claims=(use(9),)))
        await journal.append(record(bert, 1, claims=(use(10), Claim("free_round_return", use(11).key))))
        await journal.append(record(anna, 2, claims=(use(77, "casino/spring/annabel"),)))
        await journal.append(record(anna, 3, claims=(use(78, "casino/spring/anna.b"),)))
        assert await other.last_claim("free_round", "casino/spring/anna/") == LastClaim(use(10).key, bert.seat_id, 1)
        assert await other.last_claim("free_round", "casino/summer/") is None

    async def test_a_stale_record_claims_nothing(self, journal: Journal, other: Journal) -> None:
        anna, bert = await journal.seat(ANNA), await journal.seat(BERT)
        await journal.append(record(anna, 1))
        with pytest.raises(Stale):
            await other.append(record(anna, 1, claims=(use(1),)))
        await other.append(record(bert, 1, claims=(use(1),)))

    async def test_a_repeated_request_is_told_so_although_its_use_is_claimed(
        self, journal: Journal, other: Journal
    ) -> None:
        seat = await journal.seat(ANNA)
        await journal.append(record(seat, 1, request_id="r1", claims=(use(1),)))
        for seq in (1, 2):
            with pytest.raises(RequestRepeated) as repeated:
                await other.append(record(seat, seq, request_id="r1", claims=(use(seq),)))
            assert repeated.value.seq == 1
        await other.append(record(seat, 2, request_id="r2", claims=(use(2),)))

    async def test_two_processes_race_for_every_use_and_each_is_won_once(
        self, journal: Journal, other: Journal
    ) -> None:
        anna, bert = await journal.seat(ANNA), await journal.seat(BERT)

        async def race(process: Journal, seat: Seat) -> list[int]:
            won, seq = [], 1
            for number in range(1, 41):
                try:
                    await process.append(record(seat, seq, claims=(use(number),)))
                except Claimed:
                    continue
                won.append(number)
                seq += 1
            return won

        first, second = await asyncio.gather(race(journal, anna), race(other, bert))
        assert sorted(first + second) == list(range(1, 41))
        assert len(await stream_of(journal, anna)) == len(first)
        assert len(await stream_of(journal, bert)) == len(second)

    async def test_neighbours_of_a_lost_claim_are_written(self, journal: Journal, other: Journal) -> None:
        seats = [await journal.seat(SeatKey("casino", f"p{n}", "dice", "real")) for n in range(9)]
        await other.append(record(await journal.seat(ANNA), 1, claims=(use(4),)))
        ends = await asyncio.gather(
            *(journal.append(record(seat, 1, claims=(use(n),) if n % 2 == 0 else ())) for n, seat in enumerate(seats)),
            return_exceptions=True,
        )
        assert [n for n, end in enumerate(ends) if end is not None] == [4]
        assert isinstance(ends[4], Claimed)
        assert [len(await stream_of(other, seat)) for seat in seats] == [1, 1, 1, 1, 0, 1, 1, 1, 1]

    async def test_a_seat_is_rotated_once_with_both_records_or_not_at_all(
        self, journal: Journal, other: Journal
    ) -> None:
        old = await journal.seat(ANNA)
        await journal.append(record(old, 1))
        new, late = (Seat(uuid7(at * 1_000_000 + TODAY, bytes(10)), ANNA) for at in (1, 2))
        await journal.rotate(record(old, 2, payload=b"closed"), record(new, 1, payload=b"carried"), new)
        assert await other.seat(ANNA) == new
        assert await stream_of(other, old) == [(1, b"\x90"), (2, b"closed")]
        assert await stream_of(other, new) == [(1, b"carried")]
        with pytest.raises(Stale):
            await other.rotate(record(old, 2), record(late, 1), late)
        assert await journal.seat(ANNA) == new
        assert await journal.seat_by_id(old.seat_id) == old
        assert await journal.seat_by_id(late.seat_id) is None

    async def test_stale_follower(self, journal: Journal, unsure: Unsure) -> None:
        """Record 3 is stale; its follower, made from a state that never existed, must not find place 4 free."""
        ours, seat = unsure.journal, await journal.seat(ANNA)
        for seq in (1, 2):
            await journal.append(record(seat, seq))
        unsure.hold()
        third = await begun(ours, record(seat, 3, payload=b"ours"))
        await journal.append(record(seat, 3, payload=b"theirs"))
        with pytest.raises(AssertionError, match="at most one unconfirmed append"):
            await ours.append(record(seat, 4, payload=b"follower"))
        unsure.release()
        with pytest.raises(Stale):
            await third
        assert (await stream_of(journal, seat))[2:] == [(3, b"theirs")]

    async def test_unknown_append_that_was_written(self, journal: Journal, unsure: Unsure) -> None:
        """The commit is done and nobody heard of it: the append ends well, once, with its request."""
        ours, seat = unsure.journal, await journal.seat(ANNA)
        unsure.deafen()
        append = await begun(ours, record(seat, 1, payload=b"ours", request_id="r1"))
        assert await stream_of(journal, seat) == [(1, b"ours")]
        unsure.cut()
        await append
        await ours.append(record(seat, 2, payload=b"next"))
        assert await stream_of(journal, seat) == [(1, b"ours"), (2, b"next")]
        assert await journal.find_request(seat.seat_id, "r1") == 1

    async def test_unknown_append_that_never_arrived(self, journal: Journal, unsure: Unsure) -> None:
        """Settled by winning its place: it is stale, and when it arrives after all, its place is taken."""
        ours, seat = unsure.journal, await journal.seat(ANNA)
        unsure.hold()
        append = await begun(ours, record(seat, 1, payload=b"lost", request_id="r1"))
        assert await stream_of(journal, seat) == []
        unsure.cut()
        with pytest.raises(Stale):
            await append
        (settled,) = await journal.read(seat.seat_id, 1)
        assert (settled.seq, settled.writer, settled.request_id) == (1, ours.writer, None)
        assert formats.decode(settled.format, settled.payload) == [Recovered(ours.writer)]
        unsure.release()
        await ours.append(record(seat, 2, payload=b"again", request_id="r1"))
        assert await stream_of(journal, seat) == [(1, settled.payload), (2, b"again")]
        assert await journal.find_request(seat.seat_id, "r1") == 2

    async def test_unknown_append_whose_place_another_process_has_taken(self, journal: Journal, unsure: Unsure) -> None:
        ours, seat = unsure.journal, await journal.seat(ANNA)
        unsure.hold()
        append = await begun(ours, record(seat, 1, payload=b"lost"))
        await journal.append(record(seat, 1, payload=b"theirs"))
        unsure.cut()
        with pytest.raises(Stale):
            await append
        unsure.release()
        assert await stream_of(journal, seat) == [(1, b"theirs")]

    async def test_a_writer_that_is_renewed_settles_under_the_name_it_wrote_under(
        self, journal: Journal, unsure: Unsure
    ) -> None:
        ours, seat = unsure.journal, await journal.seat(ANNA)
        before = ours.writer
        unsure.hold()
        append = await begun(ours, record(seat, 1, payload=b"lost"))
        ours.renew()
        unsure.cut()
        with pytest.raises(Stale):
            await append
        assert [r.writer for r in await journal.read(seat.seat_id, 1)] == [before]
        with pytest.raises(Unheard):
            await ours.append(record(seat, 2))
        ours.heard()
        unsure.release()
        await ours.append(record(seat, 2))
        assert [r.writer for r in await journal.read(seat.seat_id, 1)] == [before, ours.writer]
