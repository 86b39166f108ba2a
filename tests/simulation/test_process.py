"""One process in a quiet world, for what no chance is needed to see."""

import asyncio
import dataclasses

import pytest

from croupier.dialects import DIALECTS
from croupier.domain.parties import Operator, SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.games.catalogue import GAMES
from croupier.rounds.events import StillPending
from croupier.runtime.clock import SystemClock
from croupier.runtime.entropy import Seeded, SeededIds
from croupier.runtime.requests import BetRequest
from croupier.runtime.round_runner import RoundRunner
from croupier.runtime.world import World
from croupier.simulation.evidence import events_of
from croupier.simulation.faults import CALM, Quirks
from croupier.simulation.process import NoExchanges
from croupier.simulation.world import OPERATOR, Simulation
from croupier.store.memory import MemoryJournal, Streams

KEY = SeatKey(OPERATOR, "ana", "krakens-hoard", "real")
QUIET = dataclasses.replace(CALM, tend_s=30.0, quirks=Quirks(zero_win=True, refuses_wins_of_ended_sessions=True))
MINUTE = 60_000_000


class Quiet(Simulation):
    """A world in which only what a test does goes wrong."""

    def __init__(self, story, quirks=QUIET.quirks):
        super().__init__(0, 0, mix=dataclasses.replace(QUIET, quirks=quirks))
        self._story = story
        self.auditor.deposit("ana", "EUR", 10_000)

    async def _run(self):
        await self._story(self, self.fleet.start().runner)
        await asyncio.gather(*self.fleet.kill(), return_exceptions=True)

    async def seat(self, runner, name="s1", life_s=86_400):
        session = Session(name, "EUR", "en", self.now(), self.now() + life_s * 1_000_000)
        self.auditor.sessions[name] = session
        return (await runner.open_session(KEY, session)).seat_id


def told(story, **quirks):
    report = Quiet(story, Quirks(**quirks)).run()
    assert not report.violations
    return report


def test_people_are_told_of_a_refusal_at_once_then_after_a_minute_a_quarter_of_an_hour_and_four_hours():
    alarms = []

    async def story(world, runner):
        seat_id = await world.seat(runner)
        world.session_ended("s1")
        view = await runner.bet(seat_id, "s1", BetRequest("r1", 100))
        assert view.state == "paying"
        assert view.balance is None
        await world.clock.sleep(5 * 3600)
        events = [event for record in world.disk.landed for event in events_of(record)]
        alarms.extend(event for event in events if isinstance(event, StillPending))
        began = next(event.at for event in events if getattr(event, "win_id", None))
        ages = [(alarm.at - began) / MINUTE for alarm in alarms]
        # The alarm belongs to the first answer after its age, and answers come every minute at the latest.
        assert [round(age) for age in ages] == pytest.approx([0, 1, 15, 240], abs=1)
        assert ages[0] < 0.1
        world.faults.on = False
        await world.clock.sleep(120)

    told(story, zero_win=True, refuses_wins_of_ended_sessions=True)
    assert [alarm.why for alarm in alarms] == ["session_expired"] * 4


def test_a_repeated_request_gets_its_first_answer_whatever_would_refuse_it_now():
    async def story(world, runner):
        seat_id = await world.seat(runner, life_s=60)
        first = await runner.bet(seat_id, "s1", BetRequest("r1", 100))
        second = await runner.bet(seat_id, "s1", BetRequest("r2", 100))
        await world.clock.sleep(120)
        for request, view in (("r1", first), ("r2", second)):
            again = await runner.bet(seat_id, "s1", BetRequest(request, 100))
            assert (again.round_id, bytes(again.reveals)) == (view.round_id, bytes(view.reveals))
        with pytest.raises(Refused, match="session_expired"):
            await runner.bet(seat_id, "s1", BetRequest("r3", 100))
        with pytest.raises(Refused, match="request_id_reused"):
            await runner.bet(seat_id, "s1", BetRequest("r1", 200))

    assert told(story).rounds == 2


async def test_a_seat_that_the_store_forgot_is_gone():
    """A store of demo sessions drops the seat that was idle longest; whoever still holds it is told so."""
    world = World(SystemClock(), Seeded(1), SeededIds(1), Wallet(), forgetful(), NoExchanges())
    runner = RoundRunner(world, Anybody(), GAMES, DIALECTS)
    now = world.clock.now()
    session = Session("s1", "EUR", "en", now, now + 60 * MINUTE)
    first = await runner.open_session(KEY, session)
    await runner.open_session(SeatKey(OPERATOR, "bea", "krakens-hoard", "demo"), session)
    with pytest.raises(LookupError):
        await runner.end_session(first.seat_id, "s1", "operator")
    with pytest.raises(LookupError):
        await runner.bet(first.seat_id, "s1", BetRequest("r1", 100))


def forgetful() -> MemoryJournal:
    return MemoryJournal(Streams(seats_max=1), now=lambda: 1, random=SeededIds(2).random)


class Wallet:
    async def send(self, request, *, private, **share):
        raise AssertionError("nothing is bet")


class Anybody:
    def get(self, operator_id):
        return Operator(operator_id, "native", "http://wallet.invalid", ("whsec_" + "A" * 32,), ("EUR",))
