"""Sessions: one player in one game. Opening one gives the link that starts the game."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from croupier.api.fields import Amount, Id, IpAddress, Secret, Strict, Text, View, WebAddress
from croupier.api.operator.caller import Caller, TheCaller, ThePlatform
from croupier.api.operator.campaign_rules import check_promise
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.operator.players import check_currency, check_language
from croupier.api.platform import Platform
from croupier.api.problems import Problem
from croupier.api.wire import rfc3339_or_none
from croupier.domain.ids import text_of
from croupier.domain.instants import rfc3339
from croupier.domain.parties import Limits, Seat, SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.games.game import Game
from croupier.runtime.wallet_calls import why_of
from croupier.store.connect import Connection
from croupier.store.players import get_player
from croupier.store.records import Stale, Unavailable
from croupier.store.sessions import (
    IDLE_LIFE_US,
    LAUNCH_LIFE_US,
    SessionRow,
    Subject,
    add_session,
    end_session,
    get_session,
)
from croupier.wallet.outcome import Accepted

router = APIRouter(tags=["Sessions"])

LONGEST_LIFE_US = 30 * 24 * 3600 * 1_000_000
"""However busy it is, a session takes no bets after that."""
DEMO_START_LEVELS = 2000


class SessionLimits(Strict):
    min_bet: Amount | None = Field(None, examples=[20])
    max_bet: Amount | None = Field(None, examples=[500])


class SessionBody(Strict):
    player_id: Id = Field(examples=["p-1001"])
    game_id: Text = Field(examples=["krakens-hoard"])
    language: str | None = Field(None, max_length=16, description="en, de, es or pt-BR", examples=["en"])
    device: Text | None = Field(None, examples=["mobile"])
    return_url: WebAddress | None = Field(None, description="Where the game's Close button leads")
    deposit_url: WebAddress | None = None
    ip: IpAddress | None = Field(None, examples=["203.0.113.9"])
    jurisdiction: Text | None = None
    operator_token: Secret | None = Field(None, description="Comes back in every wallet call of this session")
    limits: SessionLimits | None = None
    campaign_id: Id | None = Field(
        None, description="The campaign whose free rounds are played first in this session", examples=["spring-2026"]
    )


class DemoBody(Strict):
    game_id: Text = Field(examples=["krakens-hoard"])
    currency: str = Field(max_length=16, examples=["EUR"])
    language: str | None = Field(None, max_length=16, examples=["en"])
    start_balance: Amount | None = Field(None, examples=[100000])


class Launch(View):
    session_id: str
    launch_url: str = Field(description="Opens the game once, within 60 seconds, in a window or a frame")
    launch_expires_at: str


class SessionView(View):
    session_id: str
    player_id: str
    game_id: str
    mode: Literal["real", "demo"]
    currency: str
    language: str
    campaign_id: str | None
    state: Literal["open", "ended"]
    opened_at: str
    last_call_at: str
    ended_at: str | None
    end_reason: str | None = Field(description="operator, replaced or expired")


@router.post(
    "/sessions",
    summary="Open a session and get the link to the game",
    status_code=201,
    response_model=Launch,
    responses=errors(
        *("unknown_player", "unknown_game", "unknown_currency", "unsupported_language", "invalid_amount"),
        *(
            "unknown_campaign",
            "campaign_not_running",
            "player_blocked",
            "operator_disabled",
            "wallet_unreachable",
            "wallet_refused",
            "busy",
        ),
        body=True,
        changes=True,
    ),
)
async def open_session(body: SessionBody, caller: TheCaller, platform: ThePlatform, effect: TheEffect) -> Response:
    """Asks your wallet for the player's balance first; when it does not answer well, no session is opened."""

    async def prepare() -> tuple[SessionRow, str]:
        return await _open(body, caller, platform)

    return await effect.prepared(prepare, lambda db, ready: _write(db, ready, platform))


@router.post(
    "/demo-sessions",
    summary="Open a game with play money",
    status_code=201,
    response_model=Launch,
    responses=errors(
        *("unknown_game", "unknown_currency", "unsupported_language", "invalid_amount", "operator_disabled"),
        body=True,
        changes=True,
    ),
)
async def open_demo_session(body: DemoBody, caller: TheCaller, platform: ThePlatform, effect: TheEffect) -> Response:
    """No wallet is called and nothing is kept: the demo ends with the platform's process."""
    platform.enabled(caller.operator)
    game = platform.game(body.game_id)
    check_currency(caller, body.currency)
    check_language(body.language)

    async def prepare() -> tuple[SessionRow, str]:
        session = _session(platform, body.currency, body.language or "en")
        key = SeatKey(caller.operator_id, "demo-" + text_of(platform.world.ids.random(12)), body.game_id, "demo")
        start = body.start_balance
        if start is None:
            start = DEMO_START_LEVELS * game.bet_levels(body.currency)[0]
        seat = await platform.play_money.open(key, session, start)
        return _row(seat, session, Subject(start_balance=start, home=platform.home)), platform.token("lt_")

    return await effect.prepared(prepare, lambda db, ready: _write(db, ready, platform))


SessionId = Annotated[Id, Path(examples=["ss_3fQ1"])]


@router.get("/sessions/{session_id}", summary="One session", responses=errors("not_found"))
async def get_one_session(session_id: SessionId, caller: TheCaller, platform: ThePlatform) -> SessionView:
    row = await get_session(platform.pool, caller.operator_id, session_id)
    if row is None:
        raise Refused("not_found", f"There is no session {session_id}.")
    return _view(row, platform.now())


@router.delete(
    "/sessions/{session_id}",
    summary="End a session",
    status_code=204,
    responses=errors("not_found", "busy", changes=True),
)
async def delete_session(
    session_id: SessionId, caller: TheCaller, platform: ThePlatform, effect: TheEffect
) -> Response:
    """Blocks new bets only. An open round is settled, its winnings are paid."""

    async def prepare() -> SessionRow:
        row = await get_session(platform.pool, caller.operator_id, session_id)
        if row is None:
            raise Refused("not_found", f"There is no session {session_id}.")
        if row.ended_at is None and (row.mode == "real" or platform.play_money.has(row.seat_key)):
            try:
                await platform.runner_for(row.mode).end_session(row.seat_id, session_id, "operator")
            except (Stale, Unavailable) as away:
                raise Refused("busy") from away
        return row

    async def write(db: Connection, row: SessionRow) -> Done:
        await end_session(db, row.session.session_id, platform.now(), "operator")
        return Done(204)

    return await effect.prepared(prepare, write)


async def _open(body: SessionBody, caller: Caller, platform: Platform) -> tuple[SessionRow, str]:
    operator = platform.enabled(caller.operator)
    game = platform.game(body.game_id)
    check_language(body.language)
    found = await get_player(platform.pool, caller.operator_id, body.player_id)
    if found is None:
        raise Refused("unknown_player", f"There is no player {body.player_id}.", param="player_id")
    player = found.player
    if not player.enabled:
        raise Refused("player_blocked", "This player is blocked here.")
    check_currency(caller, player.currency)
    limits = _limits(body.limits, game, player.currency)
    if body.campaign_id is not None:
        await check_promise(platform, body.campaign_id, player, game, limits)
    session = _session(platform, player.currency, body.language or player.language or "en", body, limits)
    key = SeatKey(caller.operator_id, player.player_id, game.game_id, "real")
    answer = await platform.runner.balance(operator, key, session)
    if not isinstance(answer.outcome, Accepted):
        raise _wallet_problem(answer.status, why_of(answer.outcome), answer.exchange_id)
    try:
        seat = await platform.runner.open_session(key, session)
    except (Stale, Unavailable) as away:
        raise Refused("busy") from away
    return _row(seat, session, Subject(body.device, body.ip, body.jurisdiction)), platform.token("lt_")


async def _write(db: Connection, ready: tuple[SessionRow, str], platform: Platform) -> Done:
    row, token = ready
    expires_at = platform.now() + LAUNCH_LIFE_US
    await add_session(db, row, token, expires_at)
    address = f"{platform.links.public}/play/?token={token}&lang={row.session.language}"
    launch = Launch(session_id=row.session.session_id, launch_url=address, launch_expires_at=rfc3339(expires_at))
    return Done(201, launch)


def _session(
    platform: Platform, currency: str, language: str, body: SessionBody | None = None, limits: Limits | None = None
) -> Session:
    now = platform.now()
    return Session(
        session_id="ss_" + text_of(platform.world.ids.random(15)),
        currency=currency,
        language=language,
        opened_at=now,
        expires_at=now + LONGEST_LIFE_US,
        limits=limits or Limits(),
        operator_token=body.operator_token if body else None,
        return_url=body.return_url if body else None,
        deposit_url=body.deposit_url if body else None,
        campaign_id=body.campaign_id if body else None,
    )


def _limits(given: SessionLimits | None, game: Game, currency: str) -> Limits:
    if given is None:
        return Limits()
    low, high = given.min_bet, given.max_bet
    if low is not None and high is not None and low > high:
        raise Refused("invalid_amount", "min_bet is above max_bet: no bet would be possible.", param="limits.min_bet")
    levels = game.bet_levels(currency)
    if (high is not None and high < levels[0]) or (low is not None and game.scale and low > levels[-1]):
        detail = f"The game's bets go from {levels[0]} to {levels[-1]}; these limits leave none."
        raise Refused("invalid_amount", detail, param="limits")
    return Limits(low, high)


def _wallet_problem(status: int | None, said: str, exchange_id: str) -> Problem:
    code = "wallet_unreachable" if status is None else "wallet_refused"
    heard = "gave no answer" if status is None else f"answered HTTP {status}"
    detail = f"Your wallet {heard} to the balance call: {said}. No session was opened."
    return Problem(code, detail, log_url=f"/account/exchanges/{exchange_id}")


def _row(seat: Seat, session: Session, subject: Subject) -> SessionRow:
    key = seat.key
    return SessionRow(
        key.operator_id,
        key.player_id,
        key.game_id,
        key.mode,
        seat.seat_id,
        session,
        subject,
        session.opened_at,
        session.opened_at,
    )


def _view(row: SessionRow, now: int) -> SessionView:
    idle = row.ended_at is None and now - row.seen_at > IDLE_LIFE_US
    ended_at = row.seen_at + IDLE_LIFE_US if idle else row.ended_at
    return SessionView(
        session_id=row.session.session_id,
        player_id=row.player_id,
        game_id=row.game_id,
        mode="demo" if row.mode == "demo" else "real",
        currency=row.session.currency,
        language=row.session.language,
        campaign_id=row.session.campaign_id,
        state="open" if ended_at is None else "ended",
        opened_at=rfc3339(row.opened_at),
        last_call_at=rfc3339(row.seen_at),
        ended_at=rfc3339_or_none(ended_at),
        end_reason="expired" if idle else row.end_reason,
    )
