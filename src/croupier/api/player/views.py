"""What a game client is told about its session."""

import uuid
from typing import Any

import msgspec

from croupier.api.platform import Platform
from croupier.api.player.replays import ReplayOf
from croupier.api.player.sessions import PlaySession
from croupier.api.wire import decimal_of
from croupier.campaigns.campaign import State
from croupier.dialects import DIALECTS
from croupier.domain.ids import locate_round
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Limits, SeatKey
from croupier.domain.refusal import Refused
from croupier.games.game import Game
from croupier.rounds.round import Round
from croupier.runtime.free_rounds import Granted
from croupier.runtime.views import RoundView
from croupier.store.sessions import SessionRow


class GameView(msgspec.Struct, frozen=True):
    id: str
    name: str
    kind: str
    version: str


class FreeRoundsView(msgspec.Struct, frozen=True):
    """Free rounds of this session's campaign. While `state` is ``active`` a bet is a free one, at `bet`.

    Amounts in minor units. `won`: by all free rounds so far, `max_win` at most. Other states: ``used_up``, ``ended``,
    ``cancelled``, ``scheduled``.
    """

    campaign_id: str
    state: State
    bet: int
    total: int
    left: int
    won: int
    max_win: int | None
    starts_at: str
    ends_at: str


class SessionView(msgspec.Struct, frozen=True):
    """Amounts in minor units, `bet_modes` in game units. `balance` is None while the wallet owes an answer."""

    session_id: str
    game: GameView
    mode: str
    currency: str
    exponent: int
    language: str
    balance: int | None
    bet_levels: tuple[int, ...]
    bet_modes: dict[str, int]
    rules: Any
    rtp: dict[str, str]
    open_round: RoundView | None
    free_rounds: FreeRoundsView | None = None
    operator_free_rounds: int | None = None
    """Left of the free rounds that the operator counts, as its wallet last said; each is played at the player's bet."""
    return_url: str | None = None
    deposit_url: str | None = None
    replay_round_id: str | None = None


async def session_view(platform: Platform, session: PlaySession) -> SessionView:
    row = session.row
    game = platform.game(row.game_id)
    # Asked first: the open round shows the same balance.
    balance = await session.runner.seat_balance(row.seat_id)
    open_round = await session.runner.reading.open_round(row.seat_id)
    granted = await session.runner.granted(row.seat_id)
    live = await session.runner.seats.live(row.seat_id)
    return SessionView(
        session_id=row.session.session_id,
        mode=row.mode,
        currency=row.session.currency,
        language=row.session.language,
        balance=balance,
        operator_free_rounds=None if row.session.bonus_id is None else live.free_left,
        bet_levels=_playable(platform, row, game),
        open_round=open_round,
        free_rounds=None if granted is None else _free_rounds(granted, platform.now()),
        return_url=row.session.return_url,
        deposit_url=row.session.deposit_url,
        **_of_game(game, row.session.currency),
    )


def _free_rounds(granted: Granted, now: int) -> FreeRoundsView:
    campaign = granted.campaign
    return FreeRoundsView(
        campaign_id=campaign.campaign_id,
        state=granted.state(now),
        bet=campaign.bet,
        total=campaign.rounds,
        left=granted.left,
        won=granted.standing.won,
        max_win=campaign.max_win,
        starts_at=rfc3339(campaign.starts_at),
        ends_at=rfc3339(campaign.ends_at),
    )


async def replay_session_view(platform: Platform, of: ReplayOf) -> SessionView:
    key, shown = await replayed(platform, of)
    assert shown.session is not None
    game = platform.game(key.game_id)
    return SessionView(
        session_id=f"replay:{of.round_id}"[:64],
        mode="replay",
        currency=shown.session.currency,
        language=shown.session.language,
        balance=None,
        bet_levels=game.bet_levels(shown.session.currency),
        open_round=None,
        replay_round_id=of.round_id,
        **_of_game(game, shown.session.currency),
    )


async def replayed(platform: Platform, of: ReplayOf) -> tuple[SeatKey, Round]:
    """The seat and the round of a replay link. Refused ``not_found`` when it is not that operator's."""
    seat_id = seat_of_round(of.round_id)
    seat = await platform.world.journal.seat_by_id(seat_id)
    shown = await platform.runner.reading.find(seat_id, of.round_id) if seat is not None else None
    if seat is None or shown is None or seat.key.operator_id != of.operator_id:
        raise Refused("not_found", "This round does not exist.")
    return seat.key, shown


def seat_of_round(round_id: str) -> uuid.UUID:
    place = locate_round(round_id)
    if place is None:
        raise Refused("not_found", "No round has such an id.")
    return place[0]


def allowed_levels(game: Game, currency: str, limits: Limits) -> tuple[int, ...]:
    """The game's stakes within the session's limits."""
    low, high = limits.min_bet or 0, limits.max_bet
    return tuple(level for level in game.bet_levels(currency) if level >= low and (high is None or level <= high))


def _playable(platform: Platform, row: SessionRow, game: Game) -> tuple[int, ...]:
    """Of the allowed stakes those whose every win the operator's API can name."""
    currency = row.session.currency
    levels = allowed_levels(game, currency, row.session.limits)
    operator = platform.directory.settings.operators.get(row.operator_id)
    if operator is None or row.mode != "real":
        return levels
    step = DIALECTS[operator.dialect].step(currency, operator)
    unit = game.bet_levels(currency)[0]  # where the choice carries the amounts, each is a multiple of this
    return tuple(level for level in levels if (level // game.scale if game.scale else unit) % step == 0) or levels


def _of_game(game: Game, currency: str) -> dict[str, Any]:
    return {
        "game": GameView(game.game_id, game.name, game.kind, game.version),
        "exponent": CURRENCIES[currency].exponent,
        "bet_modes": game.modes,
        "rules": game.rules,
        "rtp": {mode: decimal_of(value, 6) for mode, value in game.rtp.items()},
    }
