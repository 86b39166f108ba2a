"""The casino's wallet as an ASGI application: ``POST /balance | /bet | /win | /rollback``. It stands alone as well."""

import asyncio
import time

import msgspec
from starlette.types import Receive, Scope, Send

from croupier.dialects.native.operator import BadRequest, answer, read_call, refuse, sign_answer, signed_of
from croupier.domain.exchange import HttpResponse
from croupier.sandbox.break_it import FAULTS, SLOW_S, Breaker
from croupier.sandbox.ledger import Ledger
from croupier.sandbox.wire import Seen, Wire
from croupier.wallet.calls import WalletCall
from croupier.wallet.outcome import Declined

BODY_MAX = 65_536
HANG_UP = "croupier.hang_up"
"""ASGI extension of `run.HangUpProtocol`: ``{"abort": callable}`` cuts the connection."""

_JSON = (("content-type", "application/json"),)
_HTML = (("content-type", "text/html; charset=utf-8"),)
_PAGE = b"<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>"


class Wallet:
    def __init__(
        self,
        ledger: Ledger,
        secrets: tuple[str, ...],
        breaker: Breaker,
        wire: Wire,
        *,
        answer_secrets: tuple[str, ...] = (),
    ) -> None:
        self._ledger = ledger
        self._secrets = secrets
        self._breaker = breaker
        self._wire = wire
        self._answer_secrets = answer_secrets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        at, began = time.time_ns() // 1000, time.perf_counter_ns()
        body = await _read(receive)
        if body is None:
            await _send(send, refuse(BadRequest(413, "too_large", f"At most {BODY_MAX} bytes.")))
            return
        path: str = scope["path"]
        headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]])
        signed = signed_of(headers)
        try:
            if scope["method"] != "POST":
                raise BadRequest(405, "method_not_allowed", "POST only.")
            call = read_call(path.rpartition("/")[2], signed, body, self._secrets, at)
        except BadRequest as error:
            await _send(send, refuse(error))
            return
        fault = self._breaker.meets(path.rpartition("/")[2], call.id)
        response = await self._response(call, fault, at)
        if response is not None and self._answer_secrets and signed.message_id:
            response = sign_answer(response, self._answer_secrets, signed.message_id, time.time_ns() // 1000)
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
                broken_by=fault,
            ),
        )
        if response is None:
            await _hang_up(scope, receive)
        else:
            await _send(send, response)

    async def _response(self, call: WalletCall, mode: str | None, at: int) -> HttpResponse | None:
        """The answer, spoilt as the mode says; None = hang up without one."""
        fault = FAULTS[mode or "off"]
        good = answer(call, await self._ledger.answer(call, at)) if fault.moves_money else None
        match fault.answers:
            case "late":
                await asyncio.sleep(SLOW_S)
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
                return answer(call, Declined("insufficient_funds"))
            case "as it should":
                pass
        return good


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
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    headers.append((b"content-length", b"%d" % len(response.body)))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


async def _hang_up(scope: Scope, receive: Receive) -> None:
    scope["extensions"][HANG_UP]["abort"]()
    while (await receive())["type"] != "http.disconnect":
        pass
