"""Going live: what is missing before players play for money, and the act itself."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from croupier.api.fields import Reason, Strict, View
from croupier.api.operator.caller import TheCaller, ThePlatform
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.problems import Problem
from croupier.conformance.rule import RULE_SET
from croupier.domain.instants import rfc3339
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.store.audit import Actor
from croupier.store.connect import Connection
from croupier.store.going_live import GOOD_FOR_US, STAFF, Missing, Standing, open_to_play, standing
from croupier.store.registry import ChangedMeanwhile

router = APIRouter(tags=["Certification"])

SAID: dict[Missing, str] = {
    "no_whole_check": "There is no finished check of all rules of the level money-safe or production.",
    "not_compared": "The books were not compared since the platform was restored from a backup.",
    "not_green": "The latest whole check is not green.",
    "too_old": "The latest whole check is older than 30 days.",
    "other_wallet": "The latest whole check was of another address or API than is configured now.",
    "other_rules": "The rules have changed since the latest whole check.",
}


class GoLiveBody(Strict):
    """`reason`: opens play although something is missing. For the platform's administrators; it is audited."""

    reason: Reason | None = None


class MissingView(View):
    code: Missing
    text: str


class GoingLiveView(View):
    """`ready`: nothing is missing. A test operator never goes live itself: it shows that the wallet is ready."""

    kind: Literal["test", "live"]
    open: bool = Field(description="Players may play: for money when `kind` is live")
    opened_by: str | None = Field(description="The check that opened real play, or staff")
    ready: bool
    certification_id: str | None = Field(description="The check that this is judged by: the latest whole one")
    good_until: str | None = Field(description="While nothing is missing: when the check is too old")
    missing: list[MissingView]


@router.get("/going-live", summary="May I go live, and what is missing", responses=errors())
async def get_going_live(caller: TheCaller, platform: ThePlatform) -> GoingLiveView:
    found = await standing(platform.pool, caller.operator, RULE_SET, platform.now())
    return _view(caller.operator, found, caller.operator.went_live)


@router.post(
    "/going-live",
    summary="Open real play",
    response_model=GoingLiveView,
    responses=errors("not_ready_to_go_live", "operator_changed", "person_needed", body=True, changes=True),
)
async def post_going_live(body: GoLiveBody, caller: TheCaller, platform: ThePlatform, effect: TheEffect) -> Response:
    """For a live operator whose latest whole check is green, of this very wallet, and not older than 30 days."""
    operator = caller.operator
    if caller.person is None:
        raise Refused("person_needed")
    person = caller.person.user
    if operator.test:
        raise Problem("not_ready_to_go_live", "A test operator stays one: the platform's staff adds a live one.")
    if body.reason is not None and person.role != "staff_admin":
        raise Refused("forbidden", "Only the platform's administrators open play without a green check.")
    found = await standing(platform.pool, operator, RULE_SET, platform.now())
    if found.missing and body.reason is None:
        missing = [{"code": code, "text": SAID[code]} for code in found.missing]
        raise Problem("not_ready_to_go_live", SAID[found.missing[0]], missing=missing)

    async def write(db: Connection) -> Done:
        named = found.certification.certification_id if found.certification and not found.missing else STAFF
        actor = Actor(person.user_id, person.role, body.reason or "")
        try:
            await open_to_play(db, operator, named, actor, found.missing, platform.now())
        except ChangedMeanwhile:
            raise Refused("operator_changed") from None
        return Done(200, _view(operator, found, named))

    return await effect.run(write)


def _view(operator: Operator, found: Standing, opened_by: str) -> GoingLiveView:
    checked = found.certification
    return GoingLiveView(
        kind="test" if operator.test else "live",
        open=operator.test or bool(opened_by),
        opened_by=opened_by or None,
        ready=not found.missing,
        certification_id=checked.certification_id if checked is not None else None,
        good_until=rfc3339(checked.asked_at + GOOD_FOR_US) if checked is not None and not found.missing else None,
        missing=[MissingView(code=code, text=SAID[code]) for code in found.missing],
    )
