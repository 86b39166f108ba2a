"""What a statement is said to hold: a UTC day, all currencies or one. Checked once, for the API and the command."""

import datetime as dt

import msgspec

from croupier.domain.days import day_range, parse_day
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES

CLOCKS_DIFFER_US = 5 * 60 * 1_000_000
"""The operator's clock may be off by this much, as in its signatures; whoever knows better says so."""


class CannotAsk(ValueError):
    """`name`: which of the values is meant."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name


class Asked(msgspec.Struct, frozen=True):
    """What a statement claims to hold: all that an operator moved on a UTC day, or only what is in one currency."""

    operator_id: str
    day: dt.date
    currency: str | None = None
    clocks_differ: int = CLOCKS_DIFFER_US

    def stray(self, at: int, currency: str) -> str | None:
        """Why a line with these is of another statement; None when it is of this one. `at`: microseconds."""
        start, end = day_range(self.day)
        if not start - self.clocks_differ <= at < end + self.clocks_differ:
            return f"at is {rfc3339(at)}, but the statement is of {self.day.isoformat()} (UTC)"
        if self.currency not in (None, currency):
            return f"currency is {currency}, but the statement holds {self.currency} only"
        return None


def asked(operator_id: str, date: str, currency: str | None, clocks_differ_s: int, now: int) -> Asked:
    """CannotAsk when no statement can hold that, at `now` in microseconds."""
    day, clocks_differ = day_named(date), clocks_differ_s * 1_000_000
    if day_range(day)[0] > now + clocks_differ:
        raise CannotAsk("date", f"date {date} has not begun (UTC); nothing was moved yet")
    return Asked(operator_id, day, known_currency(currency), clocks_differ)


def day_named(text: str) -> dt.date:
    """A UTC day from the first year that a ledger could have, so that no sum of microseconds overflows. CannotAsk."""
    try:
        day = parse_day(text)
    except ValueError:
        day = dt.date.min
    if not 1970 < day.year < 9000:
        raise CannotAsk("date", f"date must be a UTC day like 2026-11-22, not {text[:40]!r}")
    return day


def known_currency(code: str | None) -> str | None:
    if code is not None and code not in CURRENCIES:
        raise CannotAsk("currency", f"currency {code[:16]!r} is not known; one is named like EUR")
    return code
