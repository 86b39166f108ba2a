"""Proposals about a round: made by one person, carried out when another one approves them."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from pydantic import Field, SecretStr
from starlette.responses import Response

from croupier.api.account.attempts import Attempts
from croupier.api.fields import View
from croupier.api.operator.caller import Caller
from croupier.api.operator.effects import Done, Effect
from croupier.api.operator.rounds import round_of
from croupier.api.platform import Platform
from croupier.api.wire import rfc3339_or_none
from croupier.domain.ids import text_of
from croupier.domain.instants import rfc3339
from croupier.domain.parties import Seat
from croupier.domain.refusal import Refused
from croupier.rounds.events import ResolvedByStaff, SuspendedByStaff, VoidApproved
from croupier.rounds.lifecycle import step
from croupier.rounds.resolution import SUSPENDED, VOID, contradict, must_have_a_stake
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
)

attempts = Attempts()


ACTS = {VOID: "void_round", SUSPENDED: "suspend_round"}
"""In the audit log; everything else is `resolve_round`."""


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


async def propose(  # noqa: PLR0917 - what a proposal says
    platform: Platform,
    caller: Caller,
    effect: Effect,
    round_id: str,
    target: str,
    reason: str,
    settled: Mapping[str, str] = MappingProxyType({}),
    evidence: str = "",
) -> Response:
    """Changes nothing yet. What the rules do not allow is refused now, not at the approval."""

    async def prepare() -> tuple[Seat, Resolution]:
        seat, page = await round_of(platform, caller.operator_id, round_id)
        if contradict(page.round, settled.items()):
            raise Refused("invalid_resolution", "A bet that was never taken cannot have been given back.")
        return seat, drafted(platform, caller, page.round, target, reason, settled, evidence)

    async def write(db: Connection, ready: tuple[Seat, Resolution]) -> Done:
        seat, proposal = ready
        await add_resolution(db, proposal, seat.seat_id)
        return Done(201, view_of(proposal, platform.now()))

    the_person(caller)
    return await effect.prepared(prepare, write)


def drafted(  # noqa: PLR0917 - what a proposal says
    platform: Platform,
    caller: Caller,
    r: Round,
    target: str,
    reason: str,
    settled: Mapping[str, str] = MappingProxyType({}),
    evidence: str = "",
) -> Resolution:
    """Not kept yet. Refused as its record would be."""
    person, now = the_person(caller), platform.now()
    if target == VOID:
        must_have_a_stake(r)
    draft = Resolution(
        resolution_id="res_" + text_of(platform.world.ids.random(16)),
        operator_id=caller.operator_id,
        round_id=r.round_id,
        target=target,
        settled=dict(settled),
        evidence=evidence,
        reason=reason,
        proposed_by=person.user_id,
        proposed_by_email=person.email,
        proposed_at=now,
        lapses_at=now + LAPSES_US,
    )
    step(r, decide(draft, "?", now))
    return draft


async def proposal_of(platform: Platform, caller: Caller, resolution_id: str) -> Resolution:
    """Refused ``not_found``, also when it is another operator's."""
    proposal = await resolution_of(platform.pool, caller.operator_id, resolution_id)
    if proposal is None:
        raise Refused("not_found", f"There is no proposal {resolution_id}.")
    return proposal


async def approved(
    platform: Platform, caller: Caller, effect: Effect, resolution_id: str, password: SecretStr, *, voids: bool
) -> Response:
    """By another person than the proposer, who gives the password once more. `voids`: which kind of proposal it is."""
    person = the_person(caller)

    async def prepare() -> Resolution:
        proposal = await proposal_of(platform, caller, resolution_id)
        if (proposal.target == VOID) is not voids:
            raise Refused("not_found", f"There is no such proposal {resolution_id}.")
        if proposal.state(platform.now()) != "open":
            raise Refused("resolution_closed", f"This proposal is {proposal.state(platform.now())}.")
        if same_person(proposal.proposed_by_email, person.email) or proposal.proposed_by == person.user_id:
            raise Refused("second_person_needed", "Another person must approve what you proposed.")
        await _really(platform, person, password.get_secret_value())
        await carried_out(platform, caller, proposal, person)
        return await proposal_of(platform, caller, resolution_id)

    async def write(_: Connection, decided: Resolution) -> Done:
        return Done(200, view_of(decided, platform.now()))

    return await effect.prepared(prepare, write)


async def carried_out(platform: Platform, caller: Caller, proposal: Resolution, person: User) -> None:
    """The correcting record; the database writes the audit entry and the end of the proposal with it."""
    seat, page = await round_of(platform, caller.operator_id, proposal.round_id)
    event = decide(proposal, person.user_id, platform.now())
    after, _ = step(page.round, event)
    entry = canonical(
        {
            "at": rfc3339(event.at),
            "actor": person.user_id,
            "role": person.role,
            "operator": caller.operator_id,
            "act": ACTS.get(proposal.target, "resolve_round"),
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


def decide(proposal: Resolution, approved_by: str, at: int) -> ResolvedByStaff | VoidApproved | SuspendedByStaff:
    """What the journal will say. A round that is open moves on by itself, so what is said of it names it."""
    p = proposal
    if p.target == VOID:
        return VoidApproved(at, p.proposed_by, approved_by, p.reason, p.round_id)
    if p.target == SUSPENDED:
        return SuspendedByStaff(at, p.proposed_by, p.reason, p.round_id)
    return ResolvedByStaff(at, p.target, tuple(sorted(p.settled.items())), p.proposed_by, approved_by, p.reason)


def _states(r: Round) -> dict[str, object]:
    return {"state": r.state, "transactions": {t.transaction_id: t.state for t in r.transactions}}


def the_person(caller: Caller) -> User:
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


def view_of(one: Resolution, now: int) -> ResolutionView:
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
