"""When the wallet is checked again without anybody asking."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from croupier.api.fields import Strict, View
from croupier.api.operator.caller import TheCaller, ThePlatform, actor_of
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.wire import rfc3339_or_none
from croupier.domain.days import DAY_US
from croupier.store.connect import Connection
from croupier.store.own_settings import change_own
from croupier.store.rechecks import DAYS_MOST, Repeated, repeated

router = APIRouter(tags=["Certification"])


class ScheduleBody(Strict):
    every_days: int = Field(ge=0, le=DAYS_MOST, description="0: never by itself", examples=[7])


class ScheduleView(View):
    """`certification_id`: the latest whole check as strict as what opens play, else the latest of any level; it is made
    again as it was. Null: make one first.
    """

    every_days: int
    certification_id: str | None
    next_at: str | None = Field(description="Null: never")


@router.get("/certifications/schedule", summary="When your wallet is checked again", responses=errors())
async def get_schedule(caller: TheCaller, platform: ThePlatform) -> ScheduleView:
    return _view(caller.operator.recheck_days, await repeated(platform.pool, caller.operator_id))


@router.put(
    "/certifications/schedule",
    summary="Check your wallet again every so many days",
    response_model=ScheduleView,
    responses=errors(body=True, changes=True),
)
async def put_schedule(body: ScheduleBody, caller: TheCaller, platform: ThePlatform, effect: TheEffect) -> Response:
    """The latest whole check as strict as what opened play, or would, is made again with its players and level. Their
    balances change.
    """

    async def write(db: Connection) -> Done:
        wanted = {"recheck_days": body.every_days}
        await change_own(db, caller.operator_id, wanted, actor_of(caller), platform.now())
        return Done(200, _view(body.every_days, await repeated(db, caller.operator_id)))

    return await effect.run(write)


def _view(days: int, found: Repeated | None) -> ScheduleView:
    next_at = found.asked_at + days * DAY_US if found is not None and days else None
    named = found.certification_id if found is not None else None
    return ScheduleView(every_days=days, certification_id=named, next_at=rfc3339_or_none(next_at))
