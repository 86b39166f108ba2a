"""UTC days: what statements, reports and retention count in. Moments are microseconds since 1970."""

import datetime as dt

DAY_US = 86_400_000_000
_EPOCH = dt.date(1970, 1, 1)


def day_of(at: int) -> dt.date:
    return _EPOCH + dt.timedelta(days=at // DAY_US)


def day_range(day: dt.date) -> tuple[int, int]:
    """First microsecond of the day, and of the next."""
    start = (day - _EPOCH).days * DAY_US
    return start, start + DAY_US


def parse_day(text: str) -> dt.date:
    """``2026-11-22`` and nothing else: ISO 8601 has weeks, and days without hyphens, as well. ValueError."""
    day = dt.date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError("a day is written like 2026-11-22")
    return day
