"""Standard Webhooks signatures: HMAC-SHA256 over ``id.timestamp.body``. Pure, the time is passed in."""

import base64
import binascii
import hmac
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from croupier.domain.exchange import Headers

TOLERANCE_S = 300
"""How far the signed timestamp may be from the receiver's clock, both ways."""

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def key_of(secret: str) -> bytes:
    """The key within ``whsec_<base64>``. ValueError when it is not base64 or shorter than 16 bytes."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("a wallet secret is whsec_ and base64") from error
    if len(key) < 16:
        raise ValueError("a wallet secret holds at least 16 bytes")
    return key


def secret_of(key: bytes) -> str:
    """``whsec_<base64>`` of random bytes; 24 or more."""
    return "whsec_" + base64.b64encode(key).decode("ascii")


@lru_cache(maxsize=4096)
def _keyed(secret: str) -> hmac.HMAC:
    """An HMAC that has taken in the key and nothing else: a copy of it costs half of a new one."""
    return hmac.new(key_of(secret), digestmod="sha256")


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature, ``v1,<base64>``; `timestamp` in whole seconds."""
    code = _keyed(secret).copy()
    code.update(b"%s.%d.%s" % (message_id.encode(), timestamp, body))
    return "v1," + binascii.b2a_base64(code.digest(), newline=False).decode("ascii")


def signed_headers(secrets: Iterable[str], message_id: str, at: int, body: bytes) -> Headers:
    """The three headers; `at` in microseconds. Every secret signs, so that either side may rotate first."""
    timestamp = at // 1_000_000
    signature = " ".join([sign(secret, message_id, timestamp, body) for secret in secrets])
    return ((ID, message_id), (TIMESTAMP, str(timestamp)), (SIGNATURE, signature))


class Signed(NamedTuple):
    """The three headers as they came; None where one is missing."""

    message_id: str | None
    timestamp: str | None
    signature: str | None


def problem(secrets: Iterable[str], signed: Signed, body: bytes, at: int) -> str | None:
    """Why these headers do not prove this body, or None when they do; `at` in microseconds.

    ``unsigned`` (a header is missing), ``bad_timestamp``, ``stale_timestamp``, ``bad_signature``.
    """
    message_id, timestamp, signature = signed
    if not message_id or not timestamp or not signature:
        return "unsigned"
    # int() also reads "+1", " 1" and "1_0": only plain digits are what was signed.
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return "bad_timestamp"
    if abs(at // 1_000_000 - int(timestamp)) > TOLERANCE_S:
        return "stale_timestamp"
    given = [part.encode() for part in signature.split(" ")[:16]]
    for secret in secrets:
        expected = sign(secret, message_id, int(timestamp), body).encode()
        if any(hmac.compare_digest(expected, one) for one in given):
            return None
    return "bad_signature"
