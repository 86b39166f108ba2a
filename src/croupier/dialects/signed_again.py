"""A request with another body, signed again: for those who change bytes on purpose, the kit and the sandbox."""

from collections.abc import Callable, Mapping

import msgspec

from croupier.dialects.hub88 import signature as hub88_signature
from croupier.dialects.mascot import signature as mascot_signature
from croupier.dialects.mascot.names import subject_of
from croupier.dialects.softswiss import signature as softswiss_signature
from croupier.domain.exchange import HttpRequest
from croupier.domain.parties import Operator
from croupier.wallet.signature import ID, signed_headers


def _native(request: HttpRequest, operator: Operator, at: int, body: bytes) -> HttpRequest:
    message_id = request.last_header(ID) or ""
    return _with(request, body, dict(signed_headers(operator.wallet_secrets, message_id, at, body)))


def _mascot(request: HttpRequest, operator: Operator, at: int, body: bytes) -> HttpRequest:
    asked = mascot_signature.read(request.last_header)
    nonce = asked.nonce if asked is not None else 1
    key = operator.wallet_secrets[0]
    made = mascot_signature.headers(key, subject_of(operator), nonce, at // 1_000_000, body)
    return _with(request, body, dict(made))


def _hub88(request: HttpRequest, operator: Operator, at: int, body: bytes) -> HttpRequest:  # noqa: ARG001 - as the table says
    name = operator.settings.get("signature_header", hub88_signature.HEADER)
    return _with(request, body, {name: hub88_signature.sign(operator.wallet_secrets[0], body)})


def _softswiss(request: HttpRequest, operator: Operator, at: int, body: bytes) -> HttpRequest:  # noqa: ARG001 - as the table says
    signed = softswiss_signature.sign(operator.wallet_secrets[0], body)
    return _with(request, body, {softswiss_signature.HEADER: signed})


SIGNED_AGAIN: dict[str, Callable[[HttpRequest, Operator, int, bytes], HttpRequest]] = {
    "native": _native,
    "mascot": _mascot,
    "hub88": _hub88,
    "softswiss-v1": _softswiss,
    "softswiss-v2": _softswiss,
}
"""By dialect; `at` in microseconds. Rules that need it are skipped in a dialect that is not here."""


def _with(request: HttpRequest, body: bytes, headers: Mapping[str, str]) -> HttpRequest:
    names = {name.lower() for name in headers}
    kept = tuple((name, value) for name, value in request.headers if name.lower() not in names)
    return msgspec.structs.replace(request, body=body, headers=kept + tuple(headers.items()))
