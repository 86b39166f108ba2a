"""Calls of operators' servers become exchanges too, so that one log tells both sides of the story."""

import re
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from croupier.api.bodies import BODY_MAX
from croupier.api.platform import Platform
from croupier.domain.exchange import Exchange, HttpRequest, HttpResponse, Timing
from croupier.domain.ids import exchange_id
from croupier.runtime.masks import masked_headers

_SECRETS = re.compile(rb'((?:token=|"operator_token"\s*:\s*"))[^"&\s]+')


class LoggedCalls:
    """ASGI middleware. Keeps every change and every refusal of a caller with a key; plain reads are not kept."""

    def __init__(self, app: ASGIApp, platform: Platform) -> None:
        self.app = app
        self.platform = platform

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        at = self.platform.now()
        state = scope.setdefault("state", {})
        state["exchange_id"] = exchange_id(at, self.platform.world.ids.random(7))
        asked, answered = bytearray(), bytearray()
        start: Message = {}

        async def hear() -> Message:
            message = await receive()
            asked.extend(message.get("body", b"")[: BODY_MAX - len(asked)])
            return message

        async def tell(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            else:
                answered.extend(message.get("body", b"")[: BODY_MAX - len(answered)])
            await send(message)

        await self.app(scope, hear, tell)
        owner = state.get("operator_id")
        status = start.get("status", 500)
        if owner is None or (status < 400 and scope["method"] in ("GET", "HEAD")):
            return
        took = Timing(total_us=self.platform.now() - at)
        answer = HttpResponse(status, _headers(start.get("headers", ())), masked(bytes(answered)), took)
        kept = Exchange(
            exchange_id=state["exchange_id"],
            operator_id=owner,
            direction="in",
            at=at,
            request=self._request(scope, bytes(asked)),
            answer=answer,
            verdict="ok" if status < 400 else "error",
            why=state.get("refused", ""),
            call=scope["path"].removeprefix("/api/v1").split("/")[1],
        )
        self.platform.exchanges.add(kept)

    def _request(self, scope: Scope, body: bytes) -> HttpRequest:
        query = scope["query_string"].decode("latin-1")
        url = self.platform.links.public + scope["path"] + (f"?{query}" if query else "")
        return HttpRequest(scope["method"], url, masked_headers(_headers(scope["headers"])), masked(body))


def masked(body: bytes) -> bytes:
    """Launch tokens open games and operator tokens open wallets: neither is kept."""
    return _SECRETS.sub(rb"\1***", body)


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
