"""How times, cursors and fractions look on the wire."""

from fractions import Fraction

import msgspec

from croupier.domain.days import day_range, parse_day
from croupier.domain.ids import bytes_of, text_of
from croupier.domain.instants import parse_rfc3339, rfc3339
from croupier.domain.refusal import Refused


def rfc3339_or_none(at: int | None) -> str | None:
    return None if at is None else rfc3339(at)


def instant(text: str | None, param: str, *, end: bool = False) -> int | None:
    """Microseconds of an RFC 3339 time or of a date. A date as the `end` of a range means its last moment.

    Refused ``invalid_value`` for anything else.
    """
    if text is None:
        return None
    try:
        if len(text) == 10:
            return day_range(parse_day(text))[end]
        return parse_rfc3339(text)
    except (ValueError, OverflowError):
        raise Refused(
            "invalid_value", f"{param} must be a time like 2026-11-22T11:46:00Z or a date like 2026-11-22.", param=param
        ) from None


def cursor_of(*key: int | str) -> str:
    """An opaque text of the last row's sort key."""
    return text_of(msgspec.msgpack.encode(key))


def key_of(cursor: str | None) -> tuple[int, str] | None:
    """The sort key ``(number, text)`` of a cursor. Refused ``invalid_cursor``."""
    if cursor is None:
        return None
    try:
        key = msgspec.msgpack.decode(bytes_of(cursor), type=tuple[int, str])
    except (ValueError, msgspec.MsgspecError):
        raise Refused("invalid_cursor", param="cursor") from None
    if "\0" in key[1] or not -(2**62) < key[0] < 2**62:
        raise Refused("invalid_cursor", param="cursor")
    return key


def decimal_of(fraction: Fraction, digits: int) -> str:
    """``0.961234`` of an exact fraction, cut (not rounded up) after `digits` digits."""
    sign = "-" if fraction < 0 else ""
    whole, rest = divmod(abs(fraction.numerator), fraction.denominator)
    return f"{sign}{whole}.{rest * 10**digits // fraction.denominator:0{digits}d}"
