"""A request with another body, signed again: for those who change bytes on purpose, the kit and the sandbox."""

from collections.abc import Callable, Mapping

import msgspec

from croupier.dialects import forms
from croupier.dialects.hub88 import signature as hub88_signature
from croupier.dialects.mascot import signature as mascot_signature
from croupier.dialects.mascot.names import subject_of
from croupier.dialects.pragmatic import signature as pragmatic_signature
from croupier.dialects.signing_key import signing_key
from croupier.dialects.slotegrator import signature as slotegrator_signature
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


def _slotegrator(request: HttpRequest, operator: Operator, at: int, body: bytes) -> HttpRequest:
    nonce = request.last_header(slotegrator_signature.NONCE) or "1"
    made = slotegrator_signature.headers(
        signing_key(operator), operator.operator_id, nonce, at // 1_000_000, forms.read(body)
    )
    return _with(request, body, dict(made))


def _pragmatic(request: HttpRequest, operator: Operator, at: int, body: bytes) -> HttpRequest:  # noqa: ARG001 - as the table says
    pairs = [(name, value) for name, value in forms.read(body) if name != pragmatic_signature.FIELD]
    signed = forms.encoded(pragmatic_signature.with_hash(signing_key(operator), pairs))
    return _with(request, signed.encode("ascii"), {})


SIGNED_AGAIN: dict[str, Callable[[HttpRequest, Operator, int, bytes], HttpRequest]] = {
    "native": _native,
    "mascot": _mascot,
    "hub88": _hub88,
    "slotegrator": _slotegrator,
    "softswiss-v1": _softswiss,
    "softswiss-v2": _softswiss,
    "pragmatic": _pragmatic,
}
"""By dialect; `at` in microseconds. NotAForm where fields cannot be read from the body."""


def _with(request: HttpRequest, body: bytes, headers: Mapping[str, str]) -> HttpRequest:
    names = {name.lower() for name in headers}
    kept = tuple((name, value) for name, value in request.headers if name.lower() not in names)
    return msgspec.structs.replace(request, body=body, headers=kept + tuple(headers.items()))
