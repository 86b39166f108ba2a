"""Signed calls and answers: HMAC-SHA256 over nonce (8 bytes), timestamp (4 bytes) and the raw body, in four headers."""

import hashlib
import hmac
from collections.abc import Callable, Iterable

import msgspec

from croupier.domain.exchange import Headers
from croupier.domain.parties import Operator

SUBJECT, NONCE, TIMESTAMP, SIGNATURE = "X-Subject", "X-Nonce", "X-Timestamp", "X-Signature"
TOLERANCE_S = 600


class Signed(msgspec.Struct, frozen=True):
    """The four headers, read: `digest` in lower-case hex."""

    subject: str
    nonce: int
    timestamp: int
    key_id: str
    digest: str


def digest(key: str, nonce: int, timestamp: int, body: bytes) -> str:
    """`nonce` below 2**64, `timestamp` in seconds below 2**32; lower-case hex."""
    message = nonce.to_bytes(8, "big") + timestamp.to_bytes(4, "big") + body
    return hmac.digest(key.encode(), message, hashlib.sha256).hex()


def key_id(key: str) -> str:
    """The public name of a key: made from it, so that each of two keys in use has its own."""
    return "k" + hashlib.sha256(b"mascot key id\0" + key.encode()).hexdigest()[:12]


def callback_keys(operator: Operator) -> tuple[str, ...]:
    """Keys of calls to the wallet, the newest first: this operator's separate ones, or those of its own calls."""
    return operator.callback_secrets or operator.wallet_secrets


def headers(key: str, subject: str, nonce: int, timestamp: int, body: bytes) -> Headers:
    """Of a call; of an answer with the subject, nonce and timestamp of its call."""
    return (
        (SUBJECT, subject),
        (NONCE, str(nonce)),
        (TIMESTAMP, str(timestamp)),
        (SIGNATURE, f"{key_id(key)}={digest(key, nonce, timestamp, body)}"),
    )


def read(header: Callable[[str], str | None]) -> Signed | None:
    """None when a header is missing or not what it should be. Repeats that a proxy joined: what the last one said."""
    subject, nonce, timestamp, signature = (_last(header(n)) for n in (SUBJECT, NONCE, TIMESTAMP, SIGNATURE))
    name, equals, given = signature.rpartition("=")
    numbers = _number(nonce, 64), _number(timestamp, 32)
    if not subject or not equals or numbers[0] is None or numbers[1] is None:
        return None
    return Signed(subject, numbers[0], numbers[1], name, given)


def proves(signed: Signed, keys: Iterable[str], body: bytes) -> bool:
    """Whether one of these keys, named by the signature, made it."""
    given = signed.digest.encode("utf-8", "surrogatepass")
    named = [key for key in keys if key_id(key) == signed.key_id]
    made = [digest(key, signed.nonce, signed.timestamp, body).encode() for key in named]
    return any(hmac.compare_digest(given, one) for one in made)


def _last(value: str | None) -> str:
    return (value or "").rpartition(",")[2].strip()


def _number(text: str, bits: int) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        return None
    value = int(text)
    return value if value < 1 << bits else None
