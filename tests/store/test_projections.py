"""What people query follows the journal: complete, in order, once, and without being stopped by one bad stream."""

import asyncio
import os
import random
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, timedelta

import msgspec
import pytest

from croupier.domain.parties import SeatKey
from croupier.rounds.events import Recovered
from croupier.runtime import projector
from croupier.store import formats, reads
from croupier.store.connect import connect
from croupier.store.journal import PostgresJournal
from croupier.store.projection_tables import AnotherDatabase, Projections
from croupier.store.reads import freshness
from croupier.store.rebuild import InUse, rebuild
from croupier.store.records import Record
from store.played import DAY, MONDAY, Stream

EPOCH = date(1970, 1, 1)


@pytest.fixture
async def journal(postgres_dsn: str) -> AsyncIterator[PostgresJournal]:
    journal = PostgresJournal(postgres_dsn, now=lambda: time.time_ns() // 1000, random=os.urandom, pool_size=2)
    await journal.open()
    yield journal
    await journal.close()


@pytest.fixture
async def projections(postgres_dsn: str, journal: PostgresJournal) -> AsyncIterator[Projections]:
    opened = await Projections.open(postgres_dsn)
    assert opened is not None
    yield opened
    await opened.close()


async def left(journal: PostgresJournal) -> None:
    """Returns when the server has noticed that the projector before is gone, however it went."""
    held = """SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
              WHERE locktype = 'advisory' AND d.datname = current_database()"""
    for _ in range(500):
        if await journal.pool.fetchval(held) == 0:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the server still holds the place of a client that is gone")


async def stream(journal: PostgresJournal, player: str, game: str = "dice", currency: str = "EUR") -> Stream:
    return Stream(await journal.seat(SeatKey("casino", player, game, "real")), currency)


async def write(journal: PostgresJournal, *records: Record) -> None:
    for record in records:
        await journal.append(record)


async def follow(projections: Projections) -> int:
    count = 0
    while done := await projections.follow(time.time_ns() // 1000):
        count += done
    return count


async def tables(journal: PostgresJournal) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is projected, comparable."""
    names = ("rounds", "transactions", "daily", "daily_games", "stopped_streams")
    return {
        name: sorted((tuple(row) for row in await journal.pool.fetch(f"SELECT * FROM {name}")), key=str)
        for name in names
    }


async def rounds(journal: PostgresJournal) -> list[tuple[object, ...]]:
    rows = await journal.pool.fetch(
        "SELECT player_id, state, bet, win, paid, pending, cause FROM rounds ORDER BY player_id, opened_at, round_id"
    )
    return [tuple(row) for row in rows]


async def test_every_kind_of_end(journal: PostgresJournal, projections: Projections) -> None:
    lost, won, refused, doubtful, open_, unpaid = [
        await stream(journal, name) for name in ("1-lost", "2-won", "3-refused", "4-doubtful", "5-open", "6-unpaid")
    ]
    await write(journal, lost.opened(), lost.bet(100), lost.accepted(0))
    await write(journal, won.opened(), won.bet(100), won.accepted(250), won.paid())
    await write(journal, refused.opened(), refused.bet(100), refused.declined())
    await write(journal, doubtful.opened(), doubtful.bet(100), doubtful.unknown(), doubtful.rolled_back())
    await write(journal, open_.opened(), open_.bet(100))
    await write(journal, unpaid.opened(), unpaid.bet(100), unpaid.accepted(300))
    await follow(projections)

    assert await rounds(journal) == [
        ("1-lost", "closed", 100, 0, 0, 0, None),
        ("2-won", "closed", 100, 250, 250, 0, None),
        ("3-refused", "declined", 0, 0, 0, 0, None),
        ("4-doubtful", "cancelled", 0, 0, 0, 0, "unknown_bet"),
        ("5-open", "betting", 0, 0, 0, 1, None),
        ("6-unpaid", "paying", 100, 300, 0, 1, None),
    ]
    rows = await journal.pool.fetch(
        """SELECT player_id, kind, state, effect, amount, reference, operator_reference
           FROM transactions ORDER BY player_id, kind"""
    )
    assert [tuple(row) for row in rows] == [
        ("1-lost", "bet", "accepted", "moved", 100, None, "op-1"),
        ("2-won", "bet", "accepted", "moved", 100, None, "op-1"),
        ("2-won", "win", "accepted", "moved", 250, "b_2-won-dice-1", "op-2"),
        ("3-refused", "bet", "declined", "none", 100, None, None),
        ("4-doubtful", "bet", "reversed", "unsure", 100, None, None),
        ("4-doubtful", "rollback", "accepted", "moved", 100, "b_4-doubtful-dice-1", None),
        ("5-open", "bet", "sending", "unsure", 100, None, None),
        ("6-unpaid", "bet", "accepted", "moved", 100, None, "op-1"),
        ("6-unpaid", "win", "sending", "unsure", 300, "b_6-unpaid-dice-1", None),
    ]
    betting, paying = open_.seat.seat_id, unpaid.seat.seat_id
    assert set(await journal.unfinished()) == {betting, paying}
    for hand, urgent in ((betting, paying), (paying, betting)):
        await journal.pool.execute("UPDATE rounds SET state = 'in_play' WHERE seat_id = $1", hand)
        await journal.pool.execute("UPDATE rounds SET state = 'paying' WHERE seat_id = $1", urgent)
        assert await journal.unfinished() == [urgent, hand], "who waits for a wallet comes first"


async def test_counters_are_the_sums_of_what_was_played(journal: PostgresJournal, projections: Projections) -> None:
    """The oracle adds up the numbers that went in; only closed rounds count, on the day they closed."""
    chance = random.Random(1)
    expected: Counter[tuple[object, ...]] = Counter()
    for player, game, currency in (("anna", "dice", "EUR"), ("anna", "wheel", "EUR"), ("bert", "dice", "USD")):
        played = await stream(journal, player, game, currency)
        await write(journal, played.opened())
        for _ in range(40):
            played.at += DAY // 15
            bet, win = chance.randrange(1, 500), chance.choice((0, 0, 7, 900))
            await write(journal, *played.spin(bet, win))
            closed_at = played.at - 1000 if not win else played.at  # of the record that closed it
            day = EPOCH + timedelta(days=closed_at // DAY)
            for name, value in (
                *(("rounds", 1), ("bets", bet), ("wins", win), ("hits", win > 0)),
                *(("bets_squared", bet * bet), ("wins_squared", win * win), ("bets_wins", bet * win)),
            ):
                expected["casino", day, game, currency, player, name] += value
        await write(journal, played.opened())  # carries the last round's end
        await write(journal, played.bet(11))  # open: not counted
    await follow(projections)

    names = ("rounds", "bets", "wins", "hits", "bets_squared", "wins_squared", "bets_wins")
    found: Counter[tuple[object, ...]] = Counter()
    by_game: Counter[tuple[object, ...]] = Counter()
    for row in await journal.pool.fetch("SELECT * FROM daily"):
        for name in names:
            found[*(row[c] for c in ("operator_id", "day", "game_id", "currency", "player_id")), name] += int(row[name])
    for row in await journal.pool.fetch("SELECT * FROM daily_games"):
        for name in names:
            by_game[*(row[c] for c in ("operator_id", "day", "game_id", "currency")), name] += int(row[name])
    assert +found == +expected
    without_players: Counter[tuple[object, ...]] = Counter()
    for key, value in expected.items():
        without_players[(*key[:4], key[5])] += value
    assert +by_game == +without_players


async def test_a_crash_at_any_place_leaves_what_an_undisturbed_run_makes(
    journal: PostgresJournal, postgres_dsn: str
) -> None:
    """Small batches, and after each a new process that knows only the stored position: every seat is cold."""
    streams = [await stream(journal, name) for name in ("anna", "bert", "carl")]
    for played in streams:
        await write(journal, played.opened())
    for number in range(8):
        for played in streams:
            await write(journal, *played.spin(100 + number, 50 * (number % 3)))
    for played in streams:
        await write(journal, played.opened())

    taken = steps = 0
    while True:
        opened = await Projections.open(postgres_dsn)
        assert opened is not None
        opened.records_max = 5
        done = await opened.follow(1)
        opened.connection.terminate()
        await left(journal)
        if not done:
            break
        taken, steps = taken + done, steps + 1
    assert taken == 3 * (1 + 8 * 2 + 1)
    assert steps > 10
    crashed = await tables(journal)
    assert len(crashed["rounds"]) == 24
    assert crashed["stopped_streams"] == []
    assert await rebuild(postgres_dsn) == taken
    assert await tables(journal) == crashed


async def test_a_crash_between_writing_and_committing_counts_nothing_twice(
    journal: PostgresJournal, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = await stream(journal, "anna")
    await write(journal, played.opened(), *played.spin(100, 0), *played.spin(100, 0))

    async def dies(*_: object) -> None:
        raise ConnectionResetError

    first = await Projections.open(postgres_dsn)
    assert first is not None
    with monkeypatch.context() as patched:
        patched.setattr(Projections, "_move", dies)
        with pytest.raises(ConnectionResetError):
            await first.follow(1)
    await first.close()
    await left(journal)
    assert await rounds(journal) == []
    second = await Projections.open(postgres_dsn)
    assert second is not None
    await follow(second)
    await second.close()
    assert await journal.pool.fetchval("SELECT rounds FROM daily") == 2


async def test_a_transaction_that_commits_late_is_not_missed(
    journal: PostgresJournal, projections: Projections, postgres_dsn: str
) -> None:
    """Its id is smaller than that of records which are visible already: reading by number would pass it."""
    anna, bert = await stream(journal, "anna"), await stream(journal, "bert")
    late = anna.opened()
    slow = await connect(postgres_dsn, "slow")
    transaction = slow.transaction()
    await transaction.start()
    await slow.execute(
        """INSERT INTO journal (seat_id, seq, writer, era, at, format, opening, payload)
           VALUES ($1, 1, 'w', 1, $2, 1, false, $3)""",
        *(late.seat_id, late.at, late.payload),
    )
    await write(journal, bert.opened(), bert.bet(100))
    assert await follow(projections) == 0
    await transaction.commit()
    assert await follow(projections) == 3
    await slow.close()


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("gap", "GapInStream: 1 is followed by 3"),
        ("impossible", "NotAllowed: WalletAnswered in state new"),
        ("newer release", "UnknownFormat: format 99"),
        ("damaged", "DecodeError"),
        ("no seat", "no such seat"),
        ("id of another's transaction", "TransactionIdTwice"),
        ("negative bet", "CheckViolationError"),
    ],
)
async def test_a_stream_that_cannot_be_followed_stops_alone(
    journal: PostgresJournal, projections: Projections, postgres_dsn: str, bad: str, why: str
) -> None:
    anna, bert = await stream(journal, "anna"), await stream(journal, "bert")
    if bad == "no seat":
        anna = Stream(msgspec.structs.replace(anna.seat, seat_id=uuid.UUID(int=anna.seat.seat_id.int ^ 1)))
    await write(journal, anna.opened(), bert.opened())
    record = {
        "gap": lambda: msgspec.structs.replace(anna.bet(100), seq=3),
        "impossible": anna.declined,
        "newer release": lambda: msgspec.structs.replace(anna.bet(100), format=99),
        "damaged": lambda: msgspec.structs.replace(anna.bet(100), payload=b"\xc1"),
        "no seat": lambda: anna.bet(100),
        "id of another's transaction": lambda: msgspec.structs.replace(
            (twin := bert.bet(100)),
            seat_id=anna.seat.seat_id,
            payload=twin.payload.replace(b"rd_", b"rx_"),
        ),
        "negative bet": lambda: anna.bet(-100),
    }[bad]()
    if bad == "id of another's transaction":
        bert.seq, bert.rounds = 1, 0
    await write(journal, bert.bet(100))
    await follow(projections)
    await write(journal, record, bert.accepted(0))
    await follow(projections)
    (stopped,) = await journal.pool.fetch("SELECT seat_id, why FROM stopped_streams")
    assert stopped["seat_id"] == anna.seat.seat_id
    assert stopped["why"].startswith(why)
    assert await rounds(journal) == [("bert", "closed", 100, 0, 0, 0, None)]
    assert (anna.seat.seat_id in await journal.unfinished()) or bad == "no seat"

    # It stays so, also in the next process; the other stream goes on.
    await projections.close()
    await left(journal)
    again = await Projections.open(postgres_dsn)
    assert again is not None
    anna.seq = record.seq
    await write(journal, anna.opened(), *bert.spin(100, 0))
    await follow(again)
    await again.close()
    assert [player for player, *_ in await rounds(journal)] == ["bert", "bert"]


async def test_a_place_taken_by_recovery_changes_nothing(journal: PostgresJournal, projections: Projections) -> None:
    played = await stream(journal, "anna")
    recovered = Recovered("writer")
    await write(journal, played.opened(), played.record(recovered), played.bet(100), played.record(recovered))
    await write(journal, played.accepted(0))
    await follow(projections)
    assert await rounds(journal) == [("anna", "closed", 100, 0, 0, 0, None)]


async def test_one_projector_at_a_time(journal: PostgresJournal, projections: Projections, postgres_dsn: str) -> None:
    assert await Projections.open(postgres_dsn) is None
    with pytest.raises(InUse):
        await rebuild(postgres_dsn)
    await projections.close()
    await left(journal)
    second = await Projections.open(postgres_dsn)
    assert second is not None
    await second.close()


async def test_after_a_restore_nothing_is_projected_before_a_rebuild(
    journal: PostgresJournal, postgres_dsn: str
) -> None:
    played = await stream(journal, "anna")
    await write(journal, played.opened(), *played.spin(100, 0))
    first = await Projections.open(postgres_dsn)
    assert first is not None
    await follow(first)
    await first.close()
    await left(journal)
    await journal.pool.execute("UPDATE store_state SET era = era + 1")
    with pytest.raises(AnotherDatabase):
        await Projections.open(postgres_dsn)
    await left(journal)
    assert await rebuild(postgres_dsn) == 3
    await left(journal)
    second = await Projections.open(postgres_dsn)
    assert second is not None
    await second.close()
    assert len(await rounds(journal)) == 1


async def test_the_process_follows_until_it_is_told_to_stop(journal: PostgresJournal, postgres_dsn: str) -> None:
    """History is older than its writing: lag is by the projector's clock."""
    started = time.time_ns() // 1000
    stop = asyncio.Event()
    process = asyncio.create_task(projector.run(postgres_dsn, stop))
    async with asyncio.timeout(20):
        # Until its first heartbeat.
        while await journal.pool.fetchval("SELECT caught_up_at FROM projector_position") < started:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    played = await stream(journal, "anna")
    await write(journal, played.opened(), *played.spin(100, 0))
    assert played.at < MONDAY + DAY
    async with asyncio.timeout(20):
        while not await rounds(journal):
            now = time.time_ns() // 1000
            assert (await freshness(journal.pool, now, wait=False)).lag_ms <= (now - started) // 1000
            await asyncio.sleep(0.01)
    assert (await freshness(journal.pool, time.time_ns() // 1000)).lag_ms == 0
    stop.set()
    await process


async def test_a_reader_wakes_a_projector_that_rests(
    journal: PostgresJournal, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector, "BUSY_PAUSE_S", 3600.0)
    monkeypatch.setattr(reads, "WAIT_S", 20.0)
    played = await stream(journal, "anna")
    await write(journal, played.opened(), *[r for _ in range(20) for r in played.spin(100, 0)])
    stop = asyncio.Event()
    process = asyncio.create_task(projector.run(postgres_dsn, stop))
    async with asyncio.timeout(20):
        while len(await rounds(journal)) < 20:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    await write(journal, *played.spin(100, 0))
    assert (await freshness(journal.pool, time.time_ns() // 1000)).lag_ms == 0
    assert len(await rounds(journal)) == 21
    stop.set()
    await process


def test_the_payload_that_wins_a_place_is_an_event_of_the_current_format() -> None:
    assert formats.decode(formats.CURRENT, formats.encode([Recovered("w")])) == [Recovered("w")]
