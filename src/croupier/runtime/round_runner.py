"""Runs rounds: checks a request, makes it durable, asks the wallet, plays the game, tells the player.

The runner only ever awaits `World`; in production and in the simulation it is the same object.
"""

import asyncio
import uuid
from collections.abc import Mapping

import msgspec

from croupier.domain.ids import bet_id, locate_round, round_id, text_of
from croupier.domain.money import AMOUNT_MAX
from croupier.domain.parties import Operator, Seat, SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.games.game import ABANDON, Action, Game, Json
from croupier.rounds.commands import Command
from croupier.rounds.events import (
    AbandonmentDue,
    ActionRequested,
    BetRequested,
    Event,
    PlayerReturned,
    SessionEnded,
    SessionOpened,
    Terms,
)
from croupier.rounds.round import Round
from croupier.runtime.admission import Admission
from croupier.runtime.driver import Driver, tell
from croupier.runtime.game_table import GameTable, encoded
from croupier.runtime.live_seat import LiveSeat, Recorder
from croupier.runtime.operators import Operators
from croupier.runtime.seats import Seats
from croupier.runtime.views import RoundView, answer_to, round_view
from croupier.runtime.wallet_calls import Answer, WalletCalls
from croupier.runtime.world import World
from croupier.store.records import RequestRepeated, Stale, Unavailable
from croupier.wallet.calls import Balance, Context
from croupier.wallet.dialect import Dialect
from croupier.wallet.outcome import Accepted

REPLY_S = 15.0
"""Longest time that a player's request stays open; the round goes on without it."""

BET_LIFE_US = 30_000_000

TABLE_LIMIT = 10
"""All stakes of one choice together, in multiples of the highest bet level."""


class BetRequest(msgspec.Struct, frozen=True):
    """The opening of a round. `bet` in minor units, `choice` any JSON the game understands."""

    request_id: str
    bet: int
    mode: str = "base"
    choice: Json = None


class ActionRequest(msgspec.Struct, frozen=True):
    request_id: str
    action: str
    choice: Json = None


class RoundRunner:
    def __init__(
        self,
        world: World,
        operators: Operators,
        games: Mapping[str, Game],
        dialects: Mapping[str, Dialect],
        admission: Admission | None = None,
    ) -> None:
        self.world = world
        self.operators = operators
        self.dialects = dialects
        self.table = GameTable(games, world.outcomes, world.ids)
        self.recorder = Recorder(world, self.table)
        self.calls = WalletCalls(world, dialects)
        self.driver = Driver(world, self.recorder, self.calls, operators)
        self.seats = Seats(world, self.recorder)
        self.admission = admission or Admission()
        self._drives: set[asyncio.Task[None]] = set()

    # Sessions

    async def open_session(self, key: SeatKey, session: Session) -> Seat:
        """The player opens the game: ends the session before, inherits its open round."""
        seat = await self.world.journal.seat(key)
        await self._system_event(seat.seat_id, SessionOpened(session.opened_at, session))
        return seat

    async def end_session(self, seat_id: uuid.UUID, session_id: str, reason: str) -> None:
        """Blocks new bets only: an open round is settled."""
        await self._system_event(seat_id, SessionEnded(self.world.clock.now(), session_id, reason))

    async def player_returned(self, seat_id: uuid.UUID, session_id: str) -> RoundView | None:
        """The open round, which every visit resumes."""
        live = await self.seats.live(seat_id)
        if live.state.open_round is None:
            return None
        await self._system_event(seat_id, PlayerReturned(self.world.clock.now(), session_id))
        return await self.open_round(seat_id)

    async def balance(self, operator: Operator, key: SeatKey, session: Session) -> Answer:
        """Asks the wallet what the player has; moves nothing."""
        call_id = "q_" + text_of(self.world.ids.random(16))
        context = Context(key.player_id, session.session_id, key.game_id, session.currency, session.operator_token)
        answer = await self.calls.ask(operator, Balance(context, call_id))
        return answer

    async def seat_balance(self, seat_id: uuid.UUID) -> int | None:
        """The newest balance we know of, asked for when we know none. None when the wallet gives no clear answer."""
        live = await self.seats.live(seat_id)
        if live.balance is None and live.state.session is not None and live.drive is None:
            key = live.state.seat.key
            answer = await self.balance(self.operators.get(key.operator_id), key, live.state.session)
            if isinstance(answer.outcome, Accepted):
                live.balance = answer.outcome.balance
        return live.balance

    async def _system_event(self, seat_id: uuid.UUID, event: Event) -> list[Command]:
        live = await self.seats.live(seat_id)
        async with live.lock:
            try:
                return await self.recorder.record(live, event)
            except Stale:
                await self.recorder.load(live)
                return await self.recorder.record(live, event)

    # Rounds

    async def bet(self, seat_id: uuid.UUID, session_id: str, request: BetRequest) -> RoundView:
        """Opens a round. Refused when nothing was placed, or when the wallet left it open (then `money` says so)."""
        live = await self.seats.live(seat_id)
        async with live.lock:
            if (known := await self._known(live, request.request_id)) is None:
                event = self._bet_event(live, session_id, request)
                known = await self._begin(live, event, request.request_id)
        return await self._told(live, known, request)

    async def act(self, seat_id: uuid.UUID, session_id: str, of_round: str, request: ActionRequest) -> RoundView:
        """A later action of an open round; a paid one is a bet of its own."""
        live = await self.seats.live(seat_id)
        async with live.lock:
            if (known := await self._known(live, request.request_id)) is None:
                event = self._action_event(live, session_id, of_round, request)
                known = await self._begin(live, event, request.request_id)
        return await self._told(live, known, request)

    async def _known(self, live: LiveSeat, request_id: str) -> Round | None:
        """The round in which this request id was used before."""
        r = live.round
        if r is not None and (
            (r.pending is not None and r.pending.request_id == request_id)
            or any(s.request_id == request_id for s in r.steps)
            or any(t.request_id == request_id for t in r.transactions)
        ):
            return r
        if live.state.open_round is None:
            return None  # The journal refuses a repeated id by itself, and nobody pays for a look-up.
        seq = await self.world.journal.find_request(live.state.seat.seat_id, request_id)
        return None if seq is None else await self.seats.past_round(live.state.seat, seq)

    async def _begin(self, live: LiveSeat, event: BetRequested | ActionRequested, request_id: str) -> Round:
        """Durable 1, then the drive: from here on the round goes on whether the player listens or not."""
        try:
            commands = await self.recorder.record(live, event, request_id)
        except RequestRepeated as repeated:
            past = await self.seats.past_round(live.state.seat, repeated.seq)
            if past is None:
                raise Refused("request_id_reused", "This request id was used before; make a new one.") from repeated
            return past
        except Stale as stale:
            await self.recorder.load(live)
            raise Refused("busy", "Another request was faster. Try again; no money was moved.") from stale
        except Unavailable as away:
            raise Refused("busy", "Rounds cannot be recorded at the moment. No money was moved.") from away
        self.start(live, commands)
        assert live.round is not None
        return live.round

    def start(self, live: LiveSeat, commands: list[Command]) -> None:
        """Perform commands in a task of the round's own."""
        live.told = asyncio.get_running_loop().create_future()
        if not commands:
            tell(live)
            return
        live.drive = asyncio.create_task(self._drive(live, commands))
        self._drives.add(live.drive)

    async def _drive(self, live: LiveSeat, commands: list[Command]) -> None:
        operator_id = live.state.seat.key.operator_id
        self.admission.entered(operator_id)
        mine = asyncio.current_task()
        try:
            await self.driver.drive(live, commands)
        finally:
            self.admission.left(operator_id)
            if live.drive is mine:
                live.drive = None
            if mine is not None:
                self._drives.discard(mine)

    async def _told(self, live: LiveSeat, known: Round, request: BetRequest | ActionRequest) -> RoundView:
        running = live.round is not None and live.round.round_id == known.round_id
        if running and live.told is not None and not live.told.done():
            limit = asyncio.get_running_loop().call_later(REPLY_S, tell, live)
            try:
                await asyncio.shield(live.told)
            finally:
                limit.cancel()
        r = live.round if running and live.round is not None else known
        _same_content(r, request)
        return answer_to(r, request.request_id, live.balance)

    def _bet_event(self, live: LiveSeat, session_id: str, request: BetRequest) -> BetRequested:
        """Q-01's checks; each failed one leaves no trace."""
        session = self._playing(live, session_id)
        key = live.state.seat.key
        if live.state.open_round is not None:
            running = live.state.open_round.round_id
            raise Refused(
                "round_in_progress",
                f"Finish round {running} before starting another.",
                money="placed",
                round_id=running,
            )
        operator = self.operators.get(key.operator_id)
        if not operator.enabled:
            raise Refused("operator_disabled", "This casino is closed for new bets.")
        self.admission.check(key.operator_id)
        game = self.table.game(key.game_id)
        unit = self.table.unit(game, request.bet)
        action = Action("bet", request.mode, request.choice)
        amount = self.table.price(game, b"null", action, unit)
        self._allowed(game, session, request, amount)
        now = max(self.world.clock.now(), live.at)
        return BetRequested(
            at=now,
            round_id=round_id(live.state.seat.seat_id, live.seq + 1, self.world.ids.random(8)),
            request_id=request.request_id,
            session_id=session_id,
            transaction_id=bet_id(self.world.ids.random(16)),
            game_version=game.version,
            mode=request.mode,
            choice=encoded(request.choice),
            stake=request.bet,
            unit=unit,
            amount=amount,
            expires_at=now + BET_LIFE_US,
            terms=self._terms(operator),
        )

    def _allowed(self, game: Game, session: Session, request: BetRequest, amount: int) -> None:
        levels = game.bet_levels(session.currency)
        if game.scale and request.bet not in levels:
            choices = ", ".join(map(str, levels))
            raise Refused("bet_not_allowed", f"The bet must be one of {choices} (minor units).", param="bet")
        if not game.scale and amount != request.bet:
            raise Refused("bet_not_allowed", f"The bets of the choice add up to {amount}.", param="bet")
        if not game.scale and any(part % levels[0] for part in game.amounts(request.choice)):
            raise Refused("bet_not_allowed", f"Each amount must be a multiple of {levels[0]}.", param="choice")
        if not game.scale and amount > levels[-1] * TABLE_LIMIT:
            limit = levels[-1] * TABLE_LIMIT
            raise Refused("bet_not_allowed", f"All bets together may be {limit} at most.", param="bet")
        assert 0 < amount <= AMOUNT_MAX, "the ladder keeps every price within what JSON carries"
        limits = session.limits
        if limits.min_bet is not None and amount < limits.min_bet:
            raise Refused("bet_not_allowed", f"The least bet in this session is {limits.min_bet}.", param="bet")
        if limits.max_bet is not None and amount > limits.max_bet:
            raise Refused("bet_not_allowed", f"The highest bet in this session is {limits.max_bet}.", param="bet")

    def _terms(self, operator: Operator) -> Terms:
        return Terms(
            bet_attempts=self.dialects[operator.dialect].abilities.bet_attempts,
            max_life_ms=operator.max_life_ms,
            declines_trusted=operator.declines_trusted,
            zero_win=operator.round_end == "zero_win",
        )

    def _action_event(self, live: LiveSeat, session_id: str, of_round: str, request: ActionRequest) -> ActionRequested:
        self._playing(live, session_id, needs_time=False)
        r = live.round
        if r is None or r.round_id != of_round or r.state not in ("betting", "in_play", "rolling_back", "suspended"):
            raise Refused("stale_action", "This round takes no more actions.", money="placed", round_id=of_round)
        if request.action in ("bet", ABANDON):
            raise Refused("stale_action", f"{request.action!r} is not an action of a running round.", param="action")
        key = live.state.seat.key
        cost = 0
        if r.state == "in_play" and r.pending is None:
            game = self.table.game(key.game_id)
            cost = self.table.price(game, r.game_state, Action(request.action, r.mode, request.choice), r.unit)
        if cost:
            self._playing(live, session_id)
            self.admission.check(key.operator_id)
        now = max(self.world.clock.now(), live.at)
        return ActionRequested(
            at=now,
            request_id=request.request_id,
            session_id=session_id,
            action=request.action,
            choice=encoded(request.choice),
            cost=cost,
            transaction_id=bet_id(self.world.ids.random(16)) if cost else None,
            expires_at=now + BET_LIFE_US if cost else 0,
        )

    def _playing(self, live: LiveSeat, session_id: str, *, needs_time: bool = True) -> Session:
        """The seat's session, when it is this one. `needs_time`: it must also be open for bets."""
        session = live.state.session
        if session is None or session.session_id != session_id:
            raise Refused("session_replaced", "The game was opened in another window. Go on there, or open it again.")
        if needs_time and (live.state.session_ended is not None or self.world.clock.now() >= session.expires_at):
            raise Refused("session_expired", "The session has ended. Open the game again.")
        return session

    # Reading

    async def open_round(self, seat_id: uuid.UUID) -> RoundView | None:
        live = await self.seats.live(seat_id)
        r = live.state.open_round
        return None if r is None else round_view(r, live.balance)

    async def round(self, seat_id: uuid.UUID, of_round: str) -> RoundView | None:
        """Any round of this seat, from memory or from the journal."""
        found = await self.find(seat_id, of_round)
        live = await self.seats.live(seat_id)
        return None if found is None else round_view(found, live.balance)

    async def find(self, seat_id: uuid.UUID, of_round: str) -> Round | None:
        live = await self.seats.live(seat_id)
        if live.round is not None and live.round.round_id == of_round:
            return live.round
        place = locate_round(of_round)
        if place is None or place[0] != seat_id:
            return None
        past = await self.seats.past_round(live.state.seat, place[1])
        return past if past is not None and past.round_id == of_round else None

    # Life of the process

    async def abandon(self, seat_id: uuid.UUID) -> None:
        """The player's time is over: the game's published rule ends the round."""
        commands = await self._system_event(seat_id, AbandonmentDue(self.world.clock.now()))
        live = await self.seats.live(seat_id)
        if live.drive is None:
            self.start(live, commands)

    async def close(self) -> None:
        """Stops driving; what is owed goes on at the next start. Closing events are written."""
        for task in list(self._drives):
            task.cancel()
        await asyncio.gather(*self._drives, return_exceptions=True)
        await self.seats.write_all()


def _same_content(r: Round, request: BetRequest | ActionRequest) -> None:
    """A repeated request id must mean the same request."""
    name = "bet" if isinstance(request, BetRequest) else request.action
    choice = encoded(request.choice)
    step = next((s for s in r.steps if s.request_id == request.request_id), None)
    if isinstance(request, BetRequest):
        same = (r.stake, r.mode, r.choice) == (request.bet, request.mode, choice)
        opened = r.transactions[0].request_id == request.request_id
        same = same and opened
    else:
        same = step is None or (step.action, step.choice) == (name, choice)
    if not same:
        raise Refused(
            "request_id_reused",
            "This request id was used for another request; nothing was done now.",
            money="not_placed",
            round_id=r.round_id,
        )
