"""A player who never comes back: after a day the game's own rule ends the round, and the wallet gets what is due."""

import asyncio

import pytest

from croupier.domain.parties import SeatKey, Session
from croupier.games.catalogue import GAMES
from croupier.runtime.admission import Admission
from croupier.runtime.entropy import Seeded, SeededIds
from croupier.runtime.play_money import PlayMoney
from croupier.runtime.recovery import end_abandoned
from croupier.runtime.requests import BetRequest

DAY_US = 86_400_000_000


class StandingClock:
    at = 1_800_000_000_000_000

    def now(self) -> int:
        return self.at

    def boot(self) -> int:
        return self.at

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


@pytest.mark.parametrize(("waited", "state"), [(DAY_US, "in_play"), (DAY_US + 1, "closed")])
async def test_a_hand_waits_a_day_for_its_player(waited, state):
    clock = StandingClock()
    house = PlayMoney(clock, Seeded("abandoned"), SeededIds("abandoned"), GAMES, Admission())
    session = Session("s", "EUR", "en", clock.at, clock.at + 9 * DAY_US)
    seat = await house.open(SeatKey("op", "p", "blackjack", "demo"), session, 1_000_000)
    number = 0
    while True:
        number += 1
        view = await house.runner.bet(seat.seat_id, "s", BetRequest(str(number), 100))
        if view.state == "in_play":
            break
    clock.at += waited
    assert await end_abandoned(house.runner) == (1 if state == "closed" else 0)
    live = await house.runner.seats.live(seat.seat_id)
    if live.drive is not None:
        await live.drive
    after = await house.runner.reading.round(seat.seat_id, view.round_id)
    assert after is not None
    assert after.state == state
    await house.runner.close()
