"""The field `hash`: MD5 over the other fields, sorted, and the secret."""

import hashlib
import hmac
from collections.abc import Iterable

from croupier.dialects.forms import NotAForm, Pair, as_written, read

FIELD = "hash"


def string_to_sign(pairs: Iterable[Pair]) -> str:
    """Sorted by name, without `hash` and what is empty; the values as they are."""
    return "&".join(f"{name}={value}" for name, value in sorted(dict(pairs).items()) if name != FIELD and value)


def sign(secret: str, text: str) -> str:
    return hashlib.md5((text + secret).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def with_hash(secret: str, pairs: list[Pair]) -> list[Pair]:
    return [*pairs, (FIELD, sign(secret, string_to_sign(pairs)))]


def proves(raw: bytes | str, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets made the form's `hash`. Implementers differ in two points, which mean the same data:
    whether empty fields count, and whether values are taken as they stand encoded in the form.
    """
    try:
        given = dict(read(raw))
    except NotAForm:
        return False
    text = given.pop(FIELD, "").lower()
    written = {name: part.partition("=")[2] for name, part in as_written(raw) if name != FIELD}
    made = [
        sign(secret, "&".join(f"{name}={value}" for name, value in sorted(fields.items()) if value or empty))
        for secret in secrets
        for fields in (given, written)
        for empty in (False, True)
    ]
    return any(hmac.compare_digest(one.encode(), text.encode("utf-8", "replace")) for one in made)
