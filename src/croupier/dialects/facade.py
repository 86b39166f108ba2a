"""What a facade is: an operator's calls to us in a foreign API, translated to actions and their results to its replies.

Sans-IO: a facade gets bytes, yields actions (`actions.py`), is sent their results, and returns bytes.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import parse_qsl

import msgspec

from croupier.dialects.actions import Steps
from croupier.domain.exchange import Headers, HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused


class FacadeRequest(msgspec.Struct, frozen=True):
    """A call as it came. `path` is what follows ``/dialects/<name>``; headers in their order, repeats kept.

    `certificate`: the common name of the client certificate that TLS, ours or that of a trusted proxy, has verified.
    `base_url`: what stands before `path`, as operators see it.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    certificate: str | None = None
    base_url: str = ""

    def last_header(self, name: str) -> str | None:
        """The last value: some clients repeat what they sent with the call before."""
        name = name.lower()
        return next((value for key, value in reversed(self.headers) if key.lower() == name), None)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Form fields of the body, or of the query where there is no body, in their order."""
        text = self.body.decode("utf-8", "surrogateescape") if self.body else self.query
        return parse_qsl(text, keep_blank_values=True)


class NotAuthentic(Exception):
    """Whoever this is, it did not prove to be the operator. `why` is short and holds no secret."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class WrongSignature(NotAuthentic):
    """A signature is there, and does not fit: it proves nothing, so it may be looked at."""


class Once(msgspec.Struct, frozen=True):
    """A call that may be made only once: another one with the same `key` is refused until `until` (microseconds)."""

    key: bytes
    until: int


def in_words(refused: Refused, words: Mapping[str, str]) -> Refused:
    """With the names that the caller knows, so that the field is found."""
    refused.detail = _NAME.sub(lambda name: words.get(name[0], name[0]), refused.detail)
    return refused


_NAME = re.compile(r"[a-z]+(?:_[a-z]+)+")


class Facade(Protocol):
    secrets: tuple[str, ...]
    """Names of fields in bodies and addresses whose values are never kept."""

    words: Mapping[str, str]
    """Parameters of ours that a refusal may name, and what this API calls them."""

    def login(self, operator: Operator) -> str:
        """The name under which the operator calls us: unique among the operators of this dialect."""
        ...

    def caller(self, request: FacadeRequest) -> str | None:
        """The login that the request claims, proved by nothing yet."""
        ...

    def authenticate(self, request: FacadeRequest, operator: Operator, at: int) -> Once | None:
        """Raises NotAuthentic unless the request proves to be this operator's; `at`: now, microseconds."""
        ...

    def converse(self, request: FacadeRequest, operator: Operator, at: int) -> Steps[HttpResponse]:
        """The call's course, ending in its reply. What an action refuses is raised at its `yield`."""
        ...

    def refuse(self, request: FacadeRequest, refused: Refused) -> HttpResponse:
        """In this API's shape: ``unauthenticated``, ``body_too_large``, ``busy``, ``internal_error``, or whatever
        `converse` did not catch.
        """
        ...

    def signed(self, request: FacadeRequest, operator: Operator, reply: HttpResponse) -> HttpResponse:
        """The reply as it leaves; unchanged where replies are not signed."""
        ...

    def handover(self, operator: Operator, base_url: str) -> dict[str, Any]:
        """What the operator's technician needs, in this API's own words, secrets included. `base_url`: the platform's.

        ``first_request`` is one to copy.
        """
        ...
