"""After a restore: which open rounds wait for people, and what becomes of a stream that could not be read at once."""

import os

import pytest
from msgspec.structs import replace

from croupier.dialects import DIALECTS
from croupier.domain.parties import SeatKey
from croupier.games.catalogue import GAMES
from croupier.rounds.events import ActionRequested, GamePlayed, RetriesExhausted, WalletAnswered
from croupier.runtime.entropy import SeededIds
from croupier.runtime.recovery import recover
from croupier.runtime.restored import stop_open_rounds, writing_only
from croupier.store import formats
from croupier.store.memory import MemoryJournal, ResultUnknown
from croupier.store.records import Unavailable
from croupier.wallet.outcome import Accepted
from runtime.town import in_virtual_time
from store.played import Stream

SECOND = 1_000_000


def in_play(anna):
    answer = WalletAnswered(anna.at, anna._bet, anna.at, Accepted(1000))
    played = GamePlayed(anna.at, "bet", ((6, 3),), False, 0, None, b"null", b"[]", offers=(("double", 100),))
    return anna.record(answer, played)


def doubled(anna):
    return anna.record(
        ActionRequested(anna.at, "r-double", anna.session.session_id, "double", None, 100, "b_double", anna.at + SECOND)
    )


STAGES = {
    "a bet is out": (lambda s: [s.bet(100)], "suspended"),
    "the hand waits for its player": (lambda s: [s.bet(100), in_play(s)], "suspended"),
    "a double is out": (lambda s: [s.bet(100), in_play(s), doubled(s)], "suspended"),
    # Its rollback is owed, but then the hand would be played on: a second time, perhaps.
    "a double goes back": (
        lambda s: [s.bet(100), in_play(s), doubled(s), s.record(RetriesExhausted(s.at, "b_double", "timeout"))],
        "suspended",
    ),
    "the bet goes back": (lambda s: [s.bet(100), s.unknown()], "rolling_back"),
    "a win is owed": (lambda s: [s.bet(100), s.accepted(250)], "paying"),
    "the bet was declined": (lambda s: [s.bet(100), s.declined()], "declined"),
    "it was paid": (lambda s: [s.bet(100), s.accepted(250), s.paid()], "closed"),
}


async def seat_with(town, records_of):
    journal = MemoryJournal(town.streams, now=town.clock.now, random=os.urandom)
    anna = Stream(await journal.seat(SeatKey("op", "anna", "blackjack", "real")), at=town.clock.now())
    for record in (anna.opened(), *records_of(anna)):
        await journal.append(record)
    return anna


@pytest.mark.parametrize("stage", STAGES)
def test_what_the_lost_time_may_have_ended_in_another_way_waits_for_people(stage):
    records_of, state = STAGES[stage]

    @in_virtual_time
    async def story(town):
        anna = await seat_with(town, records_of)
        runner = town.runner()
        stopped = await stop_open_rounds(runner, "ann")
        r = (await runner.seats.live(anna.seat.seat_id)).round
        assert r.state == state
        assert stopped.rounds == ((r.round_id,) if state == "suspended" else ())
        assert stopped.unread == ()

    story()


class Doubtful(MemoryJournal):
    """Whether its first record was written nobody knows (it was not); then the store is away for a while."""

    tries = 0

    async def commit(self, records):
        self.tries += 1
        if self.tries == 1:
            return [ResultUnknown()]
        if self.tries == 3:
            return [Unavailable("the store is away")]
        return await super().commit(records)


@in_virtual_time
async def test_a_store_that_does_not_say_what_it_has_written_starts_no_round_again(town):
    anna = await seat_with(town, lambda s: [s.bet(100)])
    journal = Doubtful(town.streams, now=town.clock.now, random=os.urandom)
    known = {"operators": town, "games": GAMES, "dialects": DIALECTS}
    runner = writing_only(town.clock, SeededIds(1), journal, **known)
    with pytest.raises(Unavailable):
        await stop_open_rounds(runner, "ann")
    await town.clock.sleep(60.0)
    assert runner.driven == 0
    assert (await runner.seats.live(anna.seat.seat_id)).round.state == "betting", "as after a crash it is taken back"
    again = await stop_open_rounds(writing_only(town.clock, SeededIds(2), journal, **known), "ann")
    assert len(again.rounds) == 1
    assert (await town.runner().seats.live(anna.seat.seat_id)).round.state == "suspended"


@in_virtual_time
async def test_a_stream_of_a_newer_release_is_stopped_by_the_first_that_can_read_it(town):
    anna = await seat_with(town, lambda s: [s.bet(100)])
    stream = town.streams.by_id[anna.seat.seat_id]
    bet = stream.records[-1]
    stream.records[-1] = replace(bet, format=99)
    town.restored_at = anna.at + SECOND
    stopped = await stop_open_rounds(town.runner(), "ann")
    assert stopped.rounds == ()
    assert [one.seat_id for one in stopped.unread] == [anna.seat.seat_id]
    await recover(town.runner())
    assert stream.records[-1].format == 99, "nobody touches it"

    stream.records[-1] = replace(bet, format=formats.CURRENT)
    await town.clock.sleep(2.0)
    runner = town.runner()
    await recover(runner)
    live = await runner.seats.live(anna.seat.seat_id)
    assert (live.round.state, live.round.cause) == ("suspended", "staff: restored from a backup")
    assert town.wallet.calls == [], "as after a crash it would have been rolled back"


@in_virtual_time
async def test_a_damaged_record_stops_one_seat_and_no_server(town):
    anna = await seat_with(town, lambda s: [s.bet(100)])
    records = town.streams.by_id[anna.seat.seat_id].records
    records[-1] = replace(records[-1], payload=b"\xc1")
    assert await recover(town.runner()) == 0


@in_virtual_time
async def test_what_is_owed_after_a_restore_is_sent_on(town):
    anna = await seat_with(town, lambda s: [s.bet(100), s.accepted(250)])
    town.restored_at = anna.at + SECOND
    await town.clock.sleep(2.0)
    process = await town.process()
    await town.clock.sleep(1.0)
    process.dies()
    assert town.wallet.calls
    assert set(town.wallet.calls) == {"win"}
