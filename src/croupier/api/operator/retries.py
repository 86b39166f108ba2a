"""Sending again what the wallet has not confirmed, sooner than it would be: the same bytes' meaning, the same ids.

A win or rollback is sent until the wallet takes it. This only ends its pause: nothing new is made, a bet is never sent
again, and one that must wait until its bet can no longer arrive waits on.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from croupier.api.fields import LongId, Moment, Params, Strict, View
from croupier.api.operator.caller import Caller, TheCaller, ThePlatform
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.operator.reading import Fresh
from croupier.api.platform import Platform
from croupier.api.wire import instant
from croupier.domain.instants import rfc3339
from croupier.domain.refusal import Refused
from croupier.store.connect import Connection, Pool
from croupier.store.reads import named_transactions
from croupier.store.retries import Unconfirmed, ask_to_retry, unconfirmed, unconfirmed_totals

router = APIRouter(tags=["Errors"])

SHOWN = 200
AT_ONCE = 20_000
"""More are not waited for at once by one operator (admission)."""


class SinceParams(Params):
    since: Moment | None = Field(None, description="First sent at this time or later; all when left out")


class SinceBody(Strict):
    since: Moment | None = Field(None, description="First sent at this time or later; all when left out")


class UnconfirmedItem(View):
    transaction_id: str
    round_id: str
    player_id: str
    kind: str = Field(description="win, rollback or end_round")
    amount: int
    currency: str
    attempts: int
    first_sent_at: str


class RetryTotal(View):
    kind: str
    currency: str
    transactions: int
    amount: int


class RetryView(View):
    """`items`: the oldest, at most 200. `asked`: whether they are sent again now."""

    asked: bool
    transactions: int
    totals: list[RetryTotal]
    items: list[UnconfirmedItem]


class RetriedView(View):
    transaction_id: str
    kind: str
    state: str
    attempts: int


@router.get("/retries", summary="What would be sent again", responses=errors())
async def get_retries(
    params: Annotated[SinceParams, Query()], caller: TheCaller, platform: ThePlatform, _: Fresh
) -> RetryView:
    """Wins and rollbacks that your wallet has not confirmed: they are sent again and again by themselves."""
    return await _view(platform.pool, caller.operator_id, instant(params.since, "since") or 0, asked=False)


@router.post(
    "/retries",
    summary="Send again now what is not confirmed",
    status_code=202,
    response_model=RetryView,
    responses=errors(body=True, changes=True),
)
async def post_retries(body: SinceBody, caller: TheCaller, platform: ThePlatform, effect: TheEffect) -> Response:
    """The same calls with the same ids, at the pace that your wallet can take; `GET` shows them before."""
    since = instant(body.since, "since") or 0

    async def write(db: Connection) -> Done:
        asked = await unconfirmed(db, caller.operator_id, since, AT_ONCE)
        if asked:
            entry = _entry(platform, caller, "retry_unconfirmed") | {
                "since": rfc3339(since),
                "transactions": len(asked),
            }
            names = [one.transaction_id for one in asked]
            await ask_to_retry(db, caller.operator_id, names, entry, platform.now())
        return Done(202, await _view(db, caller.operator_id, since, asked=bool(asked)))

    return await effect.run(write)


@router.post(
    "/transactions/{transaction_id}/retry",
    summary="Send a win or rollback again now",
    status_code=202,
    response_model=RetriedView,
    responses=errors("not_found", "not_waiting", changes=True),
)
async def post_retry(
    transaction_id: Annotated[LongId, Path()], caller: TheCaller, platform: ThePlatform, effect: TheEffect, _: Fresh
) -> Response:
    """The same call with the same id, within a second or two. A bet is never sent again."""

    async def write(db: Connection) -> Done:
        found = await named_transactions(platform.pool, caller.operator_id, transaction_id, 2)
        t = next((one for one in found if one.transaction_id == transaction_id), None)
        if t is None:
            raise Refused("not_found", f"There is no transaction {transaction_id}.")
        if t.kind == "bet" or t.state not in ("pending", "sending"):
            raise Refused("not_waiting", f"This {t.kind} is {t.state}: there is nothing to send.")
        entry = _entry(platform, caller, "retry_transaction") | {"object": transaction_id, "round": t.round_id}
        await ask_to_retry(db, caller.operator_id, [transaction_id], entry, platform.now())
        return Done(202, RetriedView(transaction_id=transaction_id, kind=t.kind, state=t.state, attempts=t.attempts))

    return await effect.run(write)


def _entry(platform: Platform, caller: Caller, act: str) -> dict[str, object]:
    person = caller.person.user if caller.person is not None else None
    return {
        "at": rfc3339(platform.now()),
        "actor": person.user_id if person is not None else "api_key",
        "role": person.role if person is not None else "api_key",
        "operator": caller.operator_id,
        "act": act,
    }


async def _view(db: Pool | Connection, operator_id: str, since: int, *, asked: bool) -> RetryView:
    totals = await unconfirmed_totals(db, operator_id, since)
    return RetryView(
        asked=asked,
        transactions=sum(one.transactions for one in totals),
        totals=[
            RetryTotal(kind=one.kind, currency=one.currency, transactions=one.transactions, amount=one.amount)
            for one in totals
        ],
        items=[_item(one) for one in await unconfirmed(db, operator_id, since, SHOWN)],
    )


def _item(one: Unconfirmed) -> UnconfirmedItem:
    fields = {name: getattr(one, name) for name in one.__struct_fields__}
    return UnconfirmedItem(**fields | {"first_sent_at": rfc3339(one.first_sent_at)})
