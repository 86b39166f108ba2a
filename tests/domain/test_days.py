"""UTC days, and the one way in which they are written."""

import datetime as dt

import pytest

from croupier.domain.days import day_of, day_range, parse_day

DAY = dt.date(2026, 11, 22)
MIDNIGHT = 1_795_305_600_000_000
"""20,779 days of 86,400 s after 1970-01-01."""


def test_a_day_is_from_midnight_to_midnight():
    assert day_range(DAY) == (MIDNIGHT, MIDNIGHT + 86_400_000_000)
    assert [day_of(at) for at in (MIDNIGHT - 1, MIDNIGHT, MIDNIGHT + 86_399_999_999)] == [
        dt.date(2026, 11, 21),
        DAY,
        DAY,
    ]
    assert day_of(0) == dt.date(1970, 1, 1)
    assert day_of(-1) == dt.date(1969, 12, 31)


@pytest.mark.parametrize("text", ["2026-W47-7", "20261122", "2026-11-22T00:00Z", "2026-02-30", "22.11.2026", ""])
def test_other_ways_are_refused(text):
    assert parse_day("2026-11-22") == DAY
    with pytest.raises(ValueError):  # noqa: PT011 - the library's texts differ by how it is wrong
        parse_day(text)
