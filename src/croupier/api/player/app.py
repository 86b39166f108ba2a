"""The player's calls under ``/play/v1``. A spin costs this file some microseconds; the rest is the round's own work."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec
from starlette.types import Receive, Scope, Send

from croupier.api.bodies import read_body
from croupier.api.metrics import Metrics
from croupier.api.platform import Platform
from croupier.api.player.forwarding import FORWARDED, AtAnotherWorker
from croupier.api.player.history import player_history
from croupier.api.player.messages import read_action, read_bet, read_open
from croupier.api.player.replays import PREFIX
from croupier.api.player.sessions import PlaySession, PlaySessions
from croupier.api.player.views import replay_session_view, replayed, session_view
from croupier.api.problems import Problem, problem_reply
from croupier.api.replies import Reply
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
SEQ = b"croupier-seq"
"""The newest record of the seat that this answer knows. Sent back, it keeps another server from using older memory."""
LAG_MS = b"croupier-lag-ms"
SESSION, LAG = "croupier.session", "croupier.lag"
"""What reading leaves in the scope for the answer's headers."""
METHODS: dict[tuple[str, ...], str] = {
    ("sessions",): "POST",
    ("session",): "GET",
    ("rounds",): "GET, POST",
    ("rounds", "*"): "GET",
    ("rounds", "*", "actions"): "POST",
    ("rounds", "*", "replay"): "GET",
}


class Play(NamedTuple):
    """One of the two calls that a game is made of: a bet that opens a round, or an action in `round_id`."""

    token: str
    round_id: str | None
    body: bytes
    seq: int = 0
    """The newest record of the seat that the player has seen, see `SEQ`."""
    forwarded: bool = False
    """Another worker has handed this on."""


class Forwarded(NamedTuple):
    """A call about a demo that another worker plays; `again`: it was handed on to us."""

    name: str
    method: str
    path: str
    token: str
    body: bytes
    again: bool


class PlayerApi:
    """Every refusal is a problem document that also says what became of the stake."""

    def __init__(self, platform: Platform, metrics: Metrics) -> None:
        self.platform = platform
        self.metrics = metrics
        self.sessions = PlaySessions(platform)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        reply = await self._reply(scope, receive)
        await reply.send(send)

    async def play(self, call: Play) -> Reply:
        """Never raises."""
        name = "bet" if call.round_id is None else "action"
        session = None
        try:
            session = await self._session(call.token, call.seq)
            seat_id, session_id = session.row.seat_id, session.row.session.session_id
            if call.round_id is None:
                view = await session.runner.bet(seat_id, session_id, read_bet(call.body))
            else:
                view = await session.runner.act(seat_id, session_id, call.round_id, read_action(call.body))
            return self._done(name, 200, view, session)
        except AtAnotherWorker as there:
            path = f"{BASE}/rounds" if call.round_id is None else f"{BASE}/rounds/{call.round_id}/actions"
            return await self._forward(there, Forwarded(name, "POST", path, call.token, call.body, call.forwarded))
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the player is told what became of the stake
            return self._refused(name, error, session)

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        parts = scope["path"][len(BASE) + 1 :].split("/")
        try:
            if scope["method"] == "POST":
                body = await read_body(scope, receive)
                if parts == ["sessions"]:
                    opened, session = await self.sessions.exchange(read_open(body))
                    return self._done("other", 201, opened, session)
                if parts[0] == "rounds" and (len(parts) == 1 or (len(parts) == 3 and parts[2] == "actions")):
                    round_id = parts[1] if len(parts) == 3 else None
                    return await self.play(Play(bearer(scope), round_id, body, seen(scope), was_forwarded(scope)))
            elif scope["method"] == "GET" and (reader := self._reader(parts)) is not None:
                value = await reader(scope)
                reply = self._done("other", 200, value, scope.get(SESSION))
                lag = scope.get(LAG)
                return reply if lag is None else reply._replace(headers=(*reply.headers, (LAG_MS, b"%d" % lag)))
            raise _no_route(parts)
        except AtAnotherWorker as there:
            path = scope["path"] + ("?" + scope["query_string"].decode("latin-1") if scope["query_string"] else "")
            call = Forwarded("other", scope["method"], path, bearer(scope), b"", was_forwarded(scope))
            return await self._forward(there, call)
        except Exception as error:  # noqa: BLE001 - as above
            return self._refused("other", error, scope.get(SESSION))

    async def _forward(self, there: AtAnotherWorker, call: Forwarded) -> Reply:
        try:
            if call.again:
                raise Refused("session_expired", "This demo is forgotten. Start it again.")
            reply = await self.sessions.forwarding.send(there.address, call.method, call.path, call.token, call.body)
        except Exception as error:  # noqa: BLE001 - as above
            return self._refused(call.name, error, None)
        self.metrics.replied(call.name, "forwarded")
        return reply

    def _done(self, name: str, status: int, value: object, session: PlaySession | None) -> Reply:
        body = _encode(value)
        self.metrics.replied(name, "ok")
        return Reply(status, (*JSON_HEADERS, *_seq_of(session)), body)

    def _refused(self, name: str, error: Exception, session: PlaySession | None) -> Reply:
        refused = _refusal_of(error, name)
        self.metrics.replied(name, refused.code)
        reply = problem_reply(refused, player=True)
        return reply._replace(headers=(*reply.headers, *_seq_of(session)))

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

    async def _session(self, token: str, seq: int) -> PlaySession:
        """`seq`: what the player has seen of the seat; memory that is older is brought up to it first."""
        if token.startswith(PREFIX):
            raise Refused("bet_not_allowed", "A replay only shows what was; nothing can be played in it.")
        session = self.sessions.known(token) or await self.sessions.find(token)
        if seq:
            live = session.runner.seats.known(session.row.seat_id)
            if live is not None and live.seq < seq:
                await session.runner.catch_up(live)
        return session

    async def _reader_session(self, scope: Scope, token: str) -> PlaySession:
        session: PlaySession = await self._session(token, seen(scope))
        scope[SESSION] = session
        return session

    async def _view_session(self, scope: Scope) -> object:
        token = bearer(scope)
        if token.startswith(PREFIX):
            return await replay_session_view(self.platform, self.sessions.replay(token))
        return await session_view(self.platform, await self._reader_session(scope, token))

    async def _history(self, scope: Scope) -> object:
        session = await self._reader_session(scope, bearer(scope))
        listed, scope[LAG] = await player_history(self.platform, session, scope["query_string"])
        return listed

    async def _round(self, scope: Scope, round_id: str) -> object:
        token = bearer(scope)
        if token.startswith(PREFIX):
            of = self.sessions.replay(token)
            if of.round_id == round_id:
                return round_view((await replayed(self.platform, of))[1], None)
        else:
            session = await self._reader_session(scope, token)
            view = await session.runner.reading.round(session.row.seat_id, round_id)
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
            session = await self._reader_session(scope, token)
            found = await session.runner.reading.find(session.row.seat_id, round_id)
            if found is not None:
                return replay_view(found)
        raise Refused("not_found", "This player has no such round in this game.")


def bearer(scope: Scope) -> str:
    """The token of the Authorization header. Refused ``unauthenticated`` without one."""
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(given) > 1:
        raise Refused("unauthenticated", "Send the header Authorization once.")
    if given:
        text: str = given[0].decode("latin-1")
        scheme, _, token = text.partition(" ")
        if scheme.lower() == "bearer" and token:
            return token.strip()
    raise Refused("unauthenticated", "Send Authorization: Bearer with the play token.")


def seen(scope: Scope) -> int:
    """The player's `SEQ`; 0 without one, or when it is no such number."""
    return next((seq_in(value.decode("latin-1").strip()) for name, value in scope["headers"] if name == SEQ), 0)


def was_forwarded(scope: Scope) -> bool:
    return any(name == FORWARDED for name, _ in scope["headers"])


def seq_in(value: str) -> int:
    """What a client says to have seen; 0 for nonsense."""
    return int(value) if value.isdecimal() and len(value) < 16 else 0


def _seq_of(session: PlaySession | None) -> tuple[tuple[bytes, bytes], ...]:
    live = session.runner.seats.known(session.row.seat_id) if session is not None else None
    return ((SEQ, b"%d" % live.seq),) if live is not None else ()


def _refusal_of(error: Exception, name: str) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, (Unavailable, *AWAY)):
        return Refused("busy", "The platform cannot reach its database. Try again in a moment.")
    log.error("a player's call failed: %s", name, exc_info=error)
    return Refused("internal_error", money="being_checked")


def _no_route(parts: list[str]) -> Refused:
    shape = tuple("*" if i == 1 and parts[0] == "rounds" else part for i, part in enumerate(parts))
    allowed = METHODS.get(shape)
    if allowed is None:
        return Refused("not_found", "There is no such address under /play/v1.")
    return Problem("method_not_allowed", f"This address knows {allowed}.", allow=allowed)
