"""A connection of uvicorn's with bounds: its parser takes a head of any size, at any pace, at a growing price.

All that is no body is counted: request line, headers, sizes and extensions of chunks, trailers. Who sends more than
`HEAD_MAX` of it, or does not come to the end of a message, is told so where that can be understood, and let go.
"""

from asyncio import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from croupier.api.problems import problem_reply
from croupier.domain.refusal import Refused

HEAD_MAX = 64 * 1024
PATIENCE = 30.0
"""Seconds from the connection, or from the first byte of a message, to the end of the message."""
SLOWEST = 64 * 1024
"""Bytes of a body that buy another second: a big statement may come over a slow line."""
LINGER = 2.0
"""Seconds in which what still comes is thrown away: closed at once, the answer would be lost on its way."""


class BoundedConnection(HttpToolsProtocol):
    """uvicorn's connection, that no one message can hold for ever or make dear."""

    def __init__(self, config: Any, server_state: Any, app_state: dict[str, Any], _loop: Any = None) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.midway = False
        """uvicorn's parser is inside a message."""
        self._in_head = False
        self._framing = 0
        """Bytes without bodies since the message or the chunk began."""
        self._refused = False
        self._waits_since: float | None = None
        """The loop's time; None while nobody owes us the rest of a message."""
        self._impatience: TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._no_more_waiting()

    def data_received(self, data: bytes) -> None:
        """In pieces that fit: one read brings up to 256 KiB, and the parser would be through before we count."""
        while data and not self._refused and not self.transport.is_closing():
            room = HEAD_MAX - self._framing
            if room <= 0:
                self._refuse("head_too_large")
                return
            piece, data = data[:room], data[room:]
            self._framing += len(piece)
            super().data_received(piece)

    # The parser's callbacks.

    def on_message_begin(self) -> None:
        self.midway = self._in_head = True
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        self._framing = 0

    def on_body(self, body: bytes) -> None:
        self._framing -= len(body)
        if self._waits_since is not None and not self.cycle.response_complete:
            self._waits_since += len(body) / SLOWEST
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.midway = False
        self._framing = 0
        self._waits_since = None
        super().on_message_complete()

    # One timer for a whole connection: moved on when it fires, not at every message.

    def _wait(self) -> None:
        self._waits_since = self.loop.time()
        if self._impatience is None:
            self._impatience = self.loop.call_later(PATIENCE, self._look)

    def _look(self) -> None:
        self._impatience = None
        if self._waits_since is None or self._refused or self._used_since(self._waits_since):
            return
        left = self._waits_since + PATIENCE - self.loop.time()
        if left > 0:
            self._impatience = self.loop.call_later(left, self._look)
        elif self.midway:
            self._refuse("request_timeout")
        else:
            self.transport.close()

    def _used_since(self, moment: float) -> bool:  # noqa: ARG002 - for connections with another way in
        """Something else than the parser has heard of this connection."""
        return False

    def _no_more_waiting(self) -> None:
        if self._impatience is not None:
            self._impatience.cancel()
            self._impatience = None

    def send_400_response(self, _msg: str) -> None:
        """Of the parser: these bytes are no HTTP, or could be read in two ways."""
        self._refuse("invalid_http")

    def _refuse(self, code: str) -> None:
        """The connection ends; said first, unless another answer is on its way or was given already."""
        self._refused = True
        self._no_more_waiting()
        cycle = self.cycle
        if self._in_head or not self.midway:
            free = cycle is None or cycle.response_complete
        else:
            free = not self.pipeline and not cycle.response_started
        if cycle is not None:
            cycle.disconnected = True
            cycle.message_event.set()
        if not free:
            self.transport.close()
            return
        reply = problem_reply(Refused(code))
        headers = (*self.server_state.default_headers, *reply.headers, (b"connection", b"close"))
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        self.transport.write(
            b"%b%bcontent-length: %d\r\n\r\n%b" % (STATUS_LINE[reply.status], lines, len(reply.body), reply.body)
        )
        self.flow.resume_reading()
        self._unset_keepalive_if_required()
        self._impatience = self.loop.call_later(LINGER, self.transport.close)
