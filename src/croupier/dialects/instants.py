"""Moments on the wire: RFC 3339, UTC, ``Z``, milliseconds."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(text: str) -> int:
    """Of an RFC 3339 moment with any offset and number of decimals. ValueError when it is no such moment."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or "T" not in text.upper():
        raise ValueError(f"{text!r} is not an RFC 3339 moment")
    return (moment - EPOCH) // timedelta(microseconds=1)
