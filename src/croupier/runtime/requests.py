"""A player's request becomes an event, or is refused and leaves no trace."""

from collections.abc import Mapping

import msgspec

from croupier.domain.ids import bet_id, locate_round, round_id
from croupier.domain.money import AMOUNT_MAX
from croupier.domain.parties import Operator, SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.games.game import ABANDON, Action, Game, Json
from croupier.rounds.events import ActionRequested, BetRequested, FreeRound, Terms
from croupier.rounds.lifecycle import in_progress
from croupier.rounds.round import Round
from croupier.runtime.admission import Admission
from croupier.runtime.free_rounds import Granted
from croupier.runtime.game_table import GameTable, encoded
from croupier.runtime.live_seat import LiveSeat
from croupier.runtime.operators import Operators
from croupier.runtime.world import World
from croupier.wallet import clocks
from croupier.wallet.dialect import Dialect

# Players read these sentences; what the casino's people have to do stands on the pages of the codes.
NOT_COMPARED = (
    "not_compared",
    "Play waits until the casino has compared its books with ours. No money was moved.",
)
NOT_CERTIFIED = ("not_certified", "Play waits until the casino's new wallet was checked. No money was moved.")
BET_LIFE_US = 30_000_000

TABLE_LIMIT = 10
"""All stakes of one choice together, in multiples of the highest bet level."""


class BetRequest(msgspec.Struct, frozen=True, gc=False):
    """The opening of a round. `bet` in minor units, `choice` any JSON the game understands.

    `campaign_id`: the player takes it for a free round, so it must be one or nothing.
    """

    request_id: str
    bet: int
    mode: str = "base"
    choice: Json = None
    campaign_id: str | None = None


class ActionRequest(msgspec.Struct, frozen=True, gc=False):
    request_id: str
    action: str
    choice: Json = None


class Requests:
    def __init__(
        self,
        world: World,
        operators: Operators,
        table: GameTable,
        dialects: Mapping[str, Dialect],
        admission: Admission,
    ) -> None:
        self.world = world
        self.operators = operators
        self.table = table
        self.dialects = dialects
        self.admission = admission

    def bet(self, live: LiveSeat, session_id: str, request: BetRequest, granted: Granted | None = None) -> BetRequested:
        """Q-01's checks; each failed one leaves no trace. `granted`: free rounds of this session."""
        session = self._playing(live, session_id)
        key = live.state.seat.key
        if live.state.open_round is not None:
            raise in_progress(live.state.open_round)
        operator = self._open_for_bets(key)
        if self.world.is_restored(live.state.seat):
            raise Refused("session_expired", "The session has ended. Open the game again.")
        game = self.table.game(key.game_id)
        unit = self.table.unit(game, request.bet)
        action = Action("bet", request.mode, request.choice)
        amount = self.table.price(game, b"null", action, unit)
        self._allowed(game, session, request, amount)
        self._carried(operator, game, session, unit)
        now = max(self.world.clock.now(), live.at)
        free_round = self._free_round(granted, request, now)
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
            amount=amount if free_round is None else 0,
            expires_at=now + BET_LIFE_US,
            terms=self._terms(operator),
            free_round=free_round,
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

    def _carried(self, operator: Operator, game: Game, session: Session, unit: int) -> None:
        """Every amount of the round is a multiple of its unit: can the operator's API name them all?"""
        step = self.dialects[operator.dialect].step(session.currency, operator)
        if step > 1 and (unit if game.scale else game.bet_levels(session.currency)[0]) % step:
            detail = f"This casino counts {session.currency} in steps of {step} minor units: choose a higher bet."
            raise Refused("bet_not_allowed", detail, param="bet")

    def _free_round(self, granted: Granted | None, request: BetRequest, now: int) -> FreeRound | None:
        """The free round that this bet takes; None when it is a bet with money.

        A request that names the campaign never costs money: it is refused when it cannot be a free round.
        """
        if granted is None or granted.state(now) != "active":
            if request.campaign_id is not None:
                raise Refused("free_rounds_over", "No free round is left in this session. Nothing was placed.")
            return None
        campaign = granted.campaign
        if request.campaign_id not in (None, campaign.campaign_id):
            raise Refused("free_rounds_over", "This session plays free rounds of another campaign.")
        if not granted.settled:
            raise Refused("round_in_progress", "The free round before is not over yet, here or in another game.")
        if request.bet != campaign.bet:
            raise Refused("bet_not_allowed", f"Free rounds of this campaign are played at {campaign.bet}.", param="bet")
        if request.mode != "base":
            raise Refused("bet_not_allowed", "Free rounds are played in the base mode.", param="mode")
        return granted.use()

    def _terms(self, operator: Operator) -> Terms:
        abilities = self.dialects[operator.dialect].abilities
        return Terms(
            # A second try is right only where it cannot be a second bet.
            bet_attempts=abilities.bet_attempts if operator.idempotent_bets else 1,
            deadline_ms=operator.deadline_ms,
            max_life_ms=clocks.max_life_ms(operator),
            declines_trusted=operator.declines_trusted,
            zero_win=operator.round_end == "zero_win" and not abilities.closing_win,
            end_round=abilities.end_round and operator.settings.get("end_round") != "off",
            closing_win=abilities.closing_win,
        )

    def action(self, live: LiveSeat, session_id: str, of_round: str, request: ActionRequest) -> ActionRequested:
        self._playing(live, session_id, needs_time=False)
        r = live.round
        if r is None or r.round_id != of_round or r.state not in ("betting", "in_play", "rolling_back", "suspended"):
            located = locate_round(of_round)
            if located is None or located[0] != live.state.seat.seat_id:
                raise Refused("not_found", "No round has such an id.")
            raise _stale(of_round, "This round takes no more actions.")
        if request.action in ("bet", ABANDON):
            raise _stale(of_round, f"{request.action!r} is not an action of a running round.", param="action")
        key = live.state.seat.key
        cost = 0
        if r.state == "in_play" and r.pending is None:
            game = self.table.game(key.game_id)
            try:
                cost = self.table.price(game, r.game_state, Action(request.action, r.mode, request.choice), r.unit)
            except Refused as no:
                raise (_stale(of_round, no.detail, no.param) if no.code == "stale_action" else no) from no
        if cost:
            self._playing(live, session_id)
            self._open_for_bets(key)
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

    def _open_for_bets(self, key: SeatKey) -> Operator:
        operator_id = key.operator_id
        operator = self.operators.get(operator_id)
        # Also of sessions that began before the wallet moved to an address that nobody has checked; and after a restore
        # nobody bets before the books were compared.
        if not operator.enabled:
            raise Refused("operator_disabled", "This casino is closed for new bets.")
        if key.mode == "real" and not operator.open_to_play:
            raise Refused(*(NOT_COMPARED if operator.compare_from else NOT_CERTIFIED))
        self.admission.check(operator_id, self.world.clock.boot)
        return operator

    def _playing(self, live: LiveSeat, session_id: str, *, needs_time: bool = True) -> Session:
        """The seat's session, when it is this one. `needs_time`: it must also be open for bets."""
        session = live.state.session
        if session is None or session.session_id != session_id:
            raise Refused("session_replaced", "The game was opened in another window. Go on there, or open it again.")
        if needs_time and (live.state.session_ended is not None or self.world.clock.now() >= session.expires_at):
            raise Refused("session_expired", "The session has ended. Open the game again.")
        return session


def _stale(of_round: str, detail: str, param: str | None = None) -> Refused:
    """The round's stake stands as it is, and the round can be read again."""
    return Refused("stale_action", detail, money="placed", round_id=of_round, param=param)


def must_be_same(r: Round, request: BetRequest | ActionRequest, of_round: str) -> None:
    """A repeated request id must mean the same request. `of_round`: the round that an action is asked of."""
    choice = encoded(request.choice)
    if isinstance(request, BetRequest):
        same = r.stake == request.bet and r.mode == request.mode and r.choice == choice
        opened = r.transactions[0].request_id == request.request_id
        free = r.free_round.campaign_id if r.free_round is not None else None
        same = same and opened and (request.campaign_id is None or request.campaign_id == free)
    else:
        asked = r.asked(request.request_id)
        same = r.round_id == of_round and (asked is None or asked == (request.action, choice))
    if not same:
        raise Refused(
            "request_id_reused",
            "This request id was used for another request; nothing was done now.",
            money="not_placed",
            round_id=r.round_id,
        )
