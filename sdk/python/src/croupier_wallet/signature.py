"""Standard Webhooks signatures: HMAC-SHA256 over ``id.timestamp.body``, the body as raw bytes."""

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping

TOLERANCE_S = 300
"""How far the signed timestamp may be from our clock, both ways."""
SIGNATURES_MAX = 16

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class NotSigned(Exception):
    """`args[0]`: ``unsigned`` (a header is missing), ``bad_timestamp``, ``stale_timestamp`` or ``bad_signature``."""


def key_of(secret: str) -> bytes:
    """The key within ``whsec_<base64>``. ValueError when it is not base64 of at least 16 bytes."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < 16:
        raise ValueError("a wallet secret is whsec_ and base64 of at least 16 bytes, as the platform printed it")
    return key


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature, ``v1,<base64>``; `timestamp` in whole seconds."""
    signed = b"%s.%d.%s" % (message_id.encode("utf-8", "replace"), timestamp, body)
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, "sha256")).decode("ascii")


def verify(secrets: Iterable[str], headers: Mapping[str, str], body: bytes, now: int) -> str:
    """The ``webhook-id`` of a message that one of the secrets signed; NotSigned otherwise.

    `headers` have lower-case names, `now` is in whole seconds.
    """
    message_id, timestamp, signatures = (headers.get(name, "") for name in (ID, TIMESTAMP, SIGNATURE))
    if not (message_id and timestamp and signatures):
        raise NotSigned("unsigned")
    # int() also reads "+1", " 1" and "1_0": only plain digits are what was signed.
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise NotSigned("bad_timestamp")
    if abs(now - int(timestamp)) > TOLERANCE_S:
        raise NotSigned("stale_timestamp")
    given = [one.encode("utf-8", "replace") for one in signatures.split(" ")[:SIGNATURES_MAX]]
    for secret in secrets:
        expected = sign(secret, message_id, int(timestamp), body).encode("ascii")
        if any(hmac.compare_digest(expected, one) for one in given):
            return message_id
    raise NotSigned("bad_signature")
