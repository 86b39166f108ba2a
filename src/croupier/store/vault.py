"""Secrets at rest: every operator has a data key of its own, wrapped by the platform's master key.

Associated data names whose secret it is, so a row that was swapped with another does not open.
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from croupier.domain.ids import bytes_of, text_of

KEY_BYTES = 32
NONCE_BYTES = 12


class WrongMasterKey(Exception):
    """The master key is not the one these secrets were sealed with."""


class Vault:
    """Seals with the first of the master keys (32 bytes each), opens with any. Prints as ``***``."""

    def __init__(self, *master_keys: bytes) -> None:
        if not master_keys or any(len(key) != KEY_BYTES for key in master_keys):
            raise ValueError("a master key must be 32 bytes")
        self._masters = master_keys

    def __repr__(self) -> str:
        return "Vault(***)"

    def new_data_key(self, owner: str) -> bytes:
        """A fresh data key, wrapped; what is stored beside the owner's row."""
        return _seal(self._masters[0], secrets.token_bytes(KEY_BYTES), f"data-key:{owner}")

    def seal(self, wrapped: bytes, secret: str, name: str) -> bytes:
        """`name` says whose and which secret it is: ``<operator>/<name>/<version>``."""
        return _seal(self._unwrap(wrapped, name), secret.encode(), name)

    def open(self, wrapped: bytes, sealed: bytes, name: str) -> str:
        return _open(self._unwrap(wrapped, name), sealed, name).decode()

    def seal_platform(self, secret: bytes, name: str) -> bytes:
        return _seal(self._masters[0], secret, f"platform:{name}")

    def open_platform(self, sealed: bytes, name: str) -> bytes:
        return self._with_any(sealed, f"platform:{name}")

    def _unwrap(self, wrapped: bytes, name: str) -> bytes:
        return self._with_any(wrapped, f"data-key:{name.partition('/')[0]}")

    def _with_any(self, sealed: bytes, name: str) -> bytes:
        for key in self._masters[:-1]:
            try:
                return _open(key, sealed, name)
            except WrongMasterKey:
                continue  # an older one
        return _open(self._masters[-1], sealed, name)


def _seal(key: bytes, plain: bytes, name: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, name.encode())


def _open(key: bytes, sealed: bytes, name: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
    except InvalidTag:
        raise WrongMasterKey(f"{name} does not open with this master key") from None


def master_keys(directory: Path, text: str | None = None) -> tuple[bytes, ...]:
    """The keys of `text` (base64url, 32 bytes each, spaces between), else those in ``<directory>/master.key``.

    The file is made when it is missing.
    """
    if text:
        return _read(text)
    path = directory / "master.key"
    directory.mkdir(parents=True, exist_ok=True)
    try:
        # Only the first of several starting processes makes it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path.read_text())
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_bytes(KEY_BYTES)
        file.write(text_of(key) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return (key,)


def _read(text: str) -> tuple[bytes, ...]:
    return tuple(bytes_of(one.rstrip("=")) for one in text.split())
