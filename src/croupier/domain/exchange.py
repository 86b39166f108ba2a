"""One HTTP request and its answer, as values."""

import msgspec

Headers = tuple[tuple[str, str], ...]


class HttpRequest(msgspec.Struct, frozen=True, gc=False):
    """`url` is absolute. `timeout_ms` bounds everything from connect to the last byte of the answer."""

    method: str
    url: str
    headers: Headers
    body: bytes
    timeout_ms: int = 5000

    @property
    def path(self) -> str:
        """Without the query."""
        return "/" + self.url.partition("://")[2].partition("/")[2].partition("?")[0]

    def last_header(self, name: str) -> str | None:
        return _last_header(self.headers, name)


class Timing(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Microseconds, None where a phase did not happen (a kept-alive connection has no connect)."""

    connect_us: int | None = None
    tls_us: int | None = None
    first_byte_us: int | None = None
    total_us: int = 0
    dns_us: int | None = None


class HttpResponse(msgspec.Struct, frozen=True, gc=False, tag="response"):
    status: int
    headers: Headers
    body: bytes
    timing: Timing = Timing()

    def header(self, name: str) -> str | None:
        """First value of a header, by name without regard to case."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), None)

    def last_header(self, name: str) -> str | None:
        return _last_header(self.headers, name)


class NoAnswer(msgspec.Struct, frozen=True, gc=False, tag="no_answer"):
    """No usable answer came.

    `why`: ``timeout``, ``refused``, ``reset``, ``dns``, ``tls``, ``too_large``, ``bad_http``, ``address_not_allowed``.
    `sent` is False only when certainly no byte left us.
    """

    why: str
    detail: str = ""
    sent: bool = True
    timing: Timing = Timing()


def _last_header(headers: Headers, name: str) -> str | None:
    """Last value of a header: where it is repeated, the one that belongs to this message."""
    name = name.lower()
    return next((value for key, value in reversed(headers) if key.lower() == name), None)


class Exchange(msgspec.Struct, frozen=True, gc=False):
    """One HTTP call between us and an operator. `direction`: ``out`` = we called the wallet, ``in`` = it called us.

    Secrets are masked before the value is built. `verdict`: ``accepted``, ``declined``, ``unknown``, ``conflict``
    for wallet calls, ``ok`` or ``error`` for calls to us. `at` in microseconds. `certification_id`, `rule_id`: the
    check that sent it; a refusal that its rule asks for counts as ``declined``.
    """

    exchange_id: str
    operator_id: str
    direction: str
    at: int
    request: HttpRequest
    answer: HttpResponse | NoAnswer
    verdict: str
    why: str = ""
    round_id: str | None = None
    transaction_id: str | None = None
    player_id: str | None = None
    session_id: str | None = None
    call: str = ""
    attempt: int = 1
    currency: str = ""
    certification_id: str = ""
    rule_id: str = ""
