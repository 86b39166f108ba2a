"""A signature step by step: what is signed, what comes out, and which mistake would give what the other side has.

Secrets are named, never shown. What comes out is a signature of one message that was sent already.
"""

import base64
import hashlib
from collections.abc import Iterator

import msgspec

from croupier.diagnosis.finding import SURE, Finding
from croupier.diagnosis.signatures import (
    CONSTRUCTIONS,
    Prefix,
    Recipe,
    canonical_forms,
    explain_signature,
    key_bytes,
)
from croupier.dialects import DIALECTS
from croupier.dialects.hub88.signature import proves
from croupier.dialects.mascot.signature import key_id
from croupier.dialects.signed_texts import signed_text
from croupier.dialects.signing_key import SETTING, signing_key
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.signed_text import MASK, SignedText

LARGE = 2048
"""Bytes; of a larger body only what is likeliest is tried, so that an explanation takes no longer."""
MISTAKES_MAX = 12
SECRET_MISSING = f"{MASK} stands for a secret that is never kept, so what comes out cannot be shown"

Message = HttpRequest | HttpResponse


class Steps(msgspec.Struct, frozen=True):
    """`text`: what is signed, its SHA-256 in hex to compare with. `expected`: what comes out; None for RSA. Both are
    None where a secret in the text was not kept.

    `given`: the signature that came, where it was wrong; a right one is not kept. `mistakes`: what would come out of a
    usual mistake, in words and as the header would have it.
    """

    header: str
    algorithm: str
    key: str
    parts: tuple[str, ...]
    text: bytes
    text_sha256: str | None
    expected: str | None
    given: str | None
    mistakes: tuple[tuple[str, str], ...]


def steps_of(message: Message, operator: Operator, *, answers: bool, ours: bool = False) -> Steps | None:
    """Of a signed message; `answers`: the wallet's answer, which has a secret of its own, `ours`: our call to it."""
    signed = signed_text(message, operator)
    if signed is None:
        return None
    name, secret = next(iter(_keys(operator, answers=answers, ours=ours).items()), ("", ""))
    masked = MASK.encode() in signed.text
    makes = bool(signed.key and secret) and not masked
    parts = (signed.words, signed.of) if signed.words else (signed.of,)
    return Steps(
        header=signed.header,
        algorithm=f"{_algorithm(signed)}, {signed.encoding}",
        key=f"{name}, {signed.key}" if signed.key else "the private key of whoever sends",
        parts=(*parts, SECRET_MISSING) if masked else parts,
        text=signed.text,
        text_sha256=None if masked else hashlib.sha256(signed.text).hexdigest(),
        expected=_written(signed, secret, signed.text) if makes else None,
        given=signed.given if signed.kept else None,
        mistakes=tuple(_mistakes(signed, secret))[:MISTAKES_MAX] if makes else (),
    )


def why_it_does_not_fit(message: Message, operator: Operator, *, answers: bool) -> Finding | None:
    """What was signed instead, when the signature that came was kept and something that we try gives it."""
    signed = signed_text(message, operator)
    if signed is None or not signed.kept:
        return None
    if not signed.key:
        return _rsa(signed)
    keys = _keys(operator, answers=answers)
    if not keys:
        return None
    first = next(iter(keys))
    prefixes: list[Prefix] = [(signed.words, signed.prefix), *signed.others]
    if len(signed.body) > LARGE:
        keys, prefixes = {first: keys[first]}, prefixes[:1]
    agreed = Recipe(
        "the raw body", first, signed.key, signed.words, signed.digest, signed.construction, signed.encoding
    )
    found = explain_signature(signed.given, signed.body, keys, prefixes, agreed)
    return found[0] if found is not None else None


def _rsa(signed: SignedText) -> Finding | None:
    for form, text in canonical_forms(signed.body):
        if proves(signed.given, signed.public_keys, text):
            return Finding("CRP-SIG-004", SURE, f"The signature fits {form}, not the raw body.")
    return None


def _keys(operator: Operator, *, answers: bool, ours: bool = False) -> dict[str, str]:
    """Secrets by the names that an operator knows them by, the expected one first."""
    own = _named("answer secret", operator.answer_secrets)
    callback = operator.callback_secrets if answers or ours else ()
    wallet = _named("callback key", callback) or _named("wallet secret", operator.wallet_secrets)
    if ours and SETTING.keys() <= DIALECTS[operator.dialect].abilities.settings.keys():
        signs = signing_key(operator, callback)
        wallet = dict(sorted(wallet.items(), key=lambda named: named[1] != signs))
    return own | wallet if answers and own else wallet | own


def _named(name: str, secrets: tuple[str, ...]) -> dict[str, str]:
    return {name if place == 0 else f"previous {name}": secret for place, secret in enumerate(secrets[:2])}


def _mistakes(signed: SignedText, secret: str) -> Iterator[tuple[str, str]]:
    seen = {signed.text}
    for words, prefix in signed.others:
        seen.add(prefix + signed.body)
        yield (
            f"signed without the right start: {words or 'the body alone'}",
            _written(signed, secret, prefix + signed.body),
        )
    for how, key in key_bytes(secret):
        if how != signed.key:
            yield f"the secret {how}", _encoded(signed, secret, _digest(signed, key, signed.text))
    for form, text in canonical_forms(signed.body):
        if signed.prefix + text not in seen:
            seen.add(signed.prefix + text)
            yield f"signed over {form}", _written(signed, secret, signed.prefix + text)


def _written(signed: SignedText, secret: str, text: bytes) -> str:
    key = next((key for how, key in key_bytes(secret) if how == signed.key), secret.encode())
    return _encoded(signed, secret, _digest(signed, key, text))


def _digest(signed: SignedText, key: bytes, text: bytes) -> bytes:
    return CONSTRUCTIONS[signed.construction](key, text, signed.digest)


def _algorithm(signed: SignedText) -> str:
    digest = signed.digest.upper().replace("SHA", "SHA-")
    if signed.construction != "HMAC":
        return f"{digest} of text and key"
    return f"{'HMAC' if signed.key else 'RSA'}-{digest}"


def _encoded(signed: SignedText, secret: str, digest: bytes) -> str:
    text = digest.hex() if signed.encoding == "hex" else base64.b64encode(digest).decode("ascii")
    if signed.header == "webhook-signature":
        return f"v1,{text}"
    return f"{key_id(secret)}={text}" if signed.header == "X-Signature" else text
