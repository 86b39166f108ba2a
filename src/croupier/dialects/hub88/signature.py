"""RSA PKCS#1 v1.5 with SHA-256 over the raw body, base64. No random part: the same body has the same signature."""

import base64
import re
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

HEADER = "X-Hub88-Signature"
PUBLIC_KEYS = r"(-----BEGIN (RSA )?PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END (RSA )?PUBLIC KEY-----\s*){1,2}"
"""One or, while it changes, two public keys as PEM, one after the other."""

_PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)
_KEYS_REMEMBERED = 4096


def sign(private_pem: str, body: bytes) -> str:
    return base64.b64encode(_private(private_pem).sign(body, PKCS1v15(), SHA256())).decode("ascii")


def proves(signature: str | None, pem: str, body: bytes) -> bool:
    """Whether one of these keys, public or private, made the signature."""
    try:
        given = base64.b64decode(signature or "", validate=True)
    except ValueError:
        return False
    for key in _publics(pem):
        try:
            key.verify(given, body, PKCS1v15(), SHA256())
        except InvalidSignature:
            continue
        return True
    return False


def public_pem(private_pem: str) -> str:
    key = _private(private_pem).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


# Reading a key takes longer than signing with it.
@lru_cache(_KEYS_REMEMBERED)
def _private(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("not an RSA key")
    return key


@lru_cache(_KEYS_REMEMBERED)
def _publics(pem: str) -> tuple[RSAPublicKey, ...]:
    """Those that can be read."""
    keys = []
    for found in _PEM.finditer(pem):
        text = found[0]
        try:
            key = _private(text).public_key() if "PRIVATE" in found[1] else load_pem_public_key(text.encode())
        except (ValueError, TypeError):
            continue
        keys += [key] if isinstance(key, RSAPublicKey) else []
    return tuple(keys)
