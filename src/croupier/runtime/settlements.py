"""Tells a wallet, in one sum, what a player's free rounds have won once they are over.

The sum is a round of its own in which nothing is played, recorded, sent and recovered like any other win. Whoever
notices the end opens it: the last free round, or the look at those that were cancelled or whose time is over.
"""

import asyncio
import logging
from collections.abc import Callable

from croupier.campaigns.campaign import none_left
from croupier.domain.ids import bet_id, round_id, settlement_id
from croupier.domain.refusal import Refused
from croupier.rounds.commands import Command
from croupier.rounds.events import FreeRoundsEnded
from croupier.rounds.round import Round
from croupier.runtime.driver import PATIENCE_S, Driver
from croupier.runtime.free_rounds import Ended, FreeRounds
from croupier.runtime.limits import Limits
from croupier.runtime.live_seat import LiveSeat, UnreadableStream
from croupier.runtime.seats import Seats
from croupier.runtime.world import World
from croupier.store.records import Claimed, Unavailable

log = logging.getLogger("croupier.free_rounds")


class Settlements:
    """`start`: of the runner, which goes on with the round that is opened here."""

    def __init__(
        self,
        world: World,
        driver: Driver,
        seats: Seats,
        free_rounds: FreeRounds,
        start: Callable[[LiveSeat, list[Command]], None],
    ) -> None:
        self.world = world
        self.driver = driver
        self.seats = seats
        self.free_rounds = free_rounds
        self._start = start
        self._tasks: set[asyncio.Task[None]] = set()

    async def look(self) -> None:
        """Those that were cancelled or have run out, and those whose last round's process has died."""
        for operator_id, campaign_id, player_id in await self.world.grants.ended(self.world.clock.now()):
            await self.tell(operator_id, campaign_id, player_id)

    async def after(self, live: LiveSeat, r: Round, replies: Limits) -> None:
        """After a player's last free round: he waits for the sum as for any other win, a second at most."""
        free = r.free_round
        if free is None or not free.summed or not r.finished or not none_left(r):
            return
        # A task of its own: it goes on when the player does not wait.
        telling = asyncio.create_task(self._told(live, free.campaign_id, replies))
        self._tasks.add(telling)
        telling.add_done_callback(self._tasks.discard)
        await asyncio.wait({telling}, timeout=PATIENCE_S)

    async def _told(self, live: LiveSeat, campaign_id: str, replies: Limits) -> None:
        key = live.state.seat.key
        await self.tell(key.operator_id, campaign_id, key.player_id)
        if live.round is not None and live.round.settlement:
            await live.told.heard(replies)

    async def tell(self, operator_id: str, campaign_id: str, player_id: str) -> None:
        """If it is due and has not begun. What stands in its way now is looked at again later."""
        try:
            due = await self.free_rounds.ended(operator_id, campaign_id, player_id)
            if due is not None:
                await self._open(due)
        except (Refused, Unavailable, LookupError, UnreadableStream) as error:
            log.warning("the sum of %s/%s waits: %s", operator_id, campaign_id, error)

    async def _open(self, due: Ended) -> None:
        """Where the last free round was played. A round that is open there ends first."""
        seat = await self.world.journal.seat(due.key)
        live = await self.seats.live(seat.seat_id)
        try:
            commands = await self.driver.settle_what(live, lambda: self._event(due, live))
        except Claimed:
            return  # another process was faster
        if commands is not None:
            live.balance = None
            self._start(live, commands)

    def _event(self, due: Ended, live: LiveSeat) -> FreeRoundsEnded | None:
        if live.state.open_round is not None:
            return None
        key = due.key
        return FreeRoundsEnded(
            at=max(self.world.clock.now(), live.at),
            round_id=round_id(live.state.seat.seat_id, live.seq + 1, self.world.ids.random(8)),
            session=due.session,
            bet_id=bet_id(self.world.ids.random(16)),
            win_id=settlement_id(key.operator_id, due.free_round.campaign_id),
            game_version=due.game_version,
            free_round=due.free_round,
        )
