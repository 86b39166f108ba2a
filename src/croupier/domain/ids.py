"""Identifiers: made from random bytes and the time that the caller passes in."""

import base64
import hashlib
import re
import uuid
from binascii import b2a_base64

ID = re.compile(r"[A-Za-z0-9_.:@-]{1,64}\Z")
"""What an operator may choose as an id of its own: 1-64 characters, safe in a URL path."""


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def text_of(raw: bytes) -> str:
    """URL-safe text of random bytes, without padding."""
    return b2a_base64(raw, newline=False).translate(_URL_SAFE).rstrip(b"=").decode("ascii")


def bytes_of(text: str) -> bytes:
    """Inverse of `text_of`. ValueError when it is not such a text, so that nothing has two names.

    Base64 alone ignores the last bits of the last character (RFC 4648 §3.5).
    """
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if text_of(raw) != text:
        raise ValueError("not the text of these bytes")
    return raw


def uuid7(at: int, random: bytes) -> uuid.UUID:
    """A time-ordered UUID version 7 (RFC 9562 §5.7); `at` in microseconds, `random` 10 bytes."""
    value = (at // 1000) << 80 | int.from_bytes(random, "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def uuid7_at(identifier: uuid.UUID) -> int:
    """When a UUID version 7 was made, microseconds, exact to the millisecond."""
    return (identifier.int >> 80) * 1000


def round_id(seat_id: uuid.UUID, seq: int, random: bytes) -> str:
    """A round's id. It tells where the round begins in the journal, so no table is asked for it.

    `random`: 8 bytes, so that an id lost with a restored database never returns with other content.
    """
    return "rd_" + text_of(seat_id.bytes + seq.to_bytes(5, "big") + random)


def round_number(identifier: str) -> int:
    """The same round in APIs that want a number: 63 bits that cannot be turned back. A number stays as it is."""
    if identifier.isascii() and identifier.isdigit() and len(identifier) < 20:
        return int(identifier)
    return int.from_bytes(hashlib.sha256(b"round\0" + identifier.encode()).digest()[:8], "big") >> 1 or 1


def locate_round(identifier: str) -> tuple[uuid.UUID, int] | None:
    """``(seat_id, seq)`` of the record that opens this round, or None when it is no round's id."""
    try:
        raw = bytes_of(identifier[3:]) if identifier.startswith("rd_") else b""
    except ValueError:
        return None
    return (uuid.UUID(bytes=raw[:16]), int.from_bytes(raw[16:21], "big")) if len(raw) == 29 else None


def bet_id(random: bytes) -> str:
    """Transaction id of a bet; `random`: 16 bytes, drawn before the first attempt."""
    return "b_" + text_of(_as_uuid(random))


def win_id(random: bytes) -> str:
    """Transaction id of a win; `random`: 16 bytes. Never derived: a lost record may return with another win."""
    return "w_" + text_of(_as_uuid(random))


def settlement_id(operator_id: str, campaign_id: str) -> str:
    """Transaction id of a sum of free rounds. Derived from its only name in the operator's API: it is told once."""
    named = hashlib.sha256(b"settlement\0" + operator_id.encode() + b"\0" + campaign_id.encode()).digest()
    return "w_" + text_of(_as_uuid(named[:16]))


def rollback_id(bet: str) -> str:
    """Transaction id of the rollback of a bet. Derived, because its content is the bet's and cannot differ."""
    return "r_" + bet[2:]


def end_round_id(bet: str) -> str:
    """Transaction id of the end of a round, from that of its opening bet: a round ends once."""
    return "e_" + bet[2:]


def second_rollback_id(bet: str) -> str:
    """For an operator that repeats its old answer to the first one, and holds the bet all the same."""
    return "r2_" + bet[2:]


def transaction_uuid(identifier: str) -> uuid.UUID:
    """The same transaction in APIs that want a UUID; ids of another make get one that cannot be turned back."""
    kind, _, text = identifier.partition("_")
    try:
        raw = bytes_of(text)
    except ValueError:
        raw = b""
    if kind in _MARKS and len(raw) == 16 and raw == _as_uuid(raw):
        return uuid.UUID(int=int.from_bytes(raw, "big") | _MARKS[kind])
    return uuid.uuid5(_NAMES, identifier)


def transaction_named(text: str) -> str:
    """The id of ours behind a UUID, or the text as it is: inverse of `transaction_uuid`."""
    try:
        name = uuid.UUID(text)
    except ValueError:
        return text
    if name.version != 4 or str(name) != text.lower():
        return text
    kind = next(kind for kind, mark in _MARKS.items() if name.int & 3 == mark)
    return f"{kind}_{text_of((name.int & ~3).to_bytes(16, 'big'))}"


def _as_uuid(random: bytes) -> bytes:
    """As UUID version 4, whose last two bits are free for a mark."""
    value = int.from_bytes(random, "big") & ~3
    value = value & ~(0xF << 76) | 0x4 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return value.to_bytes(16, "big")


# A rollback's id repeats its bet's.
_MARKS = {"b": 0, "w": 1, "r": 2, "r2": 3}
_NAMES = uuid.UUID("6a1f2c0e-5f0b-5b0e-9d53-0c2f5c1b7e42")


def exchange_id(at: int, random: bytes) -> str:
    """Id of an exchange; it tells when it happened (`at`, microseconds). `random`: 7 bytes."""
    return "ex_" + text_of(at.to_bytes(8, "big") + random)


def exchange_at(identifier: str) -> int | None:
    """When the exchange with this id happened, microseconds; None when it is no exchange's id."""
    try:
        raw = bytes_of(identifier[3:]) if identifier.startswith("ex_") else b""
    except ValueError:
        return None
    # A first bit of 1 would be a time that no database column holds.
    return int.from_bytes(raw[:8], "big") if len(raw) == 15 and raw[0] < 0x80 else None
