"""Rounds: what players bet and won, and everything that is known of one round."""

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Path, Query
from pydantic import Field

from croupier.api.actions.rounds import replay_url
from croupier.api.fields import CurrencyCode, Id, LongId, Text, View
from croupier.api.operator.caller import TheCaller, ThePlatform
from croupier.api.operator.errors import errors
from croupier.api.operator.games import games_named
from croupier.api.operator.money_told import Became, around, became
from croupier.api.operator.reading import AsOf, Fresh, OfPlayer
from croupier.api.operator.round_page import RoundPage, read_round, with_repair
from croupier.api.platform import Platform
from croupier.api.wire import cursor_of, key_of, rfc3339_or_none
from croupier.domain.exchange import HttpResponse
from croupier.domain.ids import locate_round
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Seat
from croupier.domain.refusal import Refused
from croupier.rounds.round import SETTLEMENT, Round, Step, Transaction
from croupier.runtime.past_round import past_repair
from croupier.runtime.repairs import request_id_of
from croupier.runtime.views import bet_of
from croupier.store.exchange_reads import of_round
from croupier.store.reads import RoundFilter, RoundRow, list_rounds
from croupier.store.repairs import repairs_of

router = APIRouter(tags=["Bets and winnings"])

State = Literal["betting", "in_play", "paying", "rolling_back", "suspended", "closed", "declined", "cancelled"]


class RoundParams(OfPlayer):
    game_id: Text | None = None
    game_set: Id | None = None
    session_id: Id | None = None
    state: State | None = None
    currency: CurrencyCode | None = None
    campaign_id: Id | None = None


class RoundItem(View):
    round_id: str
    player_id: str
    game_id: str
    session_id: str
    state: str = Field(description="closed, declined and cancelled are final")
    bet: int
    win: int
    currency: str
    exponent: int
    opened_at: str
    closed_at: str | None
    campaign_id: str | None = Field(description="A free round of this campaign: its bet took nothing")
    settlement: bool = Field(description="Nothing was played: it pays in one sum what this campaign's rounds have won")


class RoundList(View):
    items: list[RoundItem]
    next_cursor: str | None
    as_of: AsOf


class CallItem(View):
    """`method` and `path`: what was really sent, in the words of the operator's API."""

    exchange_id: str
    method: str
    path: str
    at: str
    status: int | None
    why: str
    verdict: str
    total_ms: int


class TransactionItem(View):
    """`became`: what has happened to the money by now. ``none``: nothing was to move; ``unclear``: people decide."""

    transaction_id: str
    kind: str
    state: str
    effect: str
    became: Became
    balance_before: int | None = Field(description="As your wallet had said it before; null: it has not")
    balance_after: int | None = Field(description="As your wallet said it then; of a returned bet: after the return")
    amount: int
    currency: str
    reference: str | None
    attempts: int
    first_sent_at: str
    last_sent_at: str
    operator_reference: str | None
    calls: list[CallItem]


class TimelineItem(View):
    at: str
    what: str
    detail: str


class LedgerItem(View):
    at: str
    source: str
    destination: str
    amount: int
    currency: str
    cause: str


class StepItem(View):
    action: str
    choice: Any
    cost: int
    draws: list[tuple[int, int]] = Field(description="Numbers drawn: [n, value], 0 <= value < n")
    reveals: list[Any]
    at: str


class RoundDetail(RoundItem):
    game_version: str
    mode: str
    step: int
    unit: int = Field(description="Minor units of one game unit, in which reveals count")
    cause: str | None
    transactions: list[TransactionItem]
    timeline: list[TimelineItem]
    ledger: list[LedgerItem]
    steps: list[StepItem]
    replay_url: str = Field(description="Shows the round in the game client, for an hour")


@router.get("/rounds", summary="Rounds, newest first", responses=errors("invalid_cursor"))
async def get_rounds(
    params: Annotated[RoundParams, Query()], caller: TheCaller, platform: ThePlatform, seen: Fresh
) -> RoundList:
    games = await games_named(platform, caller.operator_id, params.game_id, params.game_set)
    wanted = RoundFilter(
        params.player_id,
        games,
        params.session_id,
        params.state,
        params.from_at,
        params.to_at,
        params.currency,
        params.campaign_id,
    )
    rows = await list_rounds(platform.pool, caller.operator_id, wanted, params.limit + 1, key_of(params.cursor))
    shown = rows[: params.limit]
    more = cursor_of(shown[-1].opened_at, shown[-1].round_id) if len(rows) > params.limit else None
    return RoundList(items=[_item(row) for row in shown], next_cursor=more, as_of=rfc3339(seen.as_of))


@router.get("/rounds/{round_id}", summary="One round with all that is known of it", responses=errors("not_found"))
async def get_one_round(round_id: Annotated[LongId, Path()], caller: TheCaller, platform: ThePlatform) -> RoundDetail:
    """Always from the journal, never from a list that may lie behind."""
    seat, page = await round_of(platform, caller.operator_id, round_id)
    return await _detail(platform, seat, page)


async def round_of(platform: Platform, operator_id: str, round_id: str) -> tuple[Seat, RoundPage]:
    """The round, if it is this operator's. Refused ``not_found``."""
    place = locate_round(round_id)
    seat = await platform.world.journal.seat_by_id(place[0]) if place is not None else None
    if place is not None and seat is not None and seat.key.operator_id == operator_id and seat.key.mode == "real":
        await platform.runner.seats.write_waiting(seat.seat_id)
        page = await read_round(platform.world.journal, seat, place[1])
        if page is not None and page.round.round_id == round_id:
            return seat, await _repaired(platform, seat, page) if page.round.finished else page
    raise Refused("not_found", f"There is no round {round_id}.")


async def _repaired(platform: Platform, seat: Seat, page: RoundPage) -> RoundPage:
    """With what reconciliations did about it; that stands later in the stream."""
    journal = platform.world.journal
    for order in await repairs_of(platform.pool, seat.key.operator_id, round_id=page.round.round_id):
        if order.act == "roll_back":
            seq = await journal.find_request(seat.seat_id, request_id_of(order.repair_id))
            repair = await past_repair(journal, seat, seq) if seq is not None else None
            page = with_repair(page, seat.key, repair, order.asked_at) if repair is not None else page
    return page


async def _detail(platform: Platform, seat: Seat, page: RoundPage) -> RoundDetail:
    r = page.round
    assert r.session is not None
    currency, key = r.session.currency, seat.key
    calls = await _calls(platform, key.operator_id, r)
    return RoundDetail(
        round_id=r.round_id,
        player_id=key.player_id,
        game_id=key.game_id,
        session_id=r.session.session_id,
        state=r.state,
        bet=bet_of(r),
        win=r.win,
        currency=currency,
        exponent=CURRENCIES[currency].exponent,
        opened_at=rfc3339(r.opened_at),
        closed_at=rfc3339_or_none(r.closed_at),
        campaign_id=r.free_round.campaign_id if r.free_round is not None else None,
        settlement=r.settlement,
        game_version=r.game_version,
        mode=r.mode,
        step=len(r.steps),
        unit=r.unit,
        cause=r.cause,
        transactions=[_transaction(page, t, currency, calls.get(t.transaction_id, [])) for t in r.transactions],
        timeline=[TimelineItem(at=rfc3339(h.at), what=h.what, detail=h.detail) for h in page.timeline],
        ledger=[
            LedgerItem(
                at=rfc3339(at),
                source=p.source,
                destination=p.destination,
                amount=p.amount,
                currency=currency,
                cause=p.cause,
            )
            for at, p in page.ledger
        ],
        steps=[_step(s) for s in r.steps],
        replay_url=replay_url(platform, key.operator_id, r),
    )


async def _calls(platform: Platform, operator_id: str, r: Round) -> dict[str, list[CallItem]]:
    """Transaction -> its attempts, as far as they are kept."""
    moments = sorted({at for t in r.transactions for at in (t.first_sent_at, t.last_sent_at) if at})
    calls: dict[str, list[CallItem]] = {}
    for e in await of_round(platform.pool, platform.exchanges, operator_id, r.round_id, moments):
        item = CallItem(
            exchange_id=e.exchange_id,
            method=e.request.method,
            path=e.request.path,
            at=rfc3339(e.at),
            status=e.answer.status if isinstance(e.answer, HttpResponse) else None,
            why=e.why,
            verdict=e.verdict,
            total_ms=e.answer.timing.total_us // 1000,
        )
        calls.setdefault(e.transaction_id or "", []).append(item)
    return calls


def _item(row: RoundRow) -> RoundItem:
    return RoundItem(
        round_id=row.round_id,
        player_id=row.player_id,
        game_id=row.game_id,
        session_id=row.session_id,
        state=row.state,
        bet=row.bet,
        win=row.win,
        currency=row.currency,
        exponent=CURRENCIES[row.currency].exponent,
        opened_at=rfc3339(row.opened_at),
        closed_at=rfc3339_or_none(row.closed_at),
        campaign_id=row.campaign_id,
        settlement=row.bet_mode == SETTLEMENT,
    )


def _transaction(page: RoundPage, t: Transaction, currency: str, calls: list[CallItem]) -> TransactionItem:
    before, after = around(page.round, t, page.balances)
    return TransactionItem(
        transaction_id=t.transaction_id,
        kind=t.kind,
        state=t.state,
        effect=t.effect,
        became=became(page.round, t),
        balance_before=before,
        balance_after=after,
        amount=t.amount,
        currency=currency,
        reference=t.reference,
        attempts=t.attempts,
        first_sent_at=rfc3339(t.first_sent_at),
        last_sent_at=rfc3339(t.last_sent_at),
        operator_reference=t.operator_reference,
        calls=calls,
    )


def _step(s: Step) -> StepItem:
    return StepItem(
        action=s.action,
        choice=None if s.choice is None else msgspec.json.decode(s.choice),
        cost=s.cost,
        draws=list(s.draws),
        reveals=msgspec.json.decode(s.reveals),
        at=rfc3339(s.at),
    )
