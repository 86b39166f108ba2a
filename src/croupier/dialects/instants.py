"""Moments on the wire: RFC 3339, UTC, ``Z``, milliseconds."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rfc3339(at: int) -> str:
    """Microseconds since 1970 -> ``2026-11-22T12:00:00.000Z``; what is finer than a millisecond is cut off."""
    return (EPOCH + timedelta(microseconds=at)).isoformat(timespec="milliseconds")[:-6] + "Z"


def microseconds(text: str) -> int:
    """Inverse of `rfc3339`, for any offset and number of decimals. ValueError when it is no such moment."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or "T" not in text.upper():
        raise ValueError(f"{text!r} is not an RFC 3339 moment")
    return (moment - EPOCH) // timedelta(microseconds=1)
