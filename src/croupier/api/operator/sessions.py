"""Sessions: one player in one game. Opening one gives the link that starts the game."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from croupier.api.actions.sessions import (
    Ready,
    end_in_journal,
    end_reason,
    ended_at,
    ready_demo,
    ready_session,
    write_session,
)
from croupier.api.fields import Amount, Id, IpAddress, Jurisdiction, Secret, Strict, Text, View, WebAddress
from croupier.api.operator.caller import TheCaller, ThePlatform
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.platform import Platform
from croupier.api.wire import rfc3339_or_none
from croupier.dialects.actions import EndSession, OpenDemo, OpenSession
from croupier.domain.instants import rfc3339
from croupier.domain.parties import Limits
from croupier.domain.refusal import Refused
from croupier.store.connect import Connection
from croupier.store.sessions import SessionRow, end_session, get_session

router = APIRouter(tags=["Sessions"])


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
    jurisdiction: Jurisdiction | None = Field(
        None,
        description="ISO 3166 code of a country or its part. Kept with the session; it restricts nothing yet",
        examples=["MT"],
    )
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
    end_reason: str | None = Field(description="operator, replaced, restored (from a backup) or expired")


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
    limits = Limits() if body.limits is None else Limits(body.limits.min_bet, body.limits.max_bet)
    wanted = OpenSession(**body.model_dump(exclude={"limits"}), limits=limits)
    return await effect.prepared(
        lambda: ready_session(platform, caller.operator, wanted), lambda db, ready: _write(db, ready, platform)
    )


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
    wanted = OpenDemo(**body.model_dump())
    return await effect.prepared(
        lambda: ready_demo(platform, caller.operator, wanted), lambda db, ready: _write(db, ready, platform)
    )


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
        return await end_in_journal(platform, caller.operator, EndSession(session_id), "operator")

    async def write(db: Connection, row: SessionRow) -> Done:
        await end_session(db, row.session.session_id, platform.now(), "operator")
        return Done(204)

    return await effect.prepared(prepare, write)


async def _write(db: Connection, ready: Ready, platform: Platform) -> Done:
    launched = await write_session(db, ready, platform)
    expires_at = rfc3339(launched.expires_at)
    return Done(
        201,
        Launch(session_id=launched.session_id, launch_url=launched.launch_url, launch_expires_at=expires_at),
        {"session": launched.session_id, "player": ready.row.player_id, "game": ready.row.game_id},
    )


def _view(row: SessionRow, now: int) -> SessionView:
    ended = ended_at(row, now)
    return SessionView(
        session_id=row.session.session_id,
        player_id=row.player_id,
        game_id=row.game_id,
        mode="demo" if row.mode == "demo" else "real",
        currency=row.session.currency,
        language=row.session.language,
        campaign_id=row.session.campaign_id,
        state="open" if ended is None else "ended",
        opened_at=rfc3339(row.opened_at),
        last_call_at=rfc3339(row.seen_at),
        ended_at=rfc3339_or_none(ended),
        end_reason=end_reason(row, now),
    )
