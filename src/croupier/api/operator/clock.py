"""The operator's clock, as we measure it from its own answers."""

from fastapi import APIRouter
from pydantic import Field

from croupier.api.fields import View
from croupier.api.operator.caller import TheCaller, ThePlatform
from croupier.api.operator.errors import errors
from croupier.api.operator.explained import FindingView, finding_view
from croupier.api.wire import rfc3339_or_none
from croupier.diagnosis.clocks import of_clock
from croupier.store.clocks import clock_of
from croupier.wallet import clocks

router = APIRouter(tags=["Certification"])


class ClockView(View):
    """From the `Date` of wallet answers, and the time stamps of signed calls to us. Plus = your clock is ahead."""

    measured_at: str | None = Field(description="null: too few answers yet; then there are no figures either")
    samples: int
    offset_ms: int | None = Field(description="The middle of the latest samples")
    lowest_ms: int | None
    highest_ms: int | None
    allowed_ms: int = Field(description="Further off is a finding")
    max_life_ms: int = Field(description="How long after its sending a bet may still arrive, the clock counted in")
    finding: FindingView | None


@router.get("/clock", summary="Your server's clock, as your answers show it", responses=errors())
async def get_clock(caller: TheCaller, platform: ThePlatform) -> ClockView:
    """Measured whenever there is traffic. A wrong clock refuses valid calls, or takes bets that are too old."""
    found = await clock_of(platform.pool, caller.operator_id)
    offset = found.offset if found is not None else None
    wrong = of_clock(offset) if offset is not None else None
    return ClockView(
        measured_at=rfc3339_or_none(found.at if found is not None else None),
        samples=offset.samples if offset is not None else 0,
        offset_ms=offset.median_ms if offset is not None else None,
        lowest_ms=offset.lowest_ms if offset is not None else None,
        highest_ms=offset.highest_ms if offset is not None else None,
        allowed_ms=clocks.ALARM_MS,
        max_life_ms=clocks.max_life_ms(caller.operator),
        finding=finding_view(wrong, None) if wrong is not None else None,
    )
