"""The casino's wallet as an ASGI application: ``POST /balance | /bet | /win | /rollback``. It stands alone as well."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import msgspec
from starlette.types import Receive, Scope, Send

from croupier.dialects import OPERATOR_HALVES
from croupier.dialects.operator_half import BadRequest, issued_to, read_again
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.parties import Operator
from croupier.runtime.world import Clock
from croupier.sandbox.break_it import FAULTS, SLOW_S, Breaker
from croupier.sandbox.bug_switch import BugSwitch
from croupier.sandbox.bugs import NONE, QUEUE_S, Bug
from croupier.sandbox.ledger import Ledger
from croupier.sandbox.misanswering import SPOILS_REFUSALS
from croupier.sandbox.misracing import GAP_S
from croupier.sandbox.misspelling import NOT_HTTP
from croupier.sandbox.pages import SqlitePages
from croupier.sandbox.purses import in_purse
from croupier.sandbox.wire import Seen, Wire
from croupier.wallet.calls import WalletCall, Win
from croupier.wallet.outcome import Declined, Outcome
from croupier.wallet.signature import secret_of

BODY_MAX = 65_536
MINDS_S = 0.15
"""How long a wallet whose bug is about lost answers waits to see whether its client is still there."""
HANG_UP = "croupier.hang_up"
"""ASGI extension of `run.HangUpProtocol`: ``{"abort": callable, "close": callable, "write": callable}`` cuts or closes
the connection, or writes bytes past the server.
"""

_OTHER_SECRET = secret_of(b"a secret that nobody agreed on")
_JSON = (("content-type", "application/json"),)
_HTML = (("content-type", "text/html; charset=utf-8"),)
_PAGE = b"<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>"


class Wallet:
    def __init__(
        self,
        ledger: Ledger,
        operator: Operator,
        breaker: Breaker,
        bugs: BugSwitch,
        wire: Wire,
        *,
        clock: Clock,
    ) -> None:
        """`operator`: what was agreed with the platform."""
        self._ledger = ledger
        self._operator = operator
        self._half = OPERATOR_HALVES[operator.dialect]
        self._breaker = breaker
        self._bugs = bugs
        self._clock = clock
        self._wire = wire
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        at, began = self._clock.now() + self._bugs.bug.skew_us, time.perf_counter_ns()
        body = await _read(receive)
        path: str = scope["path"]
        headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]])
        query = scope["query_string"].decode("latin-1")
        request = HttpRequest(scope["method"], path + (f"?{query}" if query else ""), headers, body or b"")
        try:
            if body is None:
                raise BadRequest(413, "too_large", f"At most {BODY_MAX} bytes.")
            if scope["method"] != "POST":
                raise BadRequest(405, "method_not_allowed", "POST only.")
            call = await self._read(request, at)
        except BadRequest as error:
            refused, spoil = self._half.refuse(request, error), self._bugs.bug.spoil
            await _send(send, spoil(refused) if spoil in SPOILS_REFUSALS else refused)
            return
        kind = str(type(call).__struct_config__.tag)
        fault = self._breaker.meets(kind, call.id)
        bug, first = self._bugs.meets(kind, call.id)
        if bug.hung_up is not None and kind in ("bet", "win") and await _gone(receive):
            bug = msgspec.structs.replace(bug, rules=bug.hung_up)
        if kind == "bet" and first and bug.bet_arrives != "at once":
            response = None
            if bug.bet_arrives == "late":
                await self._clock.sleep(QUEUE_S)
                await self._response(request, call, fault, bug, at + int(QUEUE_S * 1_000_000))
        else:
            response = await self._response(request, call, fault, bug, at)
        if response is not None:
            agreed = self._operator
            if bug.signs_wrongly:
                agreed = msgspec.structs.replace(agreed, answer_secrets=(_OTHER_SECRET,))
            response = self._half.signed(request, response, agreed, self._clock.now())
        self._wire.add(
            call.context.player_id,
            Seen(
                at=at,
                method="POST",
                path=path,
                request=_readable(body),
                status=None if response is None else response.status,
                answer=None if response is None else _readable(response.body),
                ms=(time.perf_counter_ns() - began) // 1_000_000,
                broken_by=fault if bug is NONE else self._bugs.name,
            ),
        )
        if response is None or bug.answers == "never":
            await _hang_up(scope, receive)
        elif bug.answers == "not in HTTP":
            scope["extensions"][HANG_UP]["write"](NOT_HTTP)
            await _hang_up(scope, receive, "close")
        elif bug.answers == "slowly":
            await self._drip(send, response)
        else:
            await _send(send, response)
            if bug.answers == "twice":
                scope["extensions"][HANG_UP]["write"](_raw(response))

    async def _read(self, request: HttpRequest, at: int) -> WalletCall:
        bug, half = self._bugs.bug, self._half
        call = bug.reads(request, self._operator, at, half)
        if call.context.currency:
            return call
        if isinstance(call, Win) and call.free_rounds_ended:
            return await self._ledger.do(lambda pages: _of_issue(pages, call))
        account = await self._ledger.do(lambda pages: pages.account(call.context.player_id))
        if account is None:
            return call

        def read(request: HttpRequest, operator: Operator, at: int) -> WalletCall:
            return bug.reads(request, operator, at, half)

        return read_again(read, request, self._operator, at, account.currency)

    async def _in_its_currency(self, call: WalletCall) -> WalletCall:
        """A call that names none, of a player whose account it has opened: only one bug does that."""
        if call.context.currency:
            return call
        account = await self._ledger.do(lambda pages: pages.account(call.context.player_id))
        known = msgspec.structs.replace(call.context, currency=account.currency if account is not None else "")
        return msgspec.structs.replace(call, context=known)

    async def _drip(self, send: Send, response: HttpResponse) -> None:
        await send(_start(response))
        for byte in response.body:
            await self._clock.sleep(SLOW_S / len(response.body))
            await send({"type": "http.response.body", "body": bytes((byte,)), "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _response(
        self, request: HttpRequest, call: WalletCall, mode: str | None, bug: Bug, at: int
    ) -> HttpResponse | None:
        """The answer, spoilt as fault and bug say; None = hang up without one."""
        fault = FAULTS[mode or "off"]
        good = None
        if fault.moves_money:
            async with self._turn if bug.in_turns else nullcontext():
                if bug.delay is not None:
                    await self._clock.sleep(bug.delay(call))
                outcome = await self._outcome(call, at, bug)
                call = await self._in_its_currency(call)
            good = bug.spoil(self._half.answer(request, call, outcome, self._operator))
        match fault.answers:
            case "late":
                await self._clock.sleep(SLOW_S)
            case "not at all":
                return None
            case "with status 500":
                return HttpResponse(
                    500, _JSON, b'{"error":{"code":"internal_error","message":"switched on: http_500"}}'
                )
            case "with a page":
                return HttpResponse(200, _HTML, _PAGE)
            case "with a text":
                assert good is not None
                return _with_balance_as_text(good)
            case "with a refusal":
                # Only shown, not remembered: the platform never sends a declined bet again.
                return self._half.answer(request, call, Declined("insufficient_funds"), self._operator)
            case "as it should":
                pass
        return good

    async def _outcome(self, call: WalletCall, at: int, bug: Bug) -> Outcome:
        race = bug.race
        if race is None:
            return await self._ledger.do(lambda pages: bug.rules(pages, in_purse(pages, call), at))
        looked = await self._ledger.do(lambda pages: race.look(pages, in_purse(pages, call)))
        await self._clock.sleep(GAP_S)
        return await self._ledger.do(lambda pages: race.act(pages, in_purse(pages, call), at, looked))


def _of_issue(pages: SqlitePages, call: Win) -> WalletCall:
    player_id = pages.issued_to(call.campaign_id or "")
    account = pages.account(player_id) if player_id is not None else None
    return call if account is None else issued_to(call, account.player_id, account.currency)


async def _gone(receive: Receive) -> bool:
    """The client closes the connection while we could still mind."""
    try:
        async with asyncio.timeout(MINDS_S):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


def _with_balance_as_text(good: HttpResponse) -> HttpResponse:
    members = msgspec.json.decode(good.body)
    if isinstance(members.get("balance"), int):
        whole, minor = divmod(members["balance"], 100)
        members["balance"] = f"{whole}.{minor:02d}"
    return msgspec.structs.replace(good, body=msgspec.json.encode(members))


def _readable(body: bytes) -> object:
    try:
        value: object = msgspec.json.decode(body)
    except ValueError:
        return body.decode("utf-8", "replace")[:2000]
    return value


async def _read(receive: Receive) -> bytes | None:
    """The request's body, or None when it is too large or its sender went away."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunk: bytes = message.get("body", b"")
        body += chunk
        if len(body) > BODY_MAX:
            return None
        if not message.get("more_body"):
            return body


async def _send(send: Send, response: HttpResponse) -> None:
    await send(_start(response))
    await send({"type": "http.response.body", "body": response.body})


def _start(response: HttpResponse) -> dict[str, Any]:
    return {"type": "http.response.start", "status": response.status, "headers": list(_headers(response))}


def _headers(response: HttpResponse) -> Iterator[tuple[bytes, bytes]]:
    for name, value in response.headers:
        yield name.encode("latin-1"), value.encode("latin-1")
    yield b"content-length", b"%d" % len(response.body)


def _raw(response: HttpResponse) -> bytes:
    lines = [b"%b: %b\r\n" % header for header in _headers(response)]
    return b"HTTP/1.1 %d OK\r\n%b\r\n%b" % (response.status, b"".join(lines), response.body)


async def _hang_up(scope: Scope, receive: Receive, how: str = "abort") -> None:
    """``close`` sends what was written before."""
    scope["extensions"][HANG_UP][how]()
    while (await receive())["type"] != "http.disconnect":
        pass
