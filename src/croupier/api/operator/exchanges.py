"""Exchanges: what was said on the wire between us and the operator, in both directions."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field

from croupier.api.fields import Id, LongId, Text, View
from croupier.api.operator.caller import TheCaller, ThePlatform
from croupier.api.operator.errors import errors
from croupier.api.operator.explained import (
    FindingView,
    GroupList,
    Side,
    SignatureView,
    finding_view,
    group_item,
    signature_view,
    text,
)
from croupier.api.operator.reading import Between, Span
from croupier.api.operator.roles import SIGNS, may
from croupier.api.platform import Platform
from croupier.api.wire import cursor_of, key_of
from croupier.diagnosis.catalogue import CATALOGUE
from croupier.diagnosis.finding import Finding
from croupier.domain.exchange import Exchange, Headers, HttpResponse
from croupier.domain.instants import rfc3339
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.runtime.explanations import SIGNATURE_DOUBTS
from croupier.runtime.signature_steps import steps_of
from croupier.store.exchange_reads import ExchangeFilter, Group, found, grouped, listed

router = APIRouter(tags=["Errors"])

Verdict = Literal["accepted", "declined", "unknown", "conflict", "ok", "error"]


class ExchangeParams(Span):
    verdict: Verdict | None = None
    side: Side | None = Field(None, description="Whose side the likeliest cause is on")
    finding: Text | None = Field(
        None, description="A finding's code, or `unexplained` for failures without one", examples=["CRP-JSON-003"]
    )
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
    finding: str | None = Field(description="Code of the likeliest cause of a failure; null: none, or unexplained")
    side: Side | None = Field(description="Whose side that cause is on")


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

    dns_us: int | None
    connect_us: int | None
    tls_us: int | None
    first_byte_us: int | None
    total_us: int


class ExchangeDetail(ExchangeItem):
    """`expected`: a right answer to this call, by example; null for calls to us."""

    findings: list[FindingView] = Field(description="Causes of a failure, the likeliest first; empty when it is well")
    expected: str | None
    signatures: list[SignatureView]
    request: Sent
    answer: Answered
    timing: TimingView
    attempt: int
    session_id: str | None
    certification_id: str | None = Field(description="The check that sent it; null for what players and you do")
    rule_id: str | None


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
        finding=params.finding,
        side=params.side,
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


@router.get("/exchanges/groups", summary="Failed exchanges by cause and endpoint", responses=errors())
async def get_exchange_groups(
    params: Annotated[Between, Query()], caller: TheCaller, platform: ThePlatform
) -> GroupList:
    """The latest first, at most 200: what fails, how often, since when. Filter the list by `finding` and `path`."""
    rows = await grouped(platform.pool, caller.operator_id, params.from_at, params.to_at)
    return GroupList(items=[group_item(row, _title(row)) for row in rows])


def _title(row: Group) -> str:
    entry = CATALOGUE.get(row.finding or "")
    return entry.title if entry is not None else "Unexplained"


@router.get("/exchanges/{exchange_id}", summary="One exchange with its bytes", responses=errors("not_found"))
async def get_one_exchange(
    exchange_id: Annotated[LongId, Path()], caller: TheCaller, platform: ThePlatform
) -> ExchangeDetail:
    """With what its bytes prove: causes, the signature step by step, a right answer by example.

    Secrets are masked before anything is kept.
    """
    one = await found(platform.pool, platform.exchanges, caller.operator_id, exchange_id)
    if one is None:
        raise Refused("not_found", f"There is no exchange {exchange_id}, or it is past its retention.")
    operator = caller.operator
    role = caller.person.user.role if caller.person is not None else None
    digests = role is None or (role in SIGNS if one.direction == "in" else may(role, "retry"))
    # In a thread: what was signed is found by trial.
    findings, expected, signatures = await asyncio.to_thread(_explained, platform, operator, one, digests=digests)
    return _detail(one, findings, expected, signatures)


def _explained(
    platform: Platform, operator: Operator, e: Exchange, *, digests: bool
) -> tuple[tuple[Finding, ...], str | None, list[SignatureView]]:
    shape = platform.explainer.expected(e)
    steps = [("request", steps_of(e.request, operator, answers=False, ours=e.direction == "out"))]
    if isinstance(e.answer, HttpResponse) and e.direction == "out":
        steps.append(("answer", steps_of(e.answer, operator, answers=True)))
    signatures = [
        signature_view(one, "request" if of == "request" else "answer", digests=digests)
        for of, one in steps
        if one is not None and (of == "request" or e.why in SIGNATURE_DOUBTS)
    ]
    return platform.explainer.explain(e), text(shape.example) if shape is not None else None, signatures


def _detail(
    e: Exchange, findings: tuple[Finding, ...], expected: str | None, signatures: list[SignatureView]
) -> ExchangeDetail:
    answer, timing = e.answer, e.answer.timing
    first = findings[0] if findings else None
    return ExchangeDetail(
        exchange_id=e.exchange_id,
        at=rfc3339(e.at),
        direction="out" if e.direction == "out" else "in",
        call=e.call,
        method=e.request.method,
        path=e.request.path,
        status=answer.status if isinstance(answer, HttpResponse) else None,
        why=e.why,
        verdict=e.verdict,  # type: ignore[arg-type]
        total_ms=timing.total_us // 1000,
        round_id=e.round_id,
        transaction_id=e.transaction_id,
        player_id=e.player_id,
        finding=first.code if first is not None else None,
        side=first.entry.side if first is not None else None,
        findings=[finding_view(one, e) for one in findings],
        expected=expected,
        signatures=signatures,
        request=Sent(url=e.request.url, headers=_headers(e.request.headers), body=text(e.request.body)),
        answer=Answered(
            status=answer.status if isinstance(answer, HttpResponse) else None,
            headers=_headers(answer.headers) if isinstance(answer, HttpResponse) else [],
            body=text(answer.body) if isinstance(answer, HttpResponse) else "",
            no_answer=None if isinstance(answer, HttpResponse) else f"{answer.why} {answer.detail}".strip(),
        ),
        timing=TimingView(
            dns_us=timing.dns_us,
            connect_us=timing.connect_us,
            tls_us=timing.tls_us,
            first_byte_us=timing.first_byte_us,
            total_us=timing.total_us,
        ),
        attempt=e.attempt,
        session_id=e.session_id,
        certification_id=e.certification_id or None,
        rule_id=e.rule_id or None,
    )


def _headers(headers: Headers) -> list[tuple[str, str]]:
    return [(name, value.encode("utf-8", "backslashreplace").decode()) for name, value in headers]
