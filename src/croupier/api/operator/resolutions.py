"""Suspended rounds: what may be decided about them, by two different people, with a reason."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field, SecretStr
from starlette.responses import Response

from croupier.api.fields import LongId, Reason, State, Strict, View
from croupier.api.operator.caller import TheCaller, ThePlatform
from croupier.api.operator.effects import TheEffect
from croupier.api.operator.errors import errors
from croupier.api.operator.proposals import ResolutionView, approved, propose, view_of
from croupier.api.operator.rounds import round_of
from croupier.domain.refusal import Refused
from croupier.rounds.events import SuspendedByStaff, VoidApproved
from croupier.rounds.lifecycle import step
from croupier.rounds.resolution import Choice, choices
from croupier.rounds.round import Round
from croupier.store.resolutions import resolutions_of_round

router = APIRouter(tags=["Suspended rounds"])


class ResolutionBody(Strict):
    to: State = Field(description="closed, paying, in_play, rolling_back or cancelled")
    settled: dict[LongId, State] = Field(description="Transaction -> what really became of it", max_length=20)
    evidence: Reason = Field(description="What the operator's side shows: statement, line, reference")
    reason: Reason = Field(description="Why this is right")


class ApprovalBody(Strict):
    password: Annotated[SecretStr, Field(min_length=1, max_length=256, description="Your own, once more")]


class SendView(View):
    transaction_id: str
    kind: str
    amount: int


class ChoiceView(View):
    to: str
    settled: dict[str, str]
    sends: list[SendView] = Field(description="What goes to the wallet then")
    balance_change: int = Field(description="What the player's balance gains by that, minor units")


class ResolutionsView(View):
    round_id: str
    state: str
    cause: str | None
    choices: list[ChoiceView] = Field(description="Every way on that the rules allow; empty unless it is suspended")
    void: ChoiceView | None = Field(description="What a void would do; null when this round cannot be voided")
    may_suspend: bool = Field(description="It is open, so staff can stop it")
    items: list[ResolutionView]


@router.get(
    "/rounds/{round_id}/resolutions",
    summary="How a suspended round may go on, and what was proposed",
    responses=errors("not_found"),
)
async def get_resolutions(
    round_id: Annotated[LongId, Path()], caller: TheCaller, platform: ThePlatform
) -> ResolutionsView:
    _, page = await round_of(platform, caller.operator_id, round_id)
    r, now = page.round, platform.now()
    void = None if r.settlement else _would(r, VoidApproved(now, "proposer", "approver", "", round_id))
    found = await resolutions_of_round(platform.pool, caller.operator_id, round_id)
    return ResolutionsView(
        round_id=round_id,
        state=r.state,
        cause=r.cause,
        choices=[_choice(one) for one in choices(r, now)],
        void=_choice(Choice(void.state, (), void)) if void is not None else None,
        may_suspend=_would(r, SuspendedByStaff(now, "staff", "", round_id)) is not None,
        items=[view_of(one, now) for one in found],
    )


def _would(r: Round, event: VoidApproved | SuspendedByStaff) -> Round | None:
    """The round after it; None where it is not allowed."""
    try:
        return step(r, event)[0]
    except Refused:
        return None


def _choice(one: Choice) -> ChoiceView:
    sent = [SendView(transaction_id=t.transaction_id, kind=t.kind, amount=t.amount) for t in one.sends]
    return ChoiceView(to=one.to, settled=dict(one.settled), sends=sent, balance_change=one.balance_change)


@router.post(
    "/rounds/{round_id}/resolutions",
    summary="Propose how a suspended round goes on",
    status_code=201,
    response_model=ResolutionView,
    responses=errors(
        "not_found", "person_needed", "round_not_suspended", "invalid_resolution", body=True, changes=True
    ),
)
async def post_resolution(
    round_id: Annotated[LongId, Path()],
    body: ResolutionBody,
    caller: TheCaller,
    platform: ThePlatform,
    effect: TheEffect,
) -> Response:
    """Changes nothing until another person approves it. A proposal lapses after 24 hours."""
    return await propose(platform, caller, effect, round_id, body.to, body.reason, body.settled, body.evidence)


@router.post(
    "/resolutions/{resolution_id}/approve",
    summary="Approve what another person proposed",
    response_model=ResolutionView,
    responses=errors(
        *("not_found", "person_needed", "second_person_needed", "resolution_closed", "round_not_suspended"),
        *("invalid_resolution", "login_failed", "too_many_requests"),
        body=True,
        changes=True,
    ),
)
async def post_approval(
    resolution_id: Annotated[LongId, Path()],
    body: ApprovalBody,
    caller: TheCaller,
    platform: ThePlatform,
    effect: TheEffect,
) -> Response:
    """Writes the correcting record and its entry in the audit log together; the round goes on at once."""
    return await approved(platform, caller, effect, resolution_id, body.password, voids=False)
