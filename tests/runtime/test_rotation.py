"""A seat older than a month is given up when a session opens, and nothing of it is lost."""

import asyncio

import pytest

from croupier.domain.parties import SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.games.catalogue import GAMES
from croupier.rounds.seat import SeatState, apply
from croupier.runtime.admission import Admission
from croupier.runtime.entropy import Seeded, SeededIds
from croupier.runtime.play_money import PlayMoney
from croupier.runtime.requests import ActionRequest, BetRequest
from croupier.runtime.rotation import AGE_US
from croupier.store import formats

KEY = SeatKey("op", "p", "blackjack", "demo")


class Clock:
    at = 1_800_000_000_000_000

    def now(self) -> int:
        return self.at

    def boot(self) -> int:
        return self.at

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def house(clock):
    opened = PlayMoney(clock, Seeded("rotated"), SeededIds("rotated"), GAMES, Admission())
    yield opened
    await opened.runner.close()


async def opens(house, clock, session_id):
    return await house.open(KEY, Session(session_id, "EUR", "en", clock.at, clock.at + 2 * AGE_US), 1_000_000)


async def plays(house, seat, session_id, until):
    """Hands until one is in the state `until`."""
    for number in range(50):
        view = await house.runner.bet(seat.seat_id, session_id, BetRequest(f"{session_id}-{number}", 100))
        if until == "in_play" and view.state == until:
            return view
        while view.state == "in_play":
            action = "no_insurance" if "insurance" in {o.action for o in view.next_actions} else "stand"
            request = ActionRequest(f"{session_id}-{number}-{view.step}", action)
            view = await house.runner.act(seat.seat_id, session_id, view.round_id, request)
        if until == "closed":
            return view
    raise AssertionError


@pytest.mark.parametrize(("waited", "moved"), [(AGE_US, False), (AGE_US + 1000, True)])
async def test_after_a_month_the_player_gets_a_new_seat(house, clock, waited, moved):
    first = await opens(house, clock, "s1")
    old = await plays(house, first, "s1", "closed")
    clock.at += waited
    second = await opens(house, clock, "s2")
    assert (second.seat_id != first.seat_id) is moved
    new = await plays(house, second, "s2", "closed")
    live = await house.runner.seats.live(second.seat_id)
    assert live.state.rounds >= 2, "the totals are carried over"
    for view in (old, new):
        found = await house.runner.reading.find(second.seat_id, view.round_id)
        assert found is not None
        assert found.round_id == view.round_id


async def test_an_open_round_keeps_its_seat(house, clock):
    first = await opens(house, clock, "s1")
    hand = await plays(house, first, "s1", "in_play")
    clock.at += 2 * AGE_US
    second = await opens(house, clock, "s2")
    assert second.seat_id == first.seat_id
    assert (await house.runner.reading.open_round(second.seat_id)).round_id == hand.round_id


async def test_the_session_of_a_seat_that_was_given_up_bets_nowhere(house, clock):
    first = await opens(house, clock, "s1")
    await plays(house, first, "s1", "closed")
    clock.at += AGE_US + 1000
    second = await opens(house, clock, "s2")
    assert second.seat_id != first.seat_id
    with pytest.raises(Refused) as refused:  # its time is not over: what ended it is the other window
        await house.runner.bet(first.seat_id, "s1", BetRequest("late", 100))
    assert refused.value.code == "session_replaced"
    remembered = (await house.runner.seats.live(first.seat_id)).state
    records = house.streams.by_id[first.seat_id].records
    assert remembered == folded(first, records), "memory is what the journal says"


def folded(seat, records):
    state = SeatState(seat)
    for record in records:
        for event in formats.decode(record.format, record.payload):
            state, _ = apply(state, event)
    return state


async def test_a_server_that_remembers_the_old_seat_opens_the_new_one(house, clock):
    first = await opens(house, clock, "s1")
    await plays(house, first, "s1", "closed")
    before = await house.runner.seats.live(first.seat_id)
    clock.at += 2 * AGE_US
    second = await opens(house, clock, "s2")
    assert before.state.moved_to == str(second.seat_id)
    assert (await opens(house, clock, "s3")).seat_id == second.seat_id
    other = await house.runner.reading.find(second.seat_id, (await plays(house, second, "s3", "closed")).round_id)
    assert other is not None
