"""The journal on PostgreSQL: the contract, and appends whose result nobody heard."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from croupier.domain.ids import uuid7
from croupier.domain.parties import Seat, SeatKey
from croupier.rounds.events import Recovered
from croupier.store import formats
from croupier.store.connect import connect
from croupier.store.embedded import EmbeddedPostgres
from croupier.store.journal import PostgresJournal
from croupier.store.records import Claimed, Record, Stale, Unavailable, Unheard
from store.contract import ANNA, BERT, JournalContract, record, stream_of, use
from store.wire import Line, Wire, wire

CARL = SeatKey("casino", "carl", "dice", "real")


async def opened(dsn: str) -> PostgresJournal:
    journal = PostgresJournal(dsn, now=lambda: time.time_ns() // 1000, random=os.urandom, pool_size=2)
    await journal.open()
    return journal


@pytest.fixture
async def journal(postgres_dsn: str) -> AsyncIterator[PostgresJournal]:
    journal = await opened(postgres_dsn)
    yield journal
    await journal.close()


@pytest.fixture
async def other(postgres_dsn: str) -> AsyncIterator[PostgresJournal]:
    journal = await opened(postgres_dsn)
    yield journal
    await journal.close()


@pytest.fixture
async def line(postgres_server: EmbeddedPostgres, postgres_dsn: str) -> AsyncIterator[Wire]:
    with tempfile.TemporaryDirectory() as folder:
        async with wire(Path(folder), postgres_server.place.socket, postgres_dsn) as opened_wire:
            yield opened_wire


@pytest.fixture
async def wired(line: Wire) -> AsyncIterator[tuple[PostgresJournal, Line]]:
    """A journal, and the connection it writes over, which the test can hold and cut."""
    journal = await opened(line.dsn)
    copier = line.lines[-1]
    await journal.append(record(await journal.seat(CARL), 1))  # from now on a COPY needs no answer to begin
    yield journal, copier
    await journal.close()


class Held:
    """`contract.Unsure`: the connection over which the journal writes."""

    def __init__(self, journal: PostgresJournal, copier: Line) -> None:
        self.journal = journal
        self.copier = copier

    def hold(self) -> None:
        self.copier.held = True

    def release(self) -> None:
        self.copier.release()

    def deafen(self) -> None:
        self.copier.deaf = True

    def cut(self) -> None:
        self.copier.cut()


@pytest.fixture
def unsure(wired: tuple[PostgresJournal, Line]) -> Held:
    return Held(*wired)


class TestContract(JournalContract):
    pass


async def until(question: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(10):
        while not await question():  # noqa: ASYNC110 - another process gives the answer
            await asyncio.sleep(0.005)


async def contents(journal: PostgresJournal, seat: Seat) -> list[str]:
    """Payloads, where a record that took a lost one's place reads ``recovered``."""
    return [
        "recovered" if r.payload == formats.encode([Recovered(r.writer)]) else r.payload.decode()
        for r in await journal.read(seat.seat_id, 1)
    ]


async def test_many_appends_at_once_are_all_there(journal: PostgresJournal, other: PostgresJournal) -> None:
    """Two processes, so that their COPYs meet."""
    seats = [await journal.seat(SeatKey("casino", f"p{n}", "dice", "real")) for n in range(60)]

    async def play(process: PostgresJournal, seat: Seat) -> None:
        for seq in range(1, 6):
            await process.append(record(seat, seq, request_id=f"r{seq}"))

    await asyncio.gather(*(play((journal, other)[n % 2], seat) for n, seat in enumerate(seats)))
    for seat in seats:
        assert [seq for seq, _ in await stream_of(journal, seat)] == [1, 2, 3, 4, 5]


async def test_two_processes_at_one_stream_take_every_place_once(
    journal: PostgresJournal, other: PostgresJournal
) -> None:
    seat = await journal.seat(ANNA)

    async def race(process: PostgresJournal) -> int:
        won = 0
        for seq in range(1, 31):
            try:
                await process.append(record(seat, seq, payload=process.writer.encode()))
                won += 1
            except Stale:
                pass
        return won

    wins = await asyncio.gather(race(journal), race(other))
    assert sum(wins) == 30
    assert [seq for seq, _ in await stream_of(journal, seat)] == list(range(1, 31))


async def test_a_second_append_while_the_first_is_unconfirmed_is_a_bug(journal: PostgresJournal) -> None:
    seat = await journal.seat(ANNA)
    first = asyncio.create_task(journal.append(record(seat, 1)))
    await asyncio.sleep(0)
    with pytest.raises(AssertionError, match="unconfirmed"):
        await journal.append(record(seat, 2))
    await first


@pytest.mark.parametrize("stale", [True, False])
async def test_the_follower_of_a_cancelled_append_shares_its_fate(
    journal: PostgresJournal, other: PostgresJournal, stale: bool
) -> None:
    """Record 3 stale must not let record 4 in: it was made from a state that never existed."""
    seat = await journal.seat(ANNA)
    for seq in (1, 2):
        await journal.append(record(seat, seq))
    if stale:
        await other.append(record(seat, 3, payload=b"theirs"))
    first = asyncio.create_task(journal.append(record(seat, 3, payload=b"ours")))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    if stale:
        with pytest.raises(Stale):
            await journal.append(record(seat, 4))
        assert (await stream_of(journal, seat))[2:] == [(3, b"theirs")]
    else:
        await journal.append(record(seat, 4))
        assert (await stream_of(journal, seat))[2:] == [(3, b"ours"), (4, b"\x90")]


async def test_a_follower_that_gave_up_makes_room_for_the_next(journal: PostgresJournal) -> None:
    """The database is away for longer than two turns: each leaves its append behind, and the third gets an answer."""
    seat = await journal.seat(ANNA)
    for seq, payload in ((1, b"left"), (2, b"given up")):
        append = asyncio.create_task(journal.append(record(seat, seq, payload=payload)))
        await asyncio.sleep(0)
        append.cancel()
        await asyncio.sleep(0)
    await journal.append(record(seat, 2, payload=b"third"))
    assert await stream_of(journal, seat) == [(1, b"left"), (2, b"third")]


async def test_written_but_unheard_is_found_and_kept(
    wired: tuple[PostgresJournal, Line], journal: PostgresJournal
) -> None:
    ours, copier = wired
    seat = await journal.seat(ANNA)
    copier.deaf = True
    append = asyncio.create_task(ours.append(record(seat, 1, payload=b"ours")))
    await until(lambda: journal.read(seat.seat_id, 1))
    assert not append.done()
    copier.cut()
    await append
    assert await contents(journal, seat) == ["ours"]


async def test_a_record_that_arrives_late_finds_its_place_taken(
    wired: tuple[PostgresJournal, Line], journal: PostgresJournal, postgres_dsn: str
) -> None:
    ours, copier = wired
    anna, bert = await journal.seat(ANNA), await journal.seat(BERT)
    copier.held = True
    appends = [asyncio.create_task(ours.append(record(seat, 1, payload=b"late"))) for seat in (anna, bert)]
    await asyncio.sleep(0.05)
    assert await contents(journal, anna) == []
    copier.cut()
    for append in appends:
        with pytest.raises(Stale):
            await append
    assert await contents(journal, anna) == await contents(journal, bert) == ["recovered"]

    watcher = await connect(postgres_dsn, "watcher")
    backends = "SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'croupier journal'"
    # Ours closed with the cut, `journal`'s own stays; the late one lives until it has been read to its end.
    copier.release()
    await until(lambda: watcher.fetchval(backends + " AND datname = current_database()"))
    await watcher.close()
    assert await contents(journal, anna) == await contents(journal, bert) == ["recovered"]
    await ours.append(record(anna, 2, payload=b"next"))
    assert await contents(journal, anna) == ["recovered", "next"]


async def test_a_claim_whose_answer_was_lost_is_there_with_its_record(
    wired: tuple[PostgresJournal, Line], journal: PostgresJournal
) -> None:
    ours, copier = wired
    anna, bert = await journal.seat(ANNA), await journal.seat(BERT)
    await ours.append(record(bert, 1, claims=(use(1),)))  # from now on the statement needs no answer to begin
    copier.deaf = True
    append = asyncio.create_task(ours.append(record(anna, 1, payload=b"ours", claims=(use(2),))))
    await until(lambda: journal.read(anna.seat_id, 1))
    assert not append.done()
    copier.cut()
    await append
    assert await contents(journal, anna) == ["ours"]
    with pytest.raises(Claimed):
        await journal.append(record(bert, 2, claims=(use(2),)))


async def test_a_claim_that_never_arrived_is_free_for_another_record(
    wired: tuple[PostgresJournal, Line], journal: PostgresJournal
) -> None:
    """Neither lost nor doubled: the place in the stream is taken, so the claim cannot come after all."""
    ours, copier = wired
    anna, bert = await journal.seat(ANNA), await journal.seat(BERT)
    await ours.append(record(bert, 1, claims=(use(1),)))
    copier.held = True
    append = asyncio.create_task(ours.append(record(anna, 1, payload=b"late", claims=(use(2),))))
    await asyncio.sleep(0.05)
    copier.cut()
    with pytest.raises(Stale):
        await append
    copier.release()
    assert await contents(journal, anna) == ["recovered"]
    await ours.append(record(anna, 2, payload=b"again", claims=(use(2),)))
    assert await contents(journal, anna) == ["recovered", "again"]
    with pytest.raises(Claimed):
        await journal.append(record(bert, 2, claims=(use(2),)))


async def test_while_somebody_holds_a_claim_in_an_open_transaction_its_rival_waits_and_then_wins(
    journal: PostgresJournal, postgres_dsn: str
) -> None:
    """A process that dies before its commit has claimed nothing."""
    seat = await journal.seat(ANNA)
    dying = await asyncpg.connect(postgres_dsn)
    lock = dying.transaction()
    await lock.start()
    await dying.execute("INSERT INTO claims VALUES ($1, $2, $3, 1)", "free_round", use(1).key, seat.seat_id)
    append = asyncio.create_task(journal.append(record(seat, 1, payload=b"ours", claims=(use(1),))))
    await asyncio.sleep(0.3)
    assert not append.done()
    dying.terminate()
    await append
    assert await contents(journal, seat) == ["ours"]


async def test_a_backend_that_is_killed_while_it_writes(
    journal: PostgresJournal, other: PostgresJournal, postgres_dsn: str
) -> None:
    seat = await journal.seat(ANNA)
    blocker = await asyncpg.connect(postgres_dsn)
    lock = blocker.transaction()
    await lock.start()
    await blocker.execute("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE")
    append = asyncio.create_task(journal.append(record(seat, 1, payload=b"ours")))
    await until(
        lambda: blocker.fetchval(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE application_name = 'croupier journal' AND wait_event_type = 'Lock'"""
        )
    )
    await lock.rollback()
    await blocker.close()
    with pytest.raises(Stale):
        await append
    assert await contents(other, seat) == ["recovered"]


async def test_a_short_lock_only_delays(journal: PostgresJournal, postgres_dsn: str) -> None:
    """Longer than `lock_timeout`, so that COPY gives up and the rows are tried one by one."""
    seat = await journal.seat(ANNA)
    blocker = await asyncpg.connect(postgres_dsn)
    async with blocker.transaction():
        await blocker.execute("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE")
        append = asyncio.create_task(journal.append(record(seat, 1, payload=b"ours")))
        await asyncio.sleep(0.3)
        assert not append.done()
        assert journal.oldest_waiting_ms() >= 250
    await blocker.close()
    await append
    assert await contents(journal, seat) == ["ours"]
    assert journal.oldest_waiting_ms() == 0


@pytest.mark.parametrize(
    "bad",
    [
        Record(uuid7(0, bytes(10)), 1, at=1, format=1, payload=b""),  # no partition so long ago
        Record(uuid7(time.time_ns() // 1000, bytes(10)), 1, at=1, format=1, payload=b"", request_id="\0"),
        Record(uuid7(time.time_ns() // 1000, bytes(10)), 1, at=2**70, format=1, payload=b""),
    ],
    ids=["no partition", "not text", "not a time"],
)
async def test_a_record_that_cannot_be_written_does_not_fail_its_neighbours(
    journal: PostgresJournal, bad: Record
) -> None:
    anna, bert = await journal.seat(ANNA), await journal.seat(BERT)
    ends = await asyncio.gather(
        journal.append(record(anna, 1)), journal.append(bad), journal.append(record(bert, 1)), return_exceptions=True
    )
    assert ends[0] is None
    assert isinstance(ends[1], Unavailable)
    assert ends[2] is None
    assert await journal.read(bad.seat_id, 1) == []


async def test_while_the_database_is_away_nothing_is_written_and_everybody_is_told(
    wired: tuple[PostgresJournal, Line], line: Wire, journal: PostgresJournal
) -> None:
    ours, _ = wired
    seat = await journal.seat(ANNA)
    line.close()
    await asyncio.sleep(0.02)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await ours.append(record(seat, 1, payload=b"refused"))
    assert await contents(journal, seat) == []
    await line.open()
    await ours.append(record(seat, 1, payload=b"written"))
    assert await contents(journal, seat) == ["written"]


async def test_a_name_that_is_given_up_while_the_journal_connects_again_writes_nothing(
    wired: tuple[PostgresJournal, Line], line: Wire, journal: PostgresJournal
) -> None:
    """Both happen at the end of an outage: the journal may have its connection before the heartbeat has its own."""
    ours, _ = wired
    seat = await journal.seat(ANNA)
    line.close()
    await asyncio.sleep(0.02)
    await line.open()
    line.holds_new = True
    append = asyncio.create_task(ours.append(record(seat, 1)))
    known = len(line.lines)

    async def connecting() -> bool:
        return len(line.lines) > known

    await until(connecting)
    ours.renew()
    line.holds_new = False
    line.lines[-1].release()
    with pytest.raises(Unheard):
        await append
    assert await contents(journal, seat) == []


async def test_the_application_may_add_to_the_journal_and_change_nothing_in_it(postgres_dsn: str) -> None:
    connection = await connect(postgres_dsn, "test")
    partition = await connection.fetchval("SELECT inhrelid::regclass FROM pg_inherits LIMIT 1")
    for table in ("journal", partition, "claims"):
        for statement in (f"UPDATE {table} SET seq = 9", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    await connection.close()
