"""HMAC-SHA256 of the raw body, lower-case hex, with the token that both sides have."""

import hashlib
import hmac
from collections.abc import Iterable

HEADER = "X-REQUEST-SIGN"


def sign(token: str, body: bytes) -> str:
    return hmac.digest(token.encode(), body, hashlib.sha256).hex()


def proves(given: str | None, tokens: Iterable[str], body: bytes) -> bool:
    text = (given or "").encode("utf-8", "surrogatepass")
    return any(hmac.compare_digest(text, sign(token, body).encode()) for token in tokens)
