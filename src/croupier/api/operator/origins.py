"""The operator's pages that may frame the games: seen and set by itself, and whether one was seen to."""

from typing import Annotated

from fastapi import APIRouter
from msgspec.structs import replace
from pydantic import Field
from starlette.responses import Response

from croupier.api.fields import Strict, View
from croupier.api.operator.caller import TheCaller, ThePlatform, actor_of
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.domain.instants import rfc3339
from croupier.domain.origins import ORIGINS_MOST, may_frame, origin_of, origins_fault
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.store.connect import Connection, Pool
from croupier.store.framed import Framed, framed_of
from croupier.store.own_settings import change_own

router = APIRouter(tags=["Sessions"])

Origin = Annotated[str, Field(max_length=300, examples=["https://casino.example"])]


class OriginsBody(Strict):
    """Scheme, host and port, no path and no wildcard. A live operator's are https."""

    origins: list[Origin] = Field(max_length=ORIGINS_MOST)


class FramedView(View):
    """A browser asked for a game to show it in a page of this origin."""

    origin: str
    at: str


class OriginsView(View):
    """What a browser does not say is not here: a page that hides its address (`Referrer-Policy: no-referrer`)."""

    origins: list[str]
    any_loopback: bool = Field(description="Test operators: any port of localhost and 127.0.0.1 as well")
    framed: FramedView | None = Field(description="The latest in a page of yours; null: not seen yet")
    blocked: FramedView | None = Field(description="The latest in another page, when no page of yours came after it")


@router.get("/origins", summary="Pages that may frame the games, and whether one was seen to", responses=errors())
async def get_origins(caller: TheCaller, platform: ThePlatform) -> OriginsView:
    """The browser keeps games out of all other pages."""
    return await _view(platform.pool, caller.operator)


@router.put(
    "/origins",
    summary="Set the pages that may frame the games",
    response_model=OriginsView,
    responses=errors(body=True, changes=True),
)
async def put_origins(body: OriginsBody, caller: TheCaller, platform: ThePlatform, effect: TheEffect) -> Response:
    """All of them, in place of the present ones. It holds within seconds, for games that are opened from then on."""
    if fault := origins_fault(body.origins, test=caller.operator.test):
        raise Refused("invalid_value", fault, param="origins")
    wanted = list(dict.fromkeys(normal for one in body.origins if (normal := origin_of(one))))

    async def write(db: Connection) -> Done:
        await change_own(db, caller.operator_id, {"origins": wanted}, actor_of(caller), platform.now())
        return Done(200, await _view(db, replace(caller.operator, origins=tuple(wanted))))

    return await effect.run(write)


async def _view(db: Pool | Connection, operator: Operator) -> OriginsView:
    """What was seen is judged by the origins of today."""
    seen = (await framed_of(db, operator.operator_id)).values()
    mine = max((one for one in seen if may_frame(operator, one.origin)), key=_at, default=None)
    others = max((one for one in seen if not may_frame(operator, one.origin)), key=_at, default=None)
    if mine is not None and others is not None and others.at < mine.at:
        others = None
    return OriginsView(
        origins=list(operator.origins),
        any_loopback=operator.test,
        framed=_framed(mine),
        blocked=_framed(others),
    )


def _at(framed: Framed) -> int:
    return framed.at


def _framed(framed: Framed | None) -> FramedView | None:
    return None if framed is None else FramedView(origin=framed.origin, at=rfc3339(framed.at))
