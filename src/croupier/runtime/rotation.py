"""A seat is given up for a new one after a month, so that partitions stay bounded, and after a restore."""

from croupier.domain.days import DAY_US
from croupier.domain.ids import uuid7, uuid7_at
from croupier.domain.parties import Seat
from croupier.rounds.events import Event, SeatClosed
from croupier.rounds.seat import apply, carried
from croupier.runtime.live_seat import LiveSeat, Recorder
from croupier.runtime.world import World
from croupier.store import formats
from croupier.store.records import Record

AGE_US = 30 * DAY_US


class Rotation:
    def __init__(self, world: World, recorder: Recorder) -> None:
        self.world = world
        self.recorder = recorder

    def due(self, seat: Seat) -> bool:
        return self.world.clock.now() - uuid7_at(seat.seat_id) > AGE_US or self.world.is_restored(seat)

    async def rotate(self, live: LiveSeat) -> None:
        """One transaction closes the stream and begins the next one, which knows the totals of this one.

        Nothing happens while a round or a repair is open. The caller holds `live.lock`. Raises Stale and Unavailable.
        """
        await self.recorder.write_carry(live)
        state = live.state
        if state.open_round is not None or state.moved_to is not None or any(not one.ended for one in state.repairs):
            return
        now = max(self.world.clock.now(), live.at)
        seat = Seat(uuid7(self.world.clock.now(), self.world.ids.random(10)), state.seat.key)
        moved_to = str(seat.seat_id)
        closed = SeatClosed(now, moved_to)
        closing = self._record(state.seat, live.seq + 1, now, closed)
        await self.world.journal.rotate(closing, self._record(seat, 1, now, carried(state)), seat)
        # By the same rule as whoever reads the journal: memory that kept the session would take its bets.
        live.state, _ = apply(state, closed)
        live.seq += 1
        live.at = now

    def _record(self, seat: Seat, seq: int, at: int, event: Event) -> Record:
        return Record(seat.seat_id, seq, at, formats.CURRENT, formats.encode([event]), writer=self.world.journal.writer)
