"""Says what was signed: tries every plausible mistake until one gives the signature that came.

What it finds names keys, never shows them. Its details are for the operator alone: a stranger would learn from them
how to forge.
"""

import base64
import binascii
import hmac
import itertools
import json
import re
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import new as digest_of

import msgspec

from croupier.diagnosis.finding import SURE, Finding

RAW_ONLY = 65_536
"""Of a larger body only the raw forms are tried: brute force must not become a load attack."""

DIGESTS = {32: "sha256", 64: "sha512", 20: "sha1", 16: "md5"}
"""Length in bytes -> digest."""

RAW = "the raw body"

Prefix = tuple[str, str | bytes]
"""What stands before the body, in words and as it is."""


class Recipe(msgspec.Struct, frozen=True):
    """What gives the signature: `signed` in words, the key's `name` and `how` it was read, `prefix`, and the rest."""

    signed: str
    key: str
    how: str
    prefix: str
    digest: str
    construction: str
    encoding: str


def explain_signature(
    given: str, body: bytes, keys: Mapping[str, str], prefixes: Iterable[Prefix], agreed: Recipe
) -> tuple[Finding, Recipe] | None:
    """Why this signature is not the agreed one; None when nothing tried gives it, or it is right.

    `keys`: name -> secret. `prefixes`: (what it is in words, its text), made of the headers that came. `agreed`: the
    right recipe; its `key` is the name of the current secret.
    """
    recipe = recipe_of(given, body, keys, prefixes)
    if recipe is None or recipe == agreed:
        return None
    return _finding(recipe, agreed), recipe


def recipe_of(
    given: str, body: bytes, keys: Mapping[str, str], prefixes: Iterable[Prefix] = (("", ""),)
) -> Recipe | None:
    wanted: dict[bytes, str] = {}
    for raw, encoding in _digests(given):
        wanted.setdefault(raw, encoding)  # what is base64 may be base64url as well
    if not wanted:
        return None
    forms = list(canonical_forms(body))
    key_forms = [(name, how, key) for name, secret in keys.items() for how, key in key_bytes(secret)]
    for (form, text), (name, how, key), (prefix, start) in itertools.product(forms, key_forms, list(prefixes)):
        message = (start if isinstance(start, bytes) else start.encode()) + text
        for raw, encoding in wanted.items():
            algorithm = DIGESTS[len(raw)]
            for construction, make in CONSTRUCTIONS.items():
                if hmac.compare_digest(make(key, message, algorithm), raw):
                    return Recipe(form, name, how, prefix, algorithm, construction, encoding)
    return None


def canonical_forms(body: bytes) -> Iterator[tuple[str, bytes]]:
    """What may have been signed instead of the raw bytes, likeliest first."""
    yield RAW, body
    yield "the body plus a newline", body + b"\n"
    yield "the body without outer white space", body.strip()
    yield "the body after a byte order mark", b"\xef\xbb\xbf" + body
    yield "the body without its byte order mark", body.removeprefix(b"\xef\xbb\xbf")
    yield "an empty body", b""
    if len(body) > RAW_ONLY:
        return
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    for form, text in _written(value):
        try:
            yield form, text.encode()
        except UnicodeEncodeError:
            continue


def _written(value: object) -> Iterator[tuple[str, str]]:
    compact = (",", ":")
    yield "JSON.stringify of the parsed body", json.dumps(value, separators=compact, ensure_ascii=False)
    yield "Python json.dumps of the parsed body", json.dumps(value)
    yield "PHP json_encode of the parsed body", json.dumps(value, separators=compact).replace("/", "\\/")
    yield "compact JSON with sorted keys", json.dumps(value, separators=compact, sort_keys=True, ensure_ascii=False)
    yield "compact ASCII JSON with sorted keys", json.dumps(value, separators=compact, sort_keys=True)
    yield "spaced JSON with sorted keys", json.dumps(value, sort_keys=True)
    yield "JSON indented by 2", json.dumps(value, indent=2)
    yield "JSON indented by 4", json.dumps(value, indent=4)
    if isinstance(value, dict):
        # JSON can write half of a character (\ud800), a form cannot.
        yield "the fields as a form", urllib.parse.urlencode(value, errors="replace")
        yield "the fields as a sorted form", urllib.parse.urlencode(sorted(value.items()), errors="replace")
        yield "the values, one after another", "".join(map(str, value.values()))


def key_bytes(secret: str) -> Iterator[tuple[str, bytes]]:
    """How a secret may have become key bytes."""
    bare = secret.removeprefix("whsec_")
    decoders: tuple[tuple[str, Callable[[str], bytes]], ...] = (
        ("decoded from base64", lambda text: base64.b64decode(text, validate=True)),
        ("decoded from hex", bytes.fromhex),
    )
    for how, decode in decoders:
        try:
            yield how, decode(bare)
        except (ValueError, binascii.Error):
            continue
    yield "as text", secret.encode()
    if bare != secret:
        yield "as text without its prefix", bare.encode()
    yield "with a newline at its end", secret.encode() + b"\n"


def _hmac(key: bytes, message: bytes, algorithm: str) -> bytes:
    return hmac.digest(key, message, algorithm)


def _plain(key: bytes, message: bytes, algorithm: str) -> bytes:
    return digest_of(algorithm, key + message, usedforsecurity=False).digest()


def _plain_after(key: bytes, message: bytes, algorithm: str) -> bytes:
    return digest_of(algorithm, message + key, usedforsecurity=False).digest()


CONSTRUCTIONS: dict[str, Callable[[bytes, bytes, str], bytes]] = {
    "HMAC": _hmac,
    "hash of key and text": _plain,
    "hash of text and key": _plain_after,
}


def _digests(given: str) -> Iterator[tuple[bytes, str]]:
    """The digests that this text can stand for, with their encoding."""
    whole = given.strip().split(" ")[-1].rpartition(",")[2]
    named = re.match(r"[A-Za-z0-9]{1,32}=(?=.{8})", whole)  # sha256=…, or a key's public name
    readers: tuple[tuple[str, Callable[[str], bytes]], ...] = (
        ("upper-case hex" if whole.isupper() else "hex", bytes.fromhex),
        ("base64", lambda one: base64.b64decode(one, validate=True)),
        ("base64url", lambda one: base64.b64decode(one + "=" * (-len(one) % 4), altchars=b"-_", validate=True)),
        ("base64 of the hex text", lambda one: bytes.fromhex(base64.b64decode(one, validate=True).decode())),
    )
    for candidate in (whole, whole[named.end() :]) if named else (whole,):
        for encoding, read in readers:
            try:
                raw = read(candidate)
            except (ValueError, binascii.Error):
                continue
            if len(raw) in DIGESTS:
                yield raw, encoding


def _finding(recipe: Recipe, agreed: Recipe) -> Finding:
    told = f"The signature fits {recipe.signed} with the secret “{recipe.key}”"
    if recipe.key != agreed.key:
        return Finding("CRP-SIG-003", SURE, f"{told}; “{agreed.key}” is expected.")
    if recipe.signed != agreed.signed:
        white = ("newline", "white space", "byte order mark")
        code = "CRP-SIG-005" if any(word in recipe.signed for word in white) else "CRP-SIG-004"
        return Finding(code, SURE, f"{told}, not {agreed.signed}.")
    if "newline" in recipe.how:
        return Finding("CRP-SIG-005", SURE, f"{told} {recipe.how}.")
    if recipe.how != agreed.how or recipe.encoding != agreed.encoding:
        parts = [f"the secret {recipe.how} instead of {agreed.how}"] if recipe.how != agreed.how else []
        parts += [f"{recipe.encoding} instead of {agreed.encoding}"] if recipe.encoding != agreed.encoding else []
        return Finding("CRP-SIG-006", SURE, f"It fits with {' and '.join(parts)}.")
    parts = [
        f"{name} is {mine or 'nothing'}, not {theirs or 'nothing'}"
        for name, mine, theirs in (
            ("the text before the body", recipe.prefix, agreed.prefix),
            ("the digest", recipe.digest, agreed.digest),
            ("the construction", recipe.construction, agreed.construction),
        )
        if mine != theirs
    ]
    return Finding("CRP-SIG-007", SURE, f"It fits, but {'; '.join(parts)}.")


def standard_webhooks(message_id: str, timestamp: str, secret_name: str) -> tuple[list[tuple[str, str]], Recipe]:
    """Prefixes worth trying, and the right recipe, of the native dialect."""
    prefixes = [
        ("id.timestamp.", f"{message_id}.{timestamp}."),
        ("timestamp.", f"{timestamp}."),
        ("timestamp", timestamp),
        ("timestamp:", f"{timestamp}:"),
        ("id.timestamp", f"{message_id}.{timestamp}"),
        ("", ""),
    ]
    return prefixes, Recipe(RAW, secret_name, "decoded from base64", "id.timestamp.", "sha256", "HMAC", "base64")
