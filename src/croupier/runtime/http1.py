"""HTTP/1.1 from the client's side: one connection that carries one exchange at a time."""

import asyncio
import re
from collections.abc import Callable
from functools import lru_cache
from time import perf_counter_ns
from typing import cast
from urllib.parse import urlsplit

import httptools
import msgspec

from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer, Timing
from croupier.runtime.plain_http import HEAD_MAX, HEADERS_MAX, Headers, plain_message

BODY_MAX = 65_536
FRAMING_MAX = 1_048_576
"""What chunking and trailers may add."""


class BadUrl(ValueError):
    """The address cannot be called. The text says why."""


class Target(msgspec.Struct, frozen=True):
    """Where a URL leads. `head`: the rest of the request line and the host header, the same for every request to it."""

    scheme: str
    host: str
    port: int
    head: str

    @classmethod
    def of(cls, url: str) -> "Target":
        """BadUrl unless it is plain ``http(s)://host[:port]/path[?query]``, without user, fragment, odd characters."""
        if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
            raise BadUrl("characters that do not belong in a URL")
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError as error:
            raise BadUrl(str(error)[:80]) from None
        if parts.scheme not in ("http", "https") or not host or port == 0:
            raise BadUrl("not http(s)://host")
        if "@" in parts.netloc or parts.fragment:
            raise BadUrl("user information or a fragment")
        default = 443 if parts.scheme == "https" else 80
        name = f"[{host}]" if ":" in host else host
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        authority = name if port in (None, default) else f"{name}:{port}"
        return cls(parts.scheme, host, port or default, f" {path} HTTP/1.1\r\nhost: {authority}")


def request_bytes(request: HttpRequest, target: Target) -> bytes:
    """Head and body in one piece. ValueError when a header would break out of its line."""
    length = f"content-length: {len(request.body)}\r\n\r\n"
    head = "\r\n".join((request.method + target.head, *map(": ".join, request.headers), length))
    breaks = len(request.headers) + 4
    if head.count("\n") != breaks or head.count("\r") != breaks or "\0" in head:
        raise ValueError("line break in a header")
    return head.encode("latin-1") + request.body


_STATUS = re.compile(r"HTTP/1\.1 ([2-5][0-9][0-9])(?: |\Z)")


def plain_answer(data: bytes) -> tuple[int, Headers, bytes] | None:
    """Status, headers and body of a whole plain answer with a body; None for any other."""
    message = plain_message(data)
    status = None if message is None else _status(message[0])
    return None if message is None or status is None else (status, message[1], message[2])


@lru_cache(64)
def _status(line: str) -> int | None:
    found = _STATUS.match(line)
    return int(found[1]) if found is not None and found[1] not in ("204", "304") else None


class Connection(asyncio.Protocol):
    """One connection. `released` is called when it may carry the next exchange, `closed` when it is gone."""

    __slots__ = (
        "_body",
        "_body_max",
        "_body_size",
        "_closed",
        "_first_byte_at",
        "_framed",
        "_headers",
        "_interim",
        "_keep_alive",
        "_message_complete",
        "_parser",
        "_released",
        "_size",
        "_started_at",
        "_status",
        "_surplus",
        "_timing",
        "_waiter",
        "deadline",
        "idle_limit",
        "idle_until",
        "transport",
    )

    def __init__(
        self, released: "Callable[[Connection], None]", closed: "Callable[[Connection], None]", body_max: int
    ) -> None:
        self._released = released
        self._closed = closed
        self._body_max = body_max
        self._waiter: asyncio.Future[HttpResponse | NoAnswer] | None = None
        self.transport: asyncio.Transport | None = None
        self.deadline = 0.0
        self.idle_limit: int | None = None
        """Seconds that the server keeps an idle connection, as it says."""
        self.idle_until = 0.0
        self._read_anew()

    def _read_anew(self) -> None:
        """What the parser has read is behind us. Plain answers are none of its business, and leave this as it is."""
        self._parser: httptools.HttpResponseParser | None = None
        self._size = self._body_size = self._status = 0
        self._headers: list[tuple[str, str]] = []
        self._body: list[bytes] = []
        self._framed = self._message_complete = self._surplus = self._interim = self._keep_alive = False

    def start(
        self,
        data: bytes,
        waiter: "asyncio.Future[HttpResponse | NoAnswer]",
        *,
        deadline: float,
        timing: Timing,
        since: int,
    ) -> None:
        """Send the bytes; the waiter gets the answer. `deadline`: loop time; `since`: `perf_counter_ns` of the call."""
        assert self._waiter is None
        assert self.transport is not None
        self._waiter, self.deadline, self._timing, self._started_at = waiter, deadline, timing, since
        self._first_byte_at = 0
        self.transport.write(data)

    def give_up(self, why: str, detail: str) -> None:
        """End the exchange without an answer; what still comes belongs to nobody, so the connection goes."""
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(NoAnswer(why, detail, sent=True, timing=self._elapsed()))
        self.abort()

    def abort(self) -> None:
        """Drop the connection; whoever waits is not told."""
        self._waiter = None
        if self.transport is not None:
            self.transport.abort()

    # ── asyncio.Protocol ─────────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._waiter is None:
            # Nobody asked: a late or doubled answer must never meet the next request.
            self.abort()
            return
        if self._parser is None:
            self._first_byte_at = perf_counter_ns()
            plain = plain_answer(data)
            if plain is not None and len(plain[2]) <= self._body_max:
                self._finish_with(*plain, keep=True)
                return
            self._parser = httptools.HttpResponseParser(self)
        self._size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.give_up("bad_http", "switches to another protocol")
            return
        except httptools.HttpParserError as error:
            self._stop(error)
            return
        if self._message_complete:
            self._finish()
        elif self._size > (self._body_max + FRAMING_MAX if self._framed else HEAD_MAX):
            self.give_up("too_large", f"{self._size} bytes and no end")

    def eof_received(self) -> bool:
        self._ended()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended(exc)
        self.transport = None
        self._closed(self)

    # ── httptools callbacks ──────────────────────────────────────────────────────────────────────────────────────

    def on_message_begin(self) -> None:
        if self._message_complete:
            self._surplus = True

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._surplus or self._framed:
            return  # of another message, or a trailer
        self._headers.append((name.decode("latin-1").lower(), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        if self._surplus:
            return
        assert self._parser is not None
        status = self._parser.get_status_code()
        self._interim = status < 200
        if self._interim:
            self._headers = []
            return
        if len(self._headers) > HEADERS_MAX:
            raise _TooLargeError(f"over {HEADERS_MAX} headers")
        # Head and body often come in one read: only a large read needs counting.
        if self._size > HEAD_MAX and sum(len(name) + len(value) + 4 for name, value in self._headers) > HEAD_MAX:
            raise _TooLargeError(f"header over {HEAD_MAX} bytes")
        self._status = status
        self._framed = True

    def on_body(self, body: bytes) -> None:
        if self._surplus:
            return
        self._body_size += len(body)
        if self._body_size > self._body_max:
            raise _TooLargeError(f"body over {self._body_max} bytes")
        self._body.append(body)

    def on_message_complete(self) -> None:
        if not self._interim and not self._surplus:
            assert self._parser is not None
            self._message_complete = True
            self._keep_alive = self._parser.should_keep_alive()

    # ── how an exchange ends ─────────────────────────────────────────────────────────────────────────────────────

    def _stop(self, error: httptools.HttpParserError) -> None:
        """The parser stopped: at a limit of ours, or at something that is not HTTP."""
        if isinstance(error.__context__, _TooLargeError):
            self.give_up("too_large", str(error.__context__))
        elif self._message_complete:
            # Garbage after a whole answer: the answer stands, the connection does not.
            self._surplus = True
            self._finish()
        else:
            self.give_up("bad_http", str(error)[:120])

    def _ended(self, exc: Exception | None = None) -> None:
        """The other side closed. That ends an answer whose length nothing else told; any other is cut off."""
        if self._waiter is None:
            return
        names = {name for name, _ in self._headers}
        if exc is None and self._framed and not names & {"content-length", "transfer-encoding"}:
            self._surplus = True
            self._finish()
        elif self._first_byte_at:
            self.give_up("reset", "closed in the middle of the answer")
        else:
            self.give_up("reset", "closed before any answer" if exc is None else str(exc)[:120])

    def _finish(self) -> None:
        self._finish_with(self._status, tuple(self._headers), b"".join(self._body), keep=self._keep_alive)
        self._read_anew()

    def _finish_with(self, status: int, headers: Headers, body: bytes, *, keep: bool) -> None:
        waiter, transport = self._waiter, self.transport
        self._waiter = None
        if waiter is not None and not waiter.done():
            waiter.set_result(HttpResponse(status, headers, body, self._elapsed()))
        if transport is None:
            return
        # Reuse only what is certainly between two messages: all asked, all answered, nothing more.
        unsent = transport.get_write_buffer_size()
        if self._surplus or unsent or transport.is_closing() or not keep:
            transport.abort() if self._surplus or unsent else transport.close()
            return
        self.idle_limit = _keep_alive_seconds(headers)
        self._released(self)

    def _elapsed(self) -> Timing:
        first = (self._first_byte_at - self._started_at) // 1000 if self._first_byte_at else None
        total = (perf_counter_ns() - self._started_at) // 1000
        return Timing(self._timing.connect_us, self._timing.tls_us, first, total, self._timing.dns_us)


class _TooLargeError(Exception):
    """Leaves the parser's callbacks when an answer grows over a limit."""


@lru_cache(1024)
def _keep_alive_seconds(headers: Headers) -> int | None:
    """How long the server says that it keeps the idle connection (``Keep-Alive: timeout=5``)."""
    for name, value in headers:
        for part in value.split(",") if name == "keep-alive" else ():
            key, _, seconds = part.strip().partition("=")
            if key.lower() == "timeout" and seconds.isascii() and seconds.isdigit():
                return int(seconds[:6])
    return None
