"""Runs rounds: checks a request, makes it durable, asks the wallet, plays the game, tells the player.

The runner only ever awaits `World`; in production and in the simulation it is the same object.
"""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from croupier.domain.ids import text_of
from croupier.domain.parties import Operator, Seat, SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.games.game import Game
from croupier.rounds.commands import Command
from croupier.rounds.events import (
    AbandonmentDue,
    ActionRequested,
    BetRequested,
    Event,
    PlayerReturned,
    ResolvedByStaff,
    SessionEnded,
    SessionOpened,
    SuspendedByStaff,
    VoidApproved,
)
from croupier.rounds.round import Round
from croupier.rounds.seat import context_of
from croupier.rounds.transitions import NotAllowed
from croupier.runtime.admission import Admission
from croupier.runtime.driver import Driver
from croupier.runtime.elsewhere import Elsewhere
from croupier.runtime.free_rounds import FreeRounds, Granted
from croupier.runtime.game_table import GameTable
from croupier.runtime.lease import Alone, Ownership
from croupier.runtime.limits import Limits
from croupier.runtime.live_seat import LiveSeat, Recorder
from croupier.runtime.operators import Operators
from croupier.runtime.orphans import Orphans
from croupier.runtime.past_round import as_written, past_round
from croupier.runtime.reading import Reading
from croupier.runtime.requests import ActionRequest, BetRequest, Requests, must_be_same
from croupier.runtime.rotation import Rotation
from croupier.runtime.seats import Seats
from croupier.runtime.settlements import Settlements
from croupier.runtime.told import Told
from croupier.runtime.turn import Turn
from croupier.runtime.views import RoundView, answer_to
from croupier.runtime.wallet_calls import Answer, WalletCalls
from croupier.runtime.world import World
from croupier.store.records import Claimed, RequestRepeated, Stale, Unavailable
from croupier.wallet.calls import Balance
from croupier.wallet.dialect import Dialect
from croupier.wallet.outcome import Accepted

Request = BetRequest | ActionRequest
EventOf = Callable[[LiveSeat, Granted | None], BetRequested | ActionRequested]
StaffDecision = SuspendedByStaff | VoidApproved | ResolvedByStaff

log = logging.getLogger("croupier.rounds")

RECORD_S = 4.0
"""Longest time that a request waits to be recorded: less than the send window, so a bet given up is never sent.

Whether its record was written is not known then. `tend` finds out, and goes on with what is there.
"""

REPLY_S = 15.0
"""Longest time that a player's request stays open; the round goes on without it."""

STALE_TRIES = 8
"""How often a request begins anew because another process wrote to the stream first."""


class RoundRunner:
    def __init__(
        self,
        world: World,
        operators: Operators,
        games: Mapping[str, Game],
        dialects: Mapping[str, Dialect],
        admission: Admission | None = None,
        *,
        lease: Ownership | None = None,
    ) -> None:
        self.world = world
        self.lease = lease or Alone()
        self.operators = operators
        self.table = GameTable(games, world.outcomes, world.ids)
        self.recorder = Recorder(world, self.table)
        self.admission = admission or Admission()
        self.calls = WalletCalls(world, dialects, self.admission)
        self.driver = Driver(world, self.recorder, self.calls, operators, self.lease)
        self.elsewhere = Elsewhere(world, self.recorder, self.lease)
        self.rotation = Rotation(world, self.recorder)
        self.orphans = Orphans(world, self.driver, self.elsewhere)
        self.seats = Seats(world, self.recorder)
        self.reading = Reading(world, self.seats, self.elsewhere)
        self.requests = Requests(world, operators, self.table, dialects, self.admission)
        self.free_rounds = FreeRounds(world, operators, dialects)
        self.settlements = Settlements(world, self.driver, self.seats, self.free_rounds, self.start)
        # In the order in which they began: that of a set would differ from run to run.
        self._tasks: dict[asyncio.Task[None], None] = {}
        self._turns, self._replies = Limits(RECORD_S), Limits(REPLY_S)

    @property
    def driven(self) -> int:
        """Rounds that this process drives at the moment."""
        return len(self._tasks)

    # Sessions

    async def open_session(self, key: SeatKey, session: Session) -> Seat:
        """The player opens the game: ends the session before, inherits its open round."""
        while True:
            seat = await self.world.journal.seat(key)
            if self.rotation.due(seat):
                seat = await self._rotated(seat)
            try:
                await self.system_event(seat.seat_id, SessionOpened(session.opened_at, session))
            except NotAllowed:
                continue  # another server has given the player a new seat
            live = await self.seats.live(seat.seat_id)
            live.balance = live.free_left = None  # the casino may have changed it meanwhile
            return seat

    async def _rotated(self, seat: Seat) -> Seat:
        live = await self.seats.live(seat.seat_id)
        async with Turn(live.lock, self._turns):
            await self._sure(live)
            try:
                await self.rotation.rotate(live)
            except Stale:
                await self._reload(live)
        return await self.world.journal.seat(seat.key)

    async def end_session(self, seat_id: uuid.UUID, session_id: str, reason: str) -> None:
        """Blocks new bets only: an open round is settled."""
        await self.system_event(seat_id, SessionEnded(self.world.clock.now(), session_id, reason))

    async def player_returned(self, seat_id: uuid.UUID, session_id: str) -> RoundView | None:
        """The open round, which every visit resumes."""
        live = await self.seats.live(seat_id)
        await self.elsewhere.catch_up(live)
        if live.state.open_round is None:
            return None
        if self.elsewhere.drives(live):
            return await self.reading.open_round(seat_id)
        await self.system_event(seat_id, PlayerReturned(self.world.clock.now(), session_id))
        return await self.reading.open_round(seat_id)

    async def balance(self, operator: Operator, key: SeatKey, session: Session) -> Answer:
        """Asks the wallet what the player has; moves nothing. Refused ``busy`` when many ask already."""
        call_id = "q_" + text_of(self.world.ids.random(16))
        context = context_of(key, session, session.session_id)
        with self.admission.question(operator.operator_id):
            return await self.calls.ask(operator, Balance(context, call_id))

    async def seat_balance(self, seat_id: uuid.UUID) -> int | None:
        """The newest balance we know of, asked for when we know none. None when the wallet gives no clear answer."""
        live = await self.seats.live(seat_id)
        busy = live.drive is not None or self.elsewhere.drives(live)
        session = live.state.session
        if session is not None and not live.heard and not busy:
            key = live.state.seat.key
            with contextlib.suppress(Refused):
                answer = await self.balance(self.operators.get(key.operator_id), key, session)
                if isinstance(answer.outcome, Accepted):
                    live.balance = answer.outcome.balance
                    live.free_left = answer.outcome.free_rounds_left
        return live.balance

    async def granted(self, seat_id: uuid.UUID) -> Granted | None:
        """The free rounds that the seat's session was promised."""
        return await self.free_rounds.of(await self.seats.live(seat_id))

    async def system_event(self, seat_id: uuid.UUID, event: Event, request_id: str | None = None) -> list[Command]:
        """An event of the house's own. RequestRepeated when it is there already, whoever wrote it."""
        live = await self.seats.live(seat_id)
        async with Turn(live.lock, self._turns):
            await self._sure(live)
            while True:
                try:
                    return await self.recorder.record(live, event, request_id)
                except Stale:
                    await self._reload(live)

    async def _sure(self, live: LiveSeat) -> bool:
        """After somebody whose turn was over before its record was confirmed: what the journal holds counts.

        False when nothing was in doubt.
        """
        if not live.unsure:
            return False
        await self.recorder.regain(live)
        self.resume(live)
        return True

    # Rounds

    def bet(self, seat_id: uuid.UUID, session_id: str, request: BetRequest) -> Coroutine[Any, Any, RoundView]:
        """Opens a round. Refused when nothing was placed, or when the wallet left it open (then `money` says so)."""
        return self._take(seat_id, request, lambda live, granted: self.requests.bet(live, session_id, request, granted))

    def act(
        self, seat_id: uuid.UUID, session_id: str, of_round: str, request: ActionRequest
    ) -> Coroutine[Any, Any, RoundView]:
        """A later action of an open round; a paid one is a bet of its own."""
        return self._take(
            seat_id, request, lambda live, _: self.requests.action(live, session_id, of_round, request), of_round
        )

    async def _take(self, seat_id: uuid.UUID, request: Request, event_of: EventOf, of_round: str = "") -> RoundView:
        live = await self.seats.live(seat_id)
        for _ in range(STALE_TRIES):
            if live.owner != self.world.journal.writer and live.state.open_round is not None:
                await self.elsewhere.wait(live, request.request_id)
            async with Turn(live.lock, self._turns):
                await self._sure(live)
                if live.owner != self.world.journal.writer and live.state.open_round is not None:
                    await self.recorder.catch_up(live)  # the owner may have told the player, and died since
                try:
                    known = await self._known(live, request.request_id)
                    if known is None:
                        known = await self._decide(live, request.request_id, event_of)
                except (Stale, Claimed):
                    # Nothing was sent for it: it is decided on anew, by what is there now.
                    await self._reload(live)
                    continue
            await self.settlements.after(live, known, self._replies)
            return await self._told(live, known, request, of_round)
        raise Refused("busy", "Another request was faster. Try again; no money was moved.")

    async def _decide(self, live: LiveSeat, request_id: str, event_of: EventOf) -> Round:
        session = live.state.session
        promised = session is not None and session.campaign_id is not None
        try:
            granted = await self.free_rounds.of(live) if promised else None
            if await self._sure(live):
                # The lease was lost meanwhile. To prove our place took time: the operator may have been closed in it.
                raise Stale
            event = event_of(live, granted)
        except Refused:
            # Unless it was done before: then any other answer than the first would be a lie.
            known = await self._recorded(live, request_id)
            if known is not None:
                return known
            if await self.elsewhere.wrote(live):
                raise Stale from None
            raise
        return await self._begin(live, event, request_id)

    async def _known(self, live: LiveSeat, request_id: str) -> Round | None:
        """The round in which this request id was used before, if memory or an open round makes that likely.

        Otherwise the journal refuses a repeated id by itself, and nobody pays for a look-up.
        """
        r = live.round
        if r is not None and r.asked_by(request_id):
            return r
        return None if live.state.open_round is None else await self._recorded(live, request_id)

    async def _recorded(self, live: LiveSeat, request_id: str) -> Round | None:
        seq = await self.world.journal.find_request(live.state.seat.seat_id, request_id)
        if seq is not None and seq > live.seq:
            raise Stale  # another process did it, and memory does not know
        return None if seq is None else await past_round(self.world.journal, live.state.seat, seq)

    async def _begin(self, live: LiveSeat, event: BetRequested | ActionRequested, request_id: str) -> Round:
        """Durable 1, then the drive: from here on the round goes on whether the player listens or not."""
        try:
            commands = await self.recorder.record(live, event, request_id)
        except RequestRepeated as repeated:
            if repeated.seq > live.seq:
                raise Stale from repeated
            past = await past_round(self.world.journal, live.state.seat, repeated.seq)
            if past is None:
                raise Refused("request_id_reused", "This request id was used before; make a new one.") from repeated
            return past
        except Unavailable as away:
            raise Refused("busy", "Rounds cannot be recorded at the moment. No money was moved.") from away
        self.start(live, commands)
        assert live.round is not None
        return live.round

    async def _reload(self, live: LiveSeat) -> None:
        """What memory held was not written: read what is there, and go on with what it leaves open."""
        await self.recorder.load(live)
        self.resume(live)

    def resume(self, live: LiveSeat) -> bool:
        """Go on with an open round that nobody drives; False when nothing is to be done here.

        It waits for its player or for people, or another process goes on with it.
        """
        r = live.state.open_round
        if r is None or not r.in_motion or self.elsewhere.drives(live):
            return False
        if live.drive is not None:
            # It may be busy with what is not due any more, and end without a look at what is.
            live.drive.add_done_callback(lambda drive: drive.cancelled() or self.resume(live))
            return False
        self.start(live, None)
        return True

    def start(self, live: LiveSeat, commands: list[Command] | None) -> None:
        """Perform commands in a task of the round's own; None = find out what an unfinished round needs."""
        live.told = Told()
        if commands == []:
            live.told.tell()
            return
        live.drive = self._turns.loop.create_task(self._drive(live, commands))
        self.keep(live.drive)

    def keep(self, task: "asyncio.Task[None]") -> None:
        """Until it ends, or this process does."""
        self._tasks[task] = None
        task.add_done_callback(self._tasks.pop)

    async def _drive(self, live: LiveSeat, commands: list[Command] | None) -> None:
        operator_id = live.state.seat.key.operator_id
        self.admission.entered(operator_id)
        mine = asyncio.current_task(self._turns.loop)
        try:
            await self.driver.drive(live, await self.orphans.needed(live) if commands is None else commands)
        except Exception:
            # Our own fault, never the wallet's: this round stands still until the next start, the others go on.
            log.exception("round %s stands still", live.round.round_id if live.round else "?")
        finally:
            self.admission.left(operator_id)
            if live.drive is mine:
                live.drive = None
                live.told.tell()

    async def _told(self, live: LiveSeat, known: Round, request: Request, of_round: str) -> RoundView:
        running = live.round is not None and live.round.round_id == known.round_id
        if running:
            await live.told.heard(self._replies)
        r, untold = live.round, live.unwritten
        if r is None or r.round_id != known.round_id:
            # Another round has begun meanwhile; or it was an old one from the start.
            r = (await self.reading.find(live.state.seat.seat_id, known.round_id) or known) if running else known
        elif r.state == "betting":
            try:
                r = await as_written(self.world.journal, live.state.seat, r)
            except Unavailable:
                untold = True
        must_be_same(r, request, of_round)
        return answer_to(r, request.request_id, live.balance, untold=untold)

    async def catch_up(self, live: LiveSeat) -> None:
        """The player has seen more of this seat than memory knows."""
        async with Turn(live.lock, self._turns):
            await self.recorder.catch_up(live)

    # Life of the process

    async def abandon(self, seat_id: uuid.UUID) -> None:
        """The player's time is over: the game's published rule ends the round."""
        await self.decided(seat_id, AbandonmentDue(self.world.clock.now()))

    async def decided(
        self, seat_id: uuid.UUID, event: AbandonmentDue | StaffDecision, request_id: str | None = None
    ) -> None:
        """A timer, or people, decided about the seat's round. Refused when the round's state does not allow it."""
        commands = await self.system_event(seat_id, event, request_id)
        live = await self.seats.live(seat_id)
        if commands and live.drive is None:
            self.start(live, commands)
        else:
            self.resume(live)

    async def close(self) -> None:
        """Stops driving; what is owed goes on at the next start. Closing events are written."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.seats.write_all()
