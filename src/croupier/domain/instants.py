"""Moments are whole microseconds since 1970, UTC; on the wire RFC 3339 with a Z."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)

FIRST = (datetime(1, 1, 1, tzinfo=UTC) - EPOCH) // _MICRO
LAST = (datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC) - EPOCH) // _MICRO
"""Moments that can be written: those of the years 1 to 9999."""


def rfc3339(at: int) -> str:
    """``2026-11-22T12:00:00.000Z``, milliseconds. What lies outside of the years 1 to 9999 is written as their end.

    No call brings such a moment any more, but what was stored before must not break a list.
    """
    seconds, micros = divmod(min(max(at, FIRST), LAST), 1_000_000)
    return f"{_second(seconds)}.{micros // 1000:03d}Z"


@lru_cache(maxsize=1024)
def _second(seconds: int) -> str:
    """Most moments that are written fall into the last few seconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]


def parse_rfc3339(text: str) -> int:
    """Microseconds. ValueError when it is not a moment with a zone, or none of the years 1 to 9999 in UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone, for example 2026-11-22T12:00:00Z")
    at = (moment - EPOCH) // _MICRO
    if not FIRST <= at <= LAST:
        raise ValueError("a moment lies in the years 1 to 9999")
    return at
