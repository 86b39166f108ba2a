"""Players who bet, double, press twice, lose the line, come back another day, or never do."""

import asyncio
import random
import uuid
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

import msgspec

from croupier.domain.ids import text_of
from croupier.domain.parties import Limits, Seat, SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.games.game import Game, Json
from croupier.runtime.requests import ActionRequest, BetRequest
from croupier.runtime.round_runner import RoundRunner
from croupier.runtime.views import RoundView
from croupier.simulation.process import Dropped, Process
from croupier.store.records import Unavailable

T = TypeVar("T")
Request = BetRequest | ActionRequest

HOUR_US = 3_600_000_000
RICH = 50_000_000
"""Opening balance, minor units; poor players get a few bets' worth and feel refusals."""


class Town(Protocol):
    """What players know of the world around them."""

    playing: bool
    pace_s: float

    async def process(self) -> Process: ...
    def now(self) -> int: ...
    def drop_after(self) -> float | None: ...
    def game(self, game_id: str) -> Game: ...
    def promise(self, key: SeatKey) -> str | None: ...
    def bonus(self, key: SeatKey) -> str | None: ...
    def is_over(self, session: Session) -> bool: ...
    def session_opened(self, session: Session) -> None: ...
    def session_ended(self, session_id: str) -> None: ...
    def shown(self, seat: Seat, request: Request, view: RoundView) -> None: ...
    def refused(self, seat: Seat, request: Request, refused: Refused) -> None: ...


class Player:
    """One player at one game, with a client that repeats what was not answered."""

    def __init__(self, town: Town, key: SeatKey, currency: str, seed: str) -> None:
        self.town = town
        self.key = key
        self.currency = currency
        self.rng = random.Random(seed)
        self.game = town.game(key.game_id)
        self.seat: Seat | None = None
        self.session: Session | None = None
        self.view: RoundView | None = None
        """The open round, as far as the client knows."""
        self.past: list[BetRequest] = []
        self.requests = 0
        self.waits = 0

    async def live(self) -> None:
        while self.town.playing:
            await asyncio.sleep(self.rng.expovariate(1.0) * self.town.pace_s)
            try:
                await self._turn()
                self.waits = 0
            except Dropped:
                self.view = None
            except Unavailable:
                await asyncio.sleep(self.rng.uniform(0.5, 5.0))
            except Refused as refused:
                await self._refused(refused)

    async def _refused(self, refused: Refused) -> None:
        self.view = None
        match refused.code:
            case "session_expired" | "session_replaced":
                self.session = None
            case "round_in_progress" | "wallet_unknown" | "round_suspended" | "busy" | "operator_disabled":
                # Impatient at first; later the player looks in from time to time.
                self.waits = min(self.waits + 1, 9)
                await asyncio.sleep(self.rng.uniform(0.5, 1.5 * 2**self.waits))

    async def _turn(self) -> None:
        if self.session is None or self.rng.random() < 0.02:
            await self._open()
        if self.view is None:
            self.view = await self._ask(lambda runner: runner.reading.open_round(self._seat.seat_id))
        if self.view is None or self.view.state in ("closed", "declined", "cancelled"):
            await self._bet()
        elif self.view.state == "in_play" and self.view.next_actions:
            await self._act(self.view)
        else:
            self.view = None
            await asyncio.sleep(self.rng.uniform(1.0, 60.0))

    @property
    def _seat(self) -> Seat:
        assert self.seat is not None, "the first session makes the seat"
        return self.seat

    async def _ask(
        self, work: Callable[[RoundRunner], Coroutine[Any, Any, T]], *, may_drop: bool = False, launch: bool = False
    ) -> T:
        process = await self.town.process()
        if not launch and self.session is not None and self.town.is_over(self.session):
            raise Refused("session_expired", "The session has ended. Open the game again.")
        return await process.answer(work(process.runner), self.town.drop_after() if may_drop else None)

    async def _open(self) -> None:
        now = self.town.now()
        life = self.rng.choice((24 * HOUR_US, 24 * HOUR_US, HOUR_US // 20))
        low = self.game.bet_levels(self.currency)[2]
        limits = Limits(max_bet=self.rng.choice((None, None, None, 2000, low)))
        name = text_of(self.rng.randbytes(9))
        session = Session(name, self.currency, "en", now, now + life, limits, operator_token=f"token-{name}")
        session = msgspec.structs.replace(
            session, campaign_id=self.town.promise(self.key), bonus_id=self.town.bonus(self.key)
        )
        seat = await self._ask(lambda runner: runner.open_session(self.key, session), may_drop=True, launch=True)
        if self.seat is not None and seat != self.seat:
            self.past.clear()  # a request id means something at its own seat only
        self.seat = seat
        self.town.session_opened(session)
        self.session = session
        self.view = await self._ask(lambda runner: runner.player_returned(self._seat.seat_id, name), may_drop=True)

    def _request_id(self) -> str:
        self.requests += 1
        return f"{self.key.player_id}-{self.key.game_id}-{self.requests}"

    async def _bet(self) -> None:
        assert self.session is not None
        request = await self._free() or self._wish()
        self.past.append(request)
        luck = self.rng.random()
        if luck < 0.03:
            again = [self._placed(request), self._placed(request if luck < 0.02 else self._wish())]
            views = await asyncio.gather(*again, return_exceptions=True)
            for view in views:
                if isinstance(view, BaseException) and not isinstance(view, Dropped | Refused | Unavailable):
                    raise view
            self.view = None
            return
        if luck < 0.05 and len(self.past) > 1:
            # A client that kept an old request, or reuses its id for another bet.
            old = self.rng.choice(self.past)
            await self._placed(msgspec.structs.replace(old, mode="turbo") if luck < 0.04 else old)
            return
        try:
            self.view = await self._placed(request)
        except Dropped:
            # The same request again is the only safe thing to do, and a client does it at once.
            self.view = await self._placed(request)
        if luck < 0.07:
            await self._end_session()

    async def _free(self) -> BetRequest | None:
        """A free round, when the session has one; some players do not ask and bet as ever."""
        if self.session is None or self.session.campaign_id is None or self.rng.random() < 0.2:
            return None
        granted = await self._ask(lambda runner: runner.granted(self._seat.seat_id))
        if granted is None or granted.state(self.town.now()) != "active":
            return None
        # On the stroke: two windows of one player often press together.
        await asyncio.sleep(-asyncio.get_running_loop().time() % (4 * self.town.pace_s))
        expected = granted.campaign.campaign_id if self.rng.random() < 0.8 else None
        return BetRequest(self._request_id(), granted.campaign.bet, campaign_id=expected)

    def _wish(self) -> BetRequest:
        levels = self.game.bet_levels(self.currency)
        if self.game.scale:
            stake = self.rng.choice(levels[:6])
            return BetRequest(self._request_id(), stake)
        bets: list[Json] = [
            self.rng.choice(
                (
                    {"type": "straight", "numbers": [self.rng.randrange(37)], "amount": levels[0]},
                    {"type": "red", "amount": levels[0] * self.rng.randint(1, 5)},
                    {"type": "dozen", "index": self.rng.randint(1, 3), "amount": levels[0] * 2},
                )
            )
            for _ in range(self.rng.randint(1, 3))
        ]
        return BetRequest(self._request_id(), sum(bet["amount"] for bet in bets), choice={"bets": bets})

    async def _placed(self, request: BetRequest) -> RoundView:
        seat, session = self._seat, self.session
        assert session is not None
        try:
            view = await self._ask(lambda runner: runner.bet(seat.seat_id, session.session_id, request), may_drop=True)
        except Refused as refused:
            self.town.refused(seat, request, refused)
            raise
        self.town.shown(seat, request, view)
        return view

    async def _act(self, view: RoundView) -> None:
        luck = self.rng.random()
        if luck < 0.02:
            await self._leave()
            return
        offers = view.next_actions
        paid = [offer for offer in offers if offer.cost]
        chosen = self.rng.choice(paid if paid and luck < 0.5 else offers)
        action = chosen.action if luck < 0.97 else self.rng.choice(("split", "bet", "hit", "insurance", "abandon"))
        request = ActionRequest(self._request_id(), action)
        if luck > 0.93:
            both = [self._acted(view, request), self._acted(view, ActionRequest(self._request_id(), chosen.action))]
            for done in await asyncio.gather(*both, return_exceptions=True):
                if isinstance(done, BaseException) and not isinstance(done, Dropped | Refused | Unavailable):
                    raise done
            self.view = None
            return
        try:
            self.view = await self._acted(view, request)
        except Dropped:
            self.view = await self._acted(view, request)

    async def _acted(self, view: RoundView, request: ActionRequest) -> RoundView:
        seat, session = self._seat, self.session
        assert session is not None
        try:
            after = await self._ask(
                lambda runner: runner.act(seat.seat_id, session.session_id, view.round_id, request), may_drop=True
            )
        except Refused as refused:
            self.town.refused(seat, request, refused)
            raise
        self.town.shown(seat, request, after)
        return after

    async def _leave(self) -> None:
        """Away with an open round: back after a while, or the platform's timer ends it."""
        self.view = None
        await asyncio.sleep(self.rng.uniform(60, 7200))
        if self.rng.random() < 0.5:
            await self._ask(_timer(self._seat.seat_id))
        else:
            self.session = None

    async def _end_session(self) -> None:
        session, seat = self.session, self._seat
        assert session is not None
        await self._ask(lambda runner: runner.end_session(seat.seat_id, session.session_id, "operator"))
        self.town.session_ended(session.session_id)


def _timer(seat_id: uuid.UUID) -> Callable[[RoundRunner], Coroutine[Any, Any, None]]:
    """The platform's own timer, which acts on what its process knows of the seat."""

    async def due(runner: RoundRunner) -> None:
        if await runner.reading.open_round(seat_id) is not None:
            await runner.abandon(seat_id)

    return due
