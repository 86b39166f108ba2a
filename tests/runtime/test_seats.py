"""What waits in memory does not wait for a clock that was set back."""

import uuid
from types import SimpleNamespace
from typing import Any, cast

import pytest

from croupier.domain.parties import Seat, SeatKey
from croupier.rounds.events import WalletAnswered
from croupier.runtime.live_seat import LiveSeat
from croupier.runtime.seats import CARRY_US, Seats
from croupier.wallet.outcome import Accepted

NOON = 1_790_000_000_000_000
HOUR = 3_600_000_000


@pytest.mark.parametrize(
    ("waited_us", "due"), [(0, False), (CARRY_US - 1, False), (CARRY_US, True), (HOUR, True), (-HOUR, True)]
)
def test_closing_events_are_written_after_a_second_or_when_the_clock_ran_back(waited_us: int, due: bool):
    world = SimpleNamespace(clock=SimpleNamespace(now=lambda: NOON + waited_us))
    seats = Seats(cast("Any", world), cast("Any", None))
    live = LiveSeat(Seat(uuid.UUID(int=1), SeatKey("op", "p", "krakens-hoard", "real")))
    live.carry, live.carry_since = [WalletAnswered(NOON, "w1", NOON, Accepted(100))], NOON
    seats._live[live.state.seat.seat_id.int] = live
    assert (seats.due() == [live]) is due
