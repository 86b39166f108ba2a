"""X-Sign: HMAC-SHA1 over parameters and headers, sorted by name, as PHP's http_build_query writes them."""

import hashlib
import hmac
from collections.abc import Callable, Iterable

from croupier.dialects.forms import NotAForm, Pair, as_written, encoded, read
from croupier.domain.exchange import Headers

MERCHANT, TIMESTAMP, NONCE, SIGN = "X-Merchant-Id", "X-Timestamp", "X-Nonce", "X-Sign"
TOLERANCE_S = 30
NONCE_MAX = 128
WRONG = f"{SIGN} is wrong"

Header = Callable[[str], str | None]


def string_to_sign(pairs: Iterable[Pair]) -> str:
    """Sorted by the name before the first bracket; what stands below one name keeps its order."""
    return encoded(sorted(dict(pairs).items(), key=_top))


def sign(key: str, text: str) -> str:
    return hmac.digest(key.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha1).hex()


def headers(key: str, merchant: str, nonce: str, timestamp: int, pairs: Iterable[Pair]) -> Headers:
    named = ((MERCHANT, merchant), (TIMESTAMP, str(timestamp)), (NONCE, nonce))
    return (*named, (SIGN, sign(key, string_to_sign([*pairs, *named]))))


def doubt(header: Header, raw: bytes | str, merchant: str, keys: Iterable[str], at: int | None) -> str | None:
    """What speaks against these parameters, for whoever signed them; None: one of the keys made the signature.

    `at`: now, microseconds; None = the time of signing is not looked at.
    """
    given = {name: header(name) or "" for name in (MERCHANT, TIMESTAMP, NONCE)}
    timestamp, signature = given[TIMESTAMP], header(SIGN) or ""
    if not all(given.values()) or not signature or len(given[NONCE]) > NONCE_MAX:
        return f"The headers {MERCHANT}, {TIMESTAMP}, {NONCE} and {SIGN} are required."
    if given[MERCHANT] != merchant:
        return f"{MERCHANT} is not known here."
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return f"{TIMESTAMP} must be seconds since 1970."
    if at is not None and abs(int(timestamp) - at // 1_000_000) > TOLERANCE_S:
        return f"{TIMESTAMP} is more than {TOLERANCE_S} seconds off: set the clock, and sign every call anew."
    try:
        texts = _possible(raw, list(given.items()))
    except NotAForm as error:
        return f"The parameters cannot be read: {error}."
    made = [sign(key, text) for key in keys for text in texts]
    if any(hmac.compare_digest(one.encode(), signature.lower().encode("utf-8", "replace")) for one in made):
        return None
    return f"{WRONG}. It must be made, with HMAC-SHA1 in lower-case hex, of: {texts[0][:500]}"


def _possible(raw: bytes | str, named: list[Pair]) -> list[str]:
    """As PHP writes it, and as the caller has written it: other languages encode some characters otherwise."""
    written = [*as_written(raw), *((name, encoded([(name, value)])) for name, value in named)]
    return [string_to_sign([*read(raw), *named]), "&".join(part for _, part in sorted(written, key=_top))]


def _top(pair: Pair) -> bytes:
    return pair[0].partition("[")[0].encode("utf-8", "surrogatepass")
