"""A short way for bets and actions: read straight off the connection, answered in one write.

uvicorn's own way costs far more a call, and these two calls are nearly all that a platform hears. Only bytes
that are certainly one whole, plain request take it; whatever is unusual goes uvicorn's way, whose parser decides.
"""

import re
from functools import lru_cache
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from croupier.api.bodies import BODY_MAX
from croupier.api.certificates import TLS
from croupier.api.player.app import BASE, SEQ, Play, PlayerApi, seq_in
from croupier.api.player.forwarding import FORWARDED
from croupier.main.bounded import BoundedConnection
from croupier.runtime.plain_http import Headers, plain_message

_REQUEST = re.compile(re.escape(f"POST {BASE}/rounds") + r"(?:/([A-Za-z0-9_-]{1,64})/actions)? HTTP/1\.1\Z")
_SEQ, _FORWARDED = SEQ.decode(), FORWARDED.decode()


def plain_play(data: bytes) -> Play | None:
    """The call, when these bytes are one whole plain request for it; else None."""
    message = plain_message(data) if data.startswith(b"POST ") else None
    if message is None or len(message[2]) > BODY_MAX:
        return None
    caller = _caller(message[0], message[1])
    return None if caller is None else Play(caller[0], caller[1], message[2], caller[2])


@lru_cache(2048)
def _caller(first: str, headers: Headers) -> tuple[str, str | None, int] | None:
    """Token, round and `SEQ`; None when it is no such request, or no plain one."""
    asked = _REQUEST.match(first)
    if asked is None:
        return None
    token = host = None
    seq = 0
    for name, value in headers:
        if name == "authorization":
            scheme, _, text = value.partition(" ")
            if token is not None or scheme.lower() != "bearer" or not text:
                return None
            token = text.strip()
        elif name == "host":
            if host is not None:
                return None
            host = value
        elif name == _SEQ:
            seq = seq_in(value)
        elif name == _FORWARDED:
            return None
    return None if token is None or host is None else (token, asked[1], seq)


@lru_cache(4096)
def _line(header: tuple[bytes, bytes]) -> bytes:
    """As it is sent: most come again and again."""
    return b"%b: %b\r\n" % header


def verified_name(certificate: Any) -> str | None:
    """The only common name of a certificate that TLS has verified, as `ssl` describes it."""
    parts = [part for group in (certificate or {}).get("subject", ()) for part in group]
    names = [value for kind, value in parts if kind == "commonName"]
    return names[0] if len(names) == 1 else None


class FastLane(BoundedConnection):
    """uvicorn's connection with the short way. One answer at a time: what comes meanwhile waits."""

    def __init__(self, config: Any, server_state: Any, app_state: dict[str, Any], _loop: Any = None) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._playing = False
        self._later = b""
        self._last = False
        """The server is stopping: this answer closes the connection."""
        self._answered_at = 0.0
        self._shown: dict[str, dict[str, object]] = {}

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if transport.get_extra_info("ssl_object") is not None:
            self._shown = {TLS: {"client_cn": verified_name(transport.get_extra_info("peercert"))}}

    @property
    def player_api(self) -> PlayerApi:
        return cast("PlayerApi", cast("Any", self.app).player_api)

    def data_received(self, data: bytes) -> None:
        if self._playing:
            self._later += data
            self.flow.pause_reading()
            return
        if not self.midway and (self.cycle is None or self.cycle.response_complete):
            call = plain_play(data)
            if call is not None:
                self._playing = True
                task = self.loop.create_task(self._play(call))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)
                return
        super().data_received(data)

    async def _play(self, call: Play) -> None:
        status, headers, body = await self.player_api.play(call)
        head = STATUS_LINE[status] + b"".join(map(_line, (*self.server_state.default_headers, *headers)))
        if self._last:
            head += b"connection: close\r\n"
        self._playing = False
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.transport.write(b"%bcontent-length: %d\r\n\r\n%b" % (head, len(body), body))
        if self._last:
            self.transport.close()
            return
        self._answered_at = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._wait_for_more(self.timeout_keep_alive)
        if self._later:
            data, self._later = self._later, b""
            self.flow.resume_reading()
            self.data_received(data)

    def shutdown(self) -> None:
        if self._playing:
            self._last = True
        else:
            super().shutdown()

    # One timer for a whole connection: moved on when it fires, not at every answer.

    def timeout_keep_alive_handler(self) -> None:
        left = self._answered_at + self.timeout_keep_alive - self.loop.time()
        if self._playing or left > 0:
            self._wait_for_more(max(left, 1.0))
        else:
            super().timeout_keep_alive_handler()

    def _wait_for_more(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _used_since(self, moment: float) -> bool:
        return self._playing or (not self.midway and self._answered_at >= moment)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._shown:
            self.scope["extensions"] = cast("dict[str, dict[object, object]]", self._shown)
