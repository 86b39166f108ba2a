"""What a signature of one message is made of: for telling people what theirs should be, and why it is not."""

from typing import Literal

import msgspec

MASK = "***"
"""Stands for a signature that was not kept, because it was right."""


class SignedText(msgspec.Struct, frozen=True, kw_only=True):
    """`prefix` + `body` are signed; `words` say what the prefix is made of, `of` what the body is.

    `header`, or a form's field of that name, carries it; `given`: as it came, without its version. `key`: how the
    secret becomes key bytes, in the words of the signature explainer; ``""`` for RSA, where `public_keys` (PEM) tell.
    """

    header: str
    given: str
    body: bytes
    prefix: bytes = b""
    words: str = ""
    of: str = "the raw body"
    others: tuple[tuple[str, bytes], ...] = ()
    digest: Literal["sha256", "sha1", "md5"] = "sha256"
    construction: Literal["HMAC", "hash of text and key"] = "HMAC"
    encoding: Literal["base64", "hex"] = "base64"
    key: str = "as text"
    public_keys: str = ""

    @property
    def text(self) -> bytes:
        return self.prefix + self.body

    @property
    def kept(self) -> bool:
        """Whether the signature is there to be looked at."""
        return self.given not in ("", MASK)
