"""The player's calls under ``/play/v1``. A spin costs this file some microseconds; the rest is the round's own work."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.types import Receive, Scope, Send

from croupier.api.bodies import read_body
from croupier.api.metrics import Metrics
from croupier.api.platform import Platform
from croupier.api.player.history import player_history
from croupier.api.player.messages import read_action, read_bet, read_open
from croupier.api.player.replays import PREFIX
from croupier.api.player.sessions import PlaySession, PlaySessions
from croupier.api.player.views import replay_session_view, replayed, session_view
from croupier.api.problems import Problem, send_problem
from croupier.domain.refusal import Refused
from croupier.runtime.views import replay_view, round_view
from croupier.store.connect import AWAY
from croupier.store.records import Unavailable

BASE = "/play/v1"
log = logging.getLogger("croupier.player")
_encode = msgspec.json.Encoder().encode

JSON_HEADERS = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)
METHODS: dict[tuple[str, ...], str] = {
    ("sessions",): "POST",
    ("session",): "GET",
    ("rounds",): "GET, POST",
    ("rounds", "*"): "GET",
    ("rounds", "*", "actions"): "POST",
    ("rounds", "*", "replay"): "GET",
}

Answer = tuple[int, Any]


class PlayerApi:
    """ASGI. Every refusal is a problem document that also says what became of the stake."""

    def __init__(self, platform: Platform, metrics: Metrics) -> None:
        self.platform = platform
        self.metrics = metrics
        self.sessions = PlaySessions(platform)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, value = await self._answer(scope, receive)
            body = _encode(value)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the player is told what became of the stake
            refused = _refusal_of(error, scope)
            self.metrics.replied(call_of(scope), refused.code)
            await send_problem(refused, send, player=True)
            return
        self.metrics.replied(call_of(scope), "ok")
        headers = (*JSON_HEADERS, (b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        parts = scope["path"][len(BASE) + 1 :].split("/")
        method = scope["method"]
        if method == "POST":
            body = await read_body(scope, receive)
            if parts == ["rounds"]:
                session = await self._session(scope)
                view = await session.runner.bet(session.row.seat_id, session.row.session.session_id, read_bet(body))
                return 200, view
            if len(parts) == 3 and parts[0] == "rounds" and parts[2] == "actions":
                session = await self._session(scope)
                row, request = session.row, read_action(body)
                return 200, await session.runner.act(row.seat_id, row.session.session_id, parts[1], request)
            if parts == ["sessions"]:
                return 201, await self.sessions.exchange(read_open(body))
        elif method == "GET" and (reader := self._reader(parts)) is not None:
            return 200, await reader(scope)
        raise _no_route(parts)

    def _reader(self, parts: list[str]) -> Callable[[Scope], Awaitable[Any]] | None:
        match parts:
            case ["session"]:
                return self._view_session
            case ["rounds"]:
                return self._history
            case ["rounds", round_id]:
                return lambda scope: self._round(scope, round_id)
            case ["rounds", round_id, "replay"]:
                return lambda scope: self._replay(scope, round_id)
            case _:
                return None

    async def _session(self, scope: Scope) -> PlaySession:
        token = bearer(scope)
        if token.startswith(PREFIX):
            raise Refused("bet_not_allowed", "A replay only shows what was; nothing can be played in it.")
        return self.sessions.known(token) or await self.sessions.find(token)

    async def _view_session(self, scope: Scope) -> object:
        token = bearer(scope)
        if token.startswith(PREFIX):
            return await replay_session_view(self.platform, self.sessions.replay(token))
        return await session_view(self.platform, await self._session(scope))

    async def _history(self, scope: Scope) -> object:
        return await player_history(self.platform, await self._session(scope), scope["query_string"])

    async def _round(self, scope: Scope, round_id: str) -> object:
        token = bearer(scope)
        if token.startswith(PREFIX):
            of = self.sessions.replay(token)
            if of.round_id == round_id:
                return round_view((await replayed(self.platform, of))[1], None)
        else:
            session = await self._session(scope)
            view = await session.runner.round(session.row.seat_id, round_id)
            if view is not None:
                return view
        raise Refused("not_found", "This player has no such round in this game.")

    async def _replay(self, scope: Scope, round_id: str) -> object:
        token = bearer(scope)
        if token.startswith(PREFIX):
            of = self.sessions.replay(token)
            if of.round_id == round_id:
                return replay_view((await replayed(self.platform, of))[1])
        else:
            session = await self._session(scope)
            found = await session.runner.find(session.row.seat_id, round_id)
            if found is not None:
                return replay_view(found)
        raise Refused("not_found", "This player has no such round in this game.")


def bearer(scope: Scope) -> str:
    """The token of the Authorization header. Refused ``unauthenticated`` without one."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            text: str = value.decode("latin-1")
            scheme, _, token = text.partition(" ")
            if scheme.lower() == "bearer" and token:
                return token.strip()
    raise Refused("unauthenticated", "Send Authorization: Bearer with the play token.")


def call_of(scope: Scope) -> str:
    """``bet``, ``action`` or ``other``: a name for counting."""
    if scope["method"] != "POST":
        return "other"
    path: str = scope["path"]
    return "bet" if path.endswith("/rounds") else "action" if path.endswith("/actions") else "other"


def _refusal_of(error: Exception, scope: Scope) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, (Unavailable, *AWAY)):
        return Refused("busy")
    log.error("a player's call failed: %s %s", scope["method"], scope["path"], exc_info=error)
    return Refused("internal_error", money="being_checked")


def _no_route(parts: list[str]) -> Refused:
    shape = tuple("*" if i == 1 and parts[0] == "rounds" else part for i, part in enumerate(parts))
    allowed = METHODS.get(shape)
    if allowed is None:
        return Refused("not_found", "There is no such address under /play/v1.")
    return Problem("method_not_allowed", f"This address knows {allowed}.", allow=allowed)
