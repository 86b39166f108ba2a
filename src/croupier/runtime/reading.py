"""Looks at rounds of a seat, open or past: from memory where they are, from the journal otherwise."""

import uuid

from croupier.domain.ids import locate_round
from croupier.domain.parties import Seat
from croupier.rounds.round import Round
from croupier.runtime.elsewhere import Elsewhere
from croupier.runtime.live_seat import LiveSeat
from croupier.runtime.past_round import past_round
from croupier.runtime.seats import Seats
from croupier.runtime.views import RoundView, round_view
from croupier.runtime.world import World


class Reading:
    def __init__(self, world: World, seats: Seats, elsewhere: Elsewhere) -> None:
        self._world, self._seats, self._elsewhere = world, seats, elsewhere

    async def open_round(self, seat_id: uuid.UUID) -> RoundView | None:
        live = await self._seats.live(seat_id)
        await self._look(live)
        r = live.state.open_round
        return None if r is None else round_view(r, live.balance)

    async def round(self, seat_id: uuid.UUID, of_round: str) -> RoundView | None:
        """Any round of this seat, from memory or from the journal."""
        found = await self.find(seat_id, of_round)
        live = await self._seats.live(seat_id)
        return None if found is None else round_view(found, live.balance)

    async def find(self, seat_id: uuid.UUID, of_round: str) -> Round | None:
        live = await self._seats.live(seat_id)
        await self._look(live)
        if live.round is not None and live.round.round_id == of_round:
            return live.round
        place = locate_round(of_round)
        seat: Seat | None = live.state.seat
        if place is not None and place[0] != seat_id:
            seat = await self._world.journal.seat_by_id(place[0])  # one that the player had before
        if place is None or seat is None or seat.key != live.state.seat.key:
            return None
        past = await past_round(self._world.journal, seat, place[1])
        return past if past is not None and past.round_id == of_round else None

    async def _look(self, live: LiveSeat) -> None:
        """Another process's round goes on without our memory."""
        if live.owner != self._world.journal.writer and live.state.open_round is not None:
            await self._elsewhere.catch_up(live)
