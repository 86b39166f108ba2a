"""What a statement is said to hold, and which of its lines are of another one. Times around 2026-11-22, UTC."""

import datetime as dt

import pytest

from croupier.ledger.asked import Asked, CannotAsk, asked, day_named, day_range

DAY = dt.date(2026, 11, 22)
MIDNIGHT = 1_795_305_600_000_000
"""2026-11-22T00:00Z: 20,779 days after 1970-01-01, in microseconds."""
HOUR = 3_600_000_000
NOON = MIDNIGHT + 12 * HOUR
FIVE_MINUTES = 300_000_000


def test_a_day_is_from_midnight_to_midnight():
    assert day_range(DAY) == (MIDNIGHT, MIDNIGHT + 24 * HOUR)
    assert day_range(dt.date(1970, 1, 1)) == (0, 24 * HOUR)


@pytest.mark.parametrize(
    ("date", "currency", "clocks_differ_s", "found"),
    [
        ("2026-11-22", None, 300, Asked("casino", DAY)),
        ("2026-11-22", "JPY", 0, Asked("casino", DAY, "JPY", 0)),
        ("1971-01-01", "EUR", 7, Asked("casino", dt.date(1971, 1, 1), "EUR", 7_000_000)),
    ],
)
def test_what_can_be_asked(date, currency, clocks_differ_s, found):
    assert asked("casino", date, currency, clocks_differ_s, NOON) == found


@pytest.mark.parametrize(
    ("date", "currency", "name", "why"),
    [
        ("2026-11-23", None, "date", "date 2026-11-23 has not begun (UTC); nothing was moved yet"),
        ("22.11.2026", None, "date", "date must be a UTC day like 2026-11-22, not '22.11.2026'"),
        ("20261122", None, "date", "date must be a UTC day like 2026-11-22, not '20261122'"),
        ("2026-W47-7", None, "date", "date must be a UTC day like 2026-11-22, not '2026-W47-7'"),
        ("2026-02-30", None, "date", "date must be a UTC day like 2026-11-22, not '2026-02-30'"),
        ("1970-12-31", None, "date", "date must be a UTC day like 2026-11-22, not '1970-12-31'"),
        ("9000-01-01", None, "date", "date must be a UTC day like 2026-11-22, not '9000-01-01'"),
        ("x" * 50, None, "date", f"date must be a UTC day like 2026-11-22, not '{'x' * 40}'"),
        ("2026-11-22", "EURO", "currency", "currency 'EURO' is not known; one is named like EUR"),
        ("2026-11-22", "E" * 30, "currency", f"currency '{'E' * 16}' is not known; one is named like EUR"),
    ],
)
def test_what_no_statement_can_hold(date, currency, name, why):
    with pytest.raises(CannotAsk) as refused:
        asked("casino", date, currency, 300, NOON)
    assert (refused.value.name, str(refused.value)) == (name, why)


def test_tomorrow_has_begun_where_the_clocks_may_differ_so_much():
    just_before = MIDNIGHT + 24 * HOUR - FIVE_MINUTES
    assert asked("casino", "2026-11-23", None, 300, just_before).day == dt.date(2026, 11, 23)
    with pytest.raises(CannotAsk):
        asked("casino", "2026-11-23", None, 300, just_before - 1)


@pytest.mark.parametrize(
    ("at", "currency", "why"),
    [
        (MIDNIGHT - FIVE_MINUTES, "EUR", None),
        (
            MIDNIGHT - FIVE_MINUTES - 1,
            "EUR",
            "at is 2026-11-21T23:54:59.999Z, but the statement is of 2026-11-22 (UTC)",
        ),
        (MIDNIGHT + 24 * HOUR + FIVE_MINUTES - 1, "EUR", None),
        (
            MIDNIGHT + 24 * HOUR + FIVE_MINUTES,
            "EUR",
            "at is 2026-11-23T00:05:00.000Z, but the statement is of 2026-11-22 (UTC)",
        ),
        (NOON, "JPY", "currency is JPY, but the statement holds EUR only"),
    ],
)
def test_a_line_of_another_statement(at, currency, why):
    assert Asked("casino", DAY, "EUR").stray(at, currency) == why


def test_a_statement_of_all_currencies_has_no_stranger():
    assert Asked("casino", DAY).stray(NOON, "JPY") is None


def test_the_last_day_there_is():
    assert day_named("8999-12-31") == dt.date(8999, 12, 31)
