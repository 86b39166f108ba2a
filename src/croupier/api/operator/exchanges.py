"""Exchanges: what was said on the wire between us and the operator, in both directions."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field

from croupier.api.fields import Id, LongId, Text, View
from croupier.api.operator.caller import TheCaller, ThePlatform
from croupier.api.operator.errors import errors
from croupier.api.operator.reading import Span
from croupier.api.wire import cursor_of, key_of
from croupier.domain.exchange import Exchange, Headers, HttpResponse
from croupier.domain.instants import rfc3339
from croupier.domain.refusal import Refused
from croupier.store.exchange_reads import ExchangeFilter, found, listed

router = APIRouter(tags=["Errors"])

Verdict = Literal["accepted", "declined", "unknown", "conflict", "ok", "error"]


class ExchangeParams(Span):
    verdict: Verdict | None = None
    path: Text | None = Field(None, description="Part of the address", examples=["/bet"])
    round_id: LongId | None = None
    transaction_id: LongId | None = None
    player_id: Id | None = None


class ExchangeItem(View):
    """`status` is null when no answer came: a time-out is not a status code."""

    exchange_id: str
    at: str
    direction: Literal["in", "out"] = Field(description="out: we called your wallet; in: you called us")
    call: str
    method: str
    path: str
    status: int | None
    why: str
    verdict: Verdict
    total_ms: int
    round_id: str | None
    transaction_id: str | None
    player_id: str | None


class ExchangeList(View):
    items: list[ExchangeItem]
    next_cursor: str | None


class Sent(View):
    url: str
    headers: list[tuple[str, str]]
    body: str


class Answered(View):
    """`no_answer`: why there is none, such as timeout, refused or dns."""

    status: int | None
    headers: list[tuple[str, str]]
    body: str
    no_answer: str | None


class TimingView(View):
    """Microseconds; null where a phase did not happen, as on a kept-alive connection."""

    connect_us: int | None
    tls_us: int | None
    first_byte_us: int | None
    total_us: int


class ExchangeDetail(ExchangeItem):
    request: Sent
    answer: Answered
    timing: TimingView
    attempt: int
    session_id: str | None


@router.get("/exchanges", summary="Exchanges, newest first", responses=errors("invalid_cursor"))
async def get_exchanges(
    params: Annotated[ExchangeParams, Query()], caller: TheCaller, platform: ThePlatform
) -> ExchangeList:
    """All that were not accepted or slow, and the first thousand of a day."""
    wanted = ExchangeFilter(
        verdict=params.verdict,
        path=params.path,
        round_id=params.round_id,
        transaction_id=params.transaction_id,
        player_id=params.player_id,
        from_at=params.from_at,
        to_at=params.to_at,
    )
    before = key_of(params.cursor)
    rows = await listed(platform.pool, caller.operator_id, wanted, params.limit + 1, before)
    shown = rows[: params.limit]
    more = cursor_of(shown[-1].at, shown[-1].exchange_id) if len(rows) > params.limit else None
    items = [
        ExchangeItem(**{name: getattr(row, name) for name in row.__struct_fields__} | {"at": rfc3339(row.at)})
        for row in shown
    ]
    return ExchangeList(items=items, next_cursor=more)


@router.get("/exchanges/{exchange_id}", summary="One exchange with its bytes", responses=errors("not_found"))
async def get_one_exchange(
    exchange_id: Annotated[LongId, Path()], caller: TheCaller, platform: ThePlatform
) -> ExchangeDetail:
    """Secrets are masked before anything is kept."""
    one = await found(platform.pool, platform.exchanges, caller.operator_id, exchange_id)
    if one is None:
        raise Refused("not_found", f"There is no exchange {exchange_id}, or it is past its retention.")
    return _detail(one)


def _detail(e: Exchange) -> ExchangeDetail:
    answer, timing = e.answer, e.answer.timing
    return ExchangeDetail(
        exchange_id=e.exchange_id,
        at=rfc3339(e.at),
        direction="out" if e.direction == "out" else "in",
        call=e.call,
        method=e.request.method,
        path="/" + e.request.url.partition("://")[2].partition("/")[2].partition("?")[0],
        status=answer.status if isinstance(answer, HttpResponse) else None,
        why=e.why,
        verdict=e.verdict,  # type: ignore[arg-type]
        total_ms=timing.total_us // 1000,
        round_id=e.round_id,
        transaction_id=e.transaction_id,
        player_id=e.player_id,
        request=Sent(url=e.request.url, headers=_headers(e.request.headers), body=_text(e.request.body)),
        answer=Answered(
            status=answer.status if isinstance(answer, HttpResponse) else None,
            headers=_headers(answer.headers) if isinstance(answer, HttpResponse) else [],
            body=_text(answer.body) if isinstance(answer, HttpResponse) else "",
            no_answer=None if isinstance(answer, HttpResponse) else f"{answer.why} {answer.detail}".strip(),
        ),
        timing=TimingView(
            connect_us=timing.connect_us,
            tls_us=timing.tls_us,
            first_byte_us=timing.first_byte_us,
            total_us=timing.total_us,
        ),
        attempt=e.attempt,
        session_id=e.session_id,
    )


def _headers(headers: Headers) -> list[tuple[str, str]]:
    return [(name, value.encode("utf-8", "backslashreplace").decode()) for name, value in headers]


def _text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")
