"""Rounds that are still open: one person of the provider's staff stops them, two different people void them."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from croupier.api.fields import LongId, Reason, Strict
from croupier.api.operator.caller import TheCaller, ThePlatform
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.operator.proposals import (
    ResolutionView,
    approved,
    carried_out,
    drafted,
    proposal_of,
    propose,
    the_person,
    view_of,
)
from croupier.api.operator.resolutions import ApprovalBody
from croupier.api.operator.rounds import round_of
from croupier.domain.refusal import Refused
from croupier.rounds.resolution import SUSPENDED, VOID
from croupier.store.connect import Connection
from croupier.store.resolutions import add_resolution, drop_resolution

router = APIRouter(tags=["Suspended rounds"])


class ReasonBody(Strict):
    reason: Reason


@router.post(
    "/rounds/{round_id}/voids",
    summary="Propose that a round is void",
    status_code=201,
    response_model=ResolutionView,
    responses=errors("not_found", "person_needed", "round_not_open", "invalid_resolution", body=True, changes=True),
)
async def post_void(
    round_id: Annotated[LongId, Path()],
    body: ReasonBody,
    caller: TheCaller,
    platform: ThePlatform,
    effect: TheEffect,
) -> Response:
    """For a round in play, or being paid. Changes nothing until another person approves it; lapses after 24 hours.

    A settlement, which pays what free rounds have won in one sum, has no stake to give back and cannot be voided.
    """
    return await propose(platform, caller, effect, round_id, VOID, body.reason)


@router.post(
    "/voids/{resolution_id}/approve",
    summary="Approve that a round is void",
    response_model=ResolutionView,
    responses=errors(
        *("not_found", "person_needed", "second_person_needed", "resolution_closed", "round_not_open"),
        *("login_failed", "too_many_requests"),
        body=True,
        changes=True,
    ),
)
async def post_void_approval(
    resolution_id: Annotated[LongId, Path()],
    body: ApprovalBody,
    caller: TheCaller,
    platform: ThePlatform,
    effect: TheEffect,
) -> Response:
    """Every stake goes back while no win was sent; after that the round is suspended: a win cannot be taken back."""
    return await approved(platform, caller, effect, resolution_id, body.password, voids=True)


@router.post(
    "/rounds/{round_id}/suspensions",
    summary="Stop a round that is open",
    status_code=201,
    response_model=ResolutionView,
    responses=errors("not_found", "person_needed", "round_not_open", body=True, changes=True),
)
async def post_suspension(
    round_id: Annotated[LongId, Path()],
    body: ReasonBody,
    caller: TheCaller,
    platform: ThePlatform,
    effect: TheEffect,
) -> Response:
    """By one person, at once: nothing more is sent for it until two people decide how it goes on."""
    person = the_person(caller)

    async def prepare() -> str:
        seat, page = await round_of(platform, caller.operator_id, round_id)
        made = drafted(platform, caller, page.round, SUSPENDED, body.reason)
        async with platform.pool.acquire() as db:
            await add_resolution(db, made, seat.seat_id)
        try:
            await carried_out(platform, caller, made, person)
        except Refused:
            await drop_resolution(platform.pool, made.resolution_id)
            raise
        return made.resolution_id

    async def write(_: Connection, name: str) -> Done:
        return Done(201, view_of(await proposal_of(platform, caller, name), platform.now()))

    return await effect.prepared(prepare, write)
