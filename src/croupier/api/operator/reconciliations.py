"""Reconciliations and daily statements: both sides of an operator's money, compared and told."""

from collections.abc import Iterator
from typing import IO, Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import Field
from starlette.responses import StreamingResponse

from croupier.api.fields import CurrencyCode, Day, LongId, Page, Params, View
from croupier.api.operator.audit import tell_export
from croupier.api.operator.caller import Caller, TheCaller, ThePlatform
from croupier.api.operator.effects import Done, TheEffect
from croupier.api.operator.errors import errors
from croupier.api.operator.reading import fresh
from croupier.api.platform import Platform
from croupier.api.problems import Problem
from croupier.api.wire import cursor_of, key_of
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES
from croupier.domain.refusal import Refused
from croupier.ledger.asked import CannotAsk, asked, day_named, known_currency
from croupier.ledger.differences import MEANINGS
from croupier.ledger.operator_statement import BadStatement
from croupier.ledger.reconciliation import Difference, OurSide, TheirSide, Total
from croupier.store.catch_up import Behind, wait_for_projector
from croupier.store.connect import Connection, Pool
from croupier.store.ledger import NotReached, Position, statement_of
from croupier.store.reconciliations import Reconciled, keep, kept, list_kept, reconcile
from croupier.store.repairs import repairs_of
from croupier.store.statements import entries_csv, rows_csv

router = APIRouter(tags=["Reconciliation"])

CATCH_UP_S = 10.0
CHUNK = 1 << 16
SHOWN_MAX = 500
"""Differences of an answer; the document has all."""


class ReconcileParams(Params):
    date: Day = Field(description="UTC day of the statement, like 2026-11-22")
    currency: CurrencyCode | None = Field(None, description="The statement holds this currency only")
    clocks_differ: int = Field(300, ge=0, le=3600, description="Seconds by which your clock may differ from ours")


class SideView(View):
    state: str
    amount: int
    currency: str
    exponent: int | None = Field(description="null for a currency that we do not know")
    player_id: str
    round_id: str
    round_state: str | None = Field(None, description="On our side only")
    line: int | None = Field(None, description="Of the statement")
    at: str | None = Field(None, description="By the statement")


class DifferenceView(View):
    code: str
    action: str = Field(
        description="roll_back and suspend are done at once; resolve and compare are for people; wait ends by itself"
    )
    title: str
    advice: str
    transaction_id: str
    kind: str
    round_id: str | None = Field(description="Ours; null when the transaction is not")
    ours: SideView | None
    theirs: SideView | None


class RepairView(View):
    transaction_id: str
    round_id: str
    act: str
    result: str | None = Field(description="null while it is on its way; rolled_back, suspended, conflict, …")
    detail: str


class TotalView(View):
    currency: str
    exponent: int | None = Field(description="null for a currency that we do not know")
    bets_theirs: int
    bets_ours: int
    wins_theirs: int
    wins_ours: int


class ReconciliationItem(View):
    reconciliation_id: str
    date: str
    currency: str | None
    complete: bool = Field(description="The day was over; else what is missing was looked for up to the last line")
    differences: int
    automatic: int
    created_at: str
    created_by: str


class ReconciliationView(ReconciliationItem):
    position: str = Field(description="Place in the journal; everything before it was compared")
    previous: str | None = Field(description="Reconciliation of the day before that this one continues")
    statement_sha256: str
    lines: int
    agree: int
    counts: dict[str, int]
    totals: list[TotalView]
    items: list[DifferenceView] = Field(description="At most 500; the document has all")
    repairs: list[RepairView] = Field(description="Also what late answers of wallets have told on that day")
    undecided: int = Field(description="Of the day's first minutes; only the day before can tell of them")
    document_url: str = Field(description="The result as it was stored, byte for byte")


class ReconciliationList(View):
    items: list[ReconciliationItem]
    next_cursor: str | None


@router.post(
    "/reconciliations",
    summary="Compare your statement of a day with our journal",
    status_code=201,
    response_model=ReconciliationView,
    responses=errors("invalid_statement", "busy", "body_too_large", "unsupported_media_type", changes=True),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {
                    "schema": {"type": "string"},
                    "example": "transaction_id,kind,amount,currency,player_id,round_id,state,at\n"
                    "b_Zk3…,bet,100,EUR,ana,rd_AZ…,accepted,2026-11-22T12:00:00Z\n",
                }
            },
        }
    },
)
async def post_reconciliation(
    request: Request,
    params: Annotated[ReconcileParams, Query()],
    caller: TheCaller,
    platform: ThePlatform,
    effect: TheEffect,
) -> Response:
    """`state` is `accepted`, `declined`, or for a bet `reversed`.

    A bet that you hold and we do not count is rolled back by itself; all else is for people. Nothing of the past is
    changed.
    """
    statement: IO[bytes] = request.state.statement

    async def prepare() -> tuple[str, bytes]:
        try:
            claim = asked(caller.operator_id, params.date, params.currency, params.clocks_differ, platform.now())
            await wait_for_projector(platform.pool, CATCH_UP_S)
            return await reconcile(platform.pool, claim, lambda: _chunks(statement), platform.now())
        except Behind as behind:
            raise Refused("busy", f"Lists are not up to date: {behind}.") from behind
        except CannotAsk as wrong:
            raise Refused("invalid_value", f"{wrong}.", param=wrong.name) from None
        except BadStatement as bad:
            mistakes = [{"line": one.line, "what": one.what} for one in bad.mistakes]
            raise Problem("invalid_statement", f"{bad.mistakes[0]}.", mistakes=mistakes) from bad

    async def write(db: Connection, ready: tuple[str, bytes]) -> Done:
        by = caller.person.user.email if caller.person is not None else "API key"
        orders = await keep(db, *ready, by, platform.now())
        stored = Reconciled(*ready, platform.now(), by)
        told: dict[str, object] = {"reconciliation": ready[0], "date": params.date, "orders": orders}
        return Done(201, await _view(db, caller, stored), told)

    return await effect.prepared(prepare, write)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


@router.get("/reconciliations", summary="Reconciliations, newest first", responses=errors("invalid_cursor"))
async def get_reconciliations(
    params: Annotated[Page, Query()], caller: TheCaller, platform: ThePlatform
) -> ReconciliationList:
    rows = await list_kept(platform.pool, caller.operator_id, params.limit + 1, key_of(params.cursor))
    shown = rows[: params.limit]
    more = cursor_of(shown[-1].created_at, shown[-1].reconciliation_id) if len(rows) > params.limit else None
    items = [
        ReconciliationItem(
            reconciliation_id=row.reconciliation_id,
            date=row.day.isoformat(),
            currency=row.currency,
            complete=row.complete,
            differences=row.differences,
            automatic=row.automatic,
            created_at=rfc3339(row.created_at),
            created_by=row.created_by,
        )
        for row in shown
    ]
    return ReconciliationList(items=items, next_cursor=more)


@router.get("/reconciliations/{reconciliation_id}", summary="One reconciliation", responses=errors("not_found"))
async def get_reconciliation(
    reconciliation_id: Annotated[LongId, Path()], caller: TheCaller, platform: ThePlatform
) -> ReconciliationView:
    """The result does not change; `repairs` tells how far the rollbacks are."""
    return await _view(platform.pool, caller, await _stored(platform, caller, reconciliation_id))


@router.get(
    "/reconciliations/{reconciliation_id}/document",
    summary="A reconciliation's result, byte for byte",
    responses=errors("not_found"),
)
async def get_reconciliation_document(
    reconciliation_id: Annotated[LongId, Path()], caller: TheCaller, platform: ThePlatform
) -> Response:
    """The id is made of these bytes' SHA-256. The same statement at the same position gives the same bytes."""
    stored = await _stored(platform, caller, reconciliation_id)
    await tell_export(platform, caller, reconciliation_id)
    return Response(stored.document, media_type="application/json")


async def _stored(platform: Platform, caller: Caller, reconciliation_id: str) -> Reconciled:
    stored = await kept(platform.pool, caller.operator_id, reconciliation_id)
    if stored is None:
        raise Refused("not_found", f"There is no reconciliation {reconciliation_id}.")
    return stored


async def _view(db: Connection | Pool, caller: Caller, stored: Reconciled) -> ReconciliationView:
    document, name = stored.content, stored.reconciliation_id
    report = document.report
    repairs = await repairs_of(db, caller.operator_id, reconciliation_id=name)
    return ReconciliationView(
        reconciliation_id=name,
        date=document.date,
        currency=document.currency,
        complete=document.complete,
        differences=sum(report.counts.values()),
        automatic=report.counts.get("roll_back", 0) + report.counts.get("suspend", 0),
        created_at=rfc3339(stored.created_at),
        created_by=stored.created_by,
        position=document.position,
        previous=document.previous,
        statement_sha256=document.statement_sha256,
        lines=report.lines,
        agree=report.agree,
        counts=report.counts,
        totals=[TotalView(**_shown(total)) for total in report.totals],
        items=[_difference(d) for d in report.differences[:SHOWN_MAX]],
        repairs=[
            RepairView(
                transaction_id=r.transaction_id, round_id=r.round_id, act=r.act, result=r.result, detail=r.detail
            )
            for r in repairs
        ],
        undecided=report.undecided,
        document_url=f"/api/v1/reconciliations/{name}/document",
    )


def _difference(d: Difference) -> DifferenceView:
    theirs: dict[str, Any] | None = None
    if d.theirs is not None:
        theirs = _shown(d.theirs) | {"at": rfc3339(d.theirs.at)}
        theirs.pop("kind")
    meaning = MEANINGS[d.code]
    return DifferenceView(
        code=d.code,
        action=d.action,
        title=meaning.title,
        advice=meaning.advice,
        transaction_id=d.transaction_id,
        kind=d.kind,
        round_id=d.ours.round_id if d.ours is not None else None,
        ours=SideView(**_shown(d.ours)) if d.ours is not None else None,
        theirs=SideView(**theirs) if theirs is not None else None,
    )


def _shown(side: OurSide | TheirSide | Total) -> dict[str, Any]:
    currency = CURRENCIES.get(side.currency)
    fields: dict[str, Any] = msgspec.to_builtins(side)
    return fields | {"exponent": currency.exponent if currency is not None else None}


class StatementParams(Params):
    currency: CurrencyCode | None = None
    position: str | None = Field(None, max_length=32, description="Repeat a statement: the position that it named")
    entries: bool = Field(False, description="CSV only: every entry instead of the sums by game")


class StatementLine(View):
    currency: str
    game_id: str
    entries: int
    bets: int
    wins: int
    rollbacks: int
    house: int = Field(description="bets - rollbacks - wins = house + in_open_rounds")
    in_open_rounds: int


class StatementView(View):
    operator_id: str
    date: str
    position: str = Field(description="The same position gives the same statement for ever")
    rows: list[StatementLine]


@router.get(
    "/statements/{date}",
    summary="What a day moved, from the ledger",
    response_model=StatementView,
    responses={200: {"content": {"text/csv": {}}}, **errors("invalid_value")},
    dependencies=[Depends(fresh)],
)
async def get_statement(
    date: Annotated[Day, Path(description="UTC day, like 2026-11-22")],
    params: Annotated[StatementParams, Query()],
    caller: TheCaller,
    platform: ThePlatform,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> StatementView | Response:
    """With `Accept: text/csv` as a file, byte for byte the same for the same position."""
    try:
        day, currency = day_named(date), known_currency(params.currency)
        wanted = Position.parse(params.position) if params.position is not None else None
        position, rows = await statement_of(platform.pool, caller.operator_id, day, currency, wanted)
    except CannotAsk as wrong:
        raise Refused("invalid_value", f"{wrong}.", param=wrong.name) from None
    except (ValueError, NotReached) as error:
        raise Refused("invalid_value", f"{error}.", param="position") from None
    if "text/csv" in accept:
        await tell_export(platform, caller, f"statement {date}", **params.model_dump(), at=str(position))
        headers = {
            "Content-Disposition": f'attachment; filename="statement-{date}.csv"',
            "Croupier-Position": str(position),
        }
        if params.entries:
            stream = entries_csv(platform.pool, caller.operator_id, day, currency, position)
            return StreamingResponse(stream, media_type="text/csv", headers=headers)
        return Response(rows_csv(caller.operator_id, day, position, rows), media_type="text/csv", headers=headers)
    return StatementView(
        operator_id=caller.operator_id,
        date=date,
        position=str(position),
        rows=[StatementLine(**msgspec.to_builtins(row)) for row in rows],
    )
