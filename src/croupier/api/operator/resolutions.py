"""Suspended rounds: what may be decided about them, by two different people, with a reason."""

import asyncio
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path
from pydantic import Field, SecretStr
from starlette.responses import Response

from croupier.api.account.attempts import Attempts
from croupier.api.fields import LongId, Reason, State, Strict, View
from croupier.api.operator.caller import Caller, TheCaller, ThePlatform
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.operator.rounds import round_of
from croupier.api.platform import Platform
from croupier.api.wire import rfc3339_or_none
from croupier.domain.ids import text_of
from croupier.domain.instants import rfc3339
from croupier.domain.parties import Seat
from croupier.domain.refusal import Refused
from croupier.rounds.events import ResolvedByStaff
from croupier.rounds.resolution import Choice, choices, contradict, resolved
from croupier.rounds.round import Round
from croupier.store.accounts import User, password_of, verify
from croupier.store.audit import canonical
from croupier.store.connect import Connection
from croupier.store.records import RequestRepeated
from croupier.store.resolutions import (
    LAPSES_US,
    Resolution,
    add_resolution,
    forget_approval,
    prepare_approval,
    resolution_of,
    resolutions_of_round,
)

router = APIRouter(tags=["Suspended rounds"])
attempts = Attempts()


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


class ResolutionView(View):
    resolution_id: str
    round_id: str
    to: str
    settled: dict[str, str]
    evidence: str
    reason: str
    state: str = Field(description="open, approved, withdrawn or lapsed")
    proposed_by: str
    proposed_at: str
    lapses_at: str
    approved_by: str | None
    decided_at: str | None


class ResolutionsView(View):
    round_id: str
    state: str
    cause: str | None
    choices: list[ChoiceView] = Field(description="Every way on that the rules allow; empty unless it is suspended")
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
    found = await resolutions_of_round(platform.pool, caller.operator_id, round_id)
    return ResolutionsView(
        round_id=round_id,
        state=r.state,
        cause=r.cause,
        choices=[_choice(one) for one in choices(r, now)],
        items=[_view(one, now) for one in found],
    )


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
    person = _person(caller)

    async def prepare() -> tuple[Seat, Round]:
        seat, page = await round_of(platform, caller.operator_id, round_id)
        if contradict(page.round, body.settled.items()):
            raise Refused("invalid_resolution", "A bet that was never taken cannot have been given back.")
        # As it would be recorded: what the rules do not allow is refused now, not at the approval.
        resolved(page.round, _event(platform, body.to, body.settled, (person.user_id, "?"), body.reason))
        return seat, page.round

    async def write(db: Connection, ready: tuple[Seat, Round]) -> Done:
        now = platform.now()
        resolution = Resolution(
            "res_" + text_of(platform.world.ids.random(16)),
            caller.operator_id,
            round_id,
            body.to,
            dict(body.settled),
            body.evidence,
            body.reason,
            person.user_id,
            person.email,
            now,
            now + LAPSES_US,
            None,
            None,
            None,
            None,
        )
        await add_resolution(db, resolution, ready[0].seat_id)
        return Done(201, _view(resolution, now))

    return await effect.prepared(prepare, write)


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
    person = _person(caller)

    async def prepare() -> Resolution:
        proposal = await resolution_of(platform.pool, caller.operator_id, resolution_id)
        if proposal is None:
            raise Refused("not_found", f"There is no proposal {resolution_id}.")
        if proposal.state(platform.now()) != "open":
            raise Refused("resolution_closed", f"This proposal is {proposal.state(platform.now())}.")
        if same_person(proposal.proposed_by_email, person.email) or proposal.proposed_by == person.user_id:
            raise Refused("second_person_needed", "Another person must approve what you proposed.")
        await _really(platform, person, body.password.get_secret_value())
        await _decide(platform, caller, proposal, person)
        decided = await resolution_of(platform.pool, caller.operator_id, resolution_id)
        assert decided is not None
        return decided

    async def write(_: Connection, decided: Resolution) -> Done:
        return Done(200, _view(decided, platform.now()))

    return await effect.prepared(prepare, write)


async def _decide(platform: Platform, caller: Caller, proposal: Resolution, person: User) -> None:
    seat, page = await round_of(platform, caller.operator_id, proposal.round_id)
    people = (proposal.proposed_by, person.user_id)
    event = _event(platform, proposal.target, proposal.settled, people, proposal.reason)
    after, _ = resolved(page.round, event)
    entry = canonical(
        {
            "at": rfc3339(event.at),
            "actor": person.user_id,
            "role": person.role,
            "operator": caller.operator_id,
            "act": "resolve_round",
            "object": proposal.round_id,
            "resolution": proposal.resolution_id,
            "proposed_by": proposal.proposed_by,
            "before": _states(page.round),
            "after": _states(after),
            "evidence": proposal.evidence,
            "reason": proposal.reason,
        }
    )
    if not await prepare_approval(platform.pool, proposal.resolution_id, person.user_id, entry):
        raise Refused("resolution_closed")
    try:
        await platform.runner.decided(seat.seat_id, event, f"resolution/{proposal.resolution_id}")
    except RequestRepeated:
        return  # approved by a call whose answer was lost
    except Refused:
        await forget_approval(platform.pool, proposal.resolution_id)
        raise


def _states(r: Round) -> dict[str, object]:
    return {"state": r.state, "transactions": {t.transaction_id: t.state for t in r.transactions}}


def _event(
    platform: Platform, to: str, settled: dict[str, str], people: tuple[str, str], reason: str
) -> ResolvedByStaff:
    return ResolvedByStaff(platform.now(), to, tuple(sorted(settled.items())), *people, reason)


def _person(caller: Caller) -> User:
    if caller.person is None:
        raise Refused("person_needed")
    return caller.person.user


async def _really(platform: Platform, person: User, password: str) -> None:
    """The password once more: a session that was left open decides nothing."""
    who = (f"approval:{person.user_id}",)
    attempts.check(who, platform.now())
    _, stored = await password_of(platform.pool, person.email)
    if not await asyncio.to_thread(verify, stored, password):
        attempts.failed(who, platform.now())
        raise Refused("login_failed", "The password is wrong; nothing was approved.")
    attempts.succeeded(who[0])


def same_person(one: str, other: str) -> bool:
    """Two accounts of one mailbox are one person, whatever stands behind a plus sign."""
    return _mailbox(one) == _mailbox(other)


def _mailbox(email: str) -> str:
    name, _, host = email.lower().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"


def _view(one: Resolution, now: int) -> ResolutionView:
    return ResolutionView(
        resolution_id=one.resolution_id,
        round_id=one.round_id,
        to=one.target,
        settled=msgspec.to_builtins(one.settled),
        evidence=one.evidence,
        reason=one.reason,
        state=one.state(now),
        proposed_by=one.proposed_by_email,
        proposed_at=rfc3339(one.proposed_at),
        lapses_at=rfc3339(one.lapses_at),
        approved_by=one.approved_by_email if one.decided_at is not None else None,
        decided_at=rfc3339_or_none(one.decided_at),
    )
