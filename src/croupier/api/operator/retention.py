"""How long exchanges are kept: seen and set by the operator itself."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from croupier.api.fields import Strict
from croupier.api.operator.caller import TheCaller, ThePlatform, actor_of
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.platform import Platform
from croupier.api.wire import rfc3339_or_none
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.store.connect import Connection
from croupier.store.exchange_retention import (
    BYTES_MAX,
    DAYS_MOST,
    FAILED_DAYS_LEAST,
    kept_of,
    retention_fault,
)
from croupier.store.own_settings import change_own

router = APIRouter(tags=["Errors"])


class RetentionBody(Strict):
    """`failed_days` must not be less than `days`."""

    days: int = Field(ge=1, le=DAYS_MOST, description="What was accepted is kept so long", examples=[7])
    failed_days: int = Field(
        ge=FAILED_DAYS_LEAST,
        le=DAYS_MOST,
        description="What was refused, unclear or slow, and what a check has sent",
        examples=[90],
    )


class RetentionView(RetentionBody):
    """`bytes` of `bytes_max`, compressed: above it the oldest go first, whatever their age."""

    exchanges: int
    bytes: int
    bytes_max: int
    since: str | None = Field(description="When the oldest that is kept was sent")


@router.get("/exchanges/retention", summary="How long exchanges are kept", responses=errors())
async def get_exchange_retention(caller: TheCaller, platform: ThePlatform) -> RetentionView:
    return await _view(platform, caller.operator)


@router.put(
    "/exchanges/retention",
    summary="Set how long exchanges are kept",
    response_model=RetentionView,
    responses=errors(body=True, changes=True),
)
async def put_exchange_retention(
    body: RetentionBody, caller: TheCaller, platform: ThePlatform, effect: TheEffect
) -> Response:
    """Within the hour what is older is gone, for good. The journal of rounds is kept whatever is said here."""
    if fault := retention_fault(body.days, body.failed_days):
        raise Refused("invalid_value", fault)

    async def write(db: Connection) -> Done:
        wanted = {"keep_exchanges_days": body.days, "keep_failed_days": body.failed_days}
        await change_own(db, caller.operator_id, wanted, actor_of(caller), platform.now())
        shown = await _view(platform, caller.operator)
        return Done(200, shown.model_copy(update={"days": body.days, "failed_days": body.failed_days}))

    return await effect.run(write)


async def _view(platform: Platform, operator: Operator) -> RetentionView:
    kept = await kept_of(platform.pool, operator.operator_id)
    return RetentionView(
        days=operator.keep_exchanges_days,
        failed_days=operator.keep_failed_days,
        exchanges=kept.exchanges,
        bytes=kept.bytes,
        bytes_max=BYTES_MAX,
        since=rfc3339_or_none(kept.since),
    )
