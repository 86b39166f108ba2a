"""Request bodies: small, JSON, and read before anything else looks at them."""

import hashlib
from tempfile import SpooledTemporaryFile
from typing import IO

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from croupier.api.problems import problem_response
from croupier.dialects.strict_json import NotStrict, doubled
from croupier.domain.refusal import Refused

BODY_MAX = 64 * 1024
STATEMENTS = "/api/v1/reconciliations"
STATEMENT_MAX = 64 * 1024 * 1024
_any = msgspec.json.Decoder()


class JsonBodies:
    """ASGI middleware: refuses bodies that are too large or not JSON, and notes each body's SHA-256 in the scope.

    The check is stricter than the framework's own reader: no NaN, no bytes that are not UTF-8, bounded nesting, no
    member twice.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "POST" and scope["path"] == STATEMENTS:
            await self._with_statement(scope, receive, send)
            return
        try:
            body = await read_body(scope, receive)
            if body and scope["path"] != STATEMENTS:
                check_json(scope, body)
        except Refused as refused:
            await problem_response(refused)(scope, receive, send)
            return
        scope.setdefault("state", {})["body_sha256"] = hashlib.sha256(body).digest()
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, send)

    async def _with_statement(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The one body that may be big: it goes to a file, which the call finds in its state."""
        with SpooledTemporaryFile(BODY_MAX) as file:
            try:
                digest = await spool(scope, receive, file)
            except Refused as refused:
                await problem_response(refused)(scope, receive, send)
                return
            scope.setdefault("state", {}).update(body_sha256=digest, statement=file)
            await self.app(scope, _nothing_more(receive), send)


def _nothing_more(receive: Receive) -> Receive:
    """The body was read: an empty one first, then whatever else the connection has to say."""
    given = False

    async def empty() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return empty


async def spool(scope: Scope, receive: Receive, file: IO[bytes]) -> bytes:
    """Writes the body to the file; answers its SHA-256. Refused when it is too large or not CSV."""
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"text/csv":
        raise Refused("unsupported_media_type")
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > STATEMENT_MAX:
        raise Refused("body_too_large")
    digest, size = hashlib.sha256(), 0
    more = True
    while more:
        message = await receive()
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > STATEMENT_MAX:
            raise Refused("body_too_large")
        digest.update(chunk)
        file.write(chunk)
        more = message.get("more_body", False)
    return digest.digest()


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """The whole body. Refused ``body_too_large`` as soon as that is certain."""
    for name, value in scope["headers"]:
        if name == b"content-length" and (not value.isdigit() or int(value) > BODY_MAX):
            raise Refused("body_too_large")
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        if len(body) > BODY_MAX:
            break
        message = await receive()
        body += message.get("body", b"")
    if len(body) > BODY_MAX:
        raise Refused("body_too_large")
    return body


def check_json(scope: Scope, body: bytes) -> None:
    media_type = next((v for n, v in scope["headers"] if n == b"content-type"), b"").partition(b";")[0].strip().lower()
    if media_type != b"application/json" and not media_type.endswith(b"+json"):
        raise Refused("unsupported_media_type")
    try:
        _any.decode(body)
    except (ValueError, RecursionError) as error:
        raise not_json(error) from None
    refuse_doubles(body)


def not_json(error: Exception) -> Refused:
    """Without the reader's own notation of the place."""
    return Refused("invalid_json", f"The body is not valid JSON: {str(error).partition(' - at `')[0][:200]}.")


def refuse_doubles(body: bytes) -> None:
    """Readers differ in which of two equal members counts, so that a gateway before us could see another request."""
    try:
        double = doubled(body)
    except NotStrict:  # deeper than this reader goes, though the other one did
        raise Refused("invalid_json", "The body is nested too deeply.") from None
    if double is not None:
        raise Refused("invalid_json", f"The body has the member {double!r} twice in one object.")
