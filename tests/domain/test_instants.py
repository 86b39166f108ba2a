"""Moments on the wire."""

import pytest

from croupier.domain.instants import FIRST, LAST, parse_rfc3339, rfc3339


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_790_078_400_123_999, "2026-09-22T12:00:00.123Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (FIRST, "0001-01-01T00:00:00.000Z"),
        (LAST, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_a_moment_is_written_with_four_digits_of_the_year_and_read_back(at, text):
    assert rfc3339(at) == text
    assert parse_rfc3339(text) == at // 1000 * 1000


@pytest.mark.parametrize("beyond", [1, 10**15, 2**63 - 1 - LAST])
def test_what_was_stored_beyond_the_years_is_written_as_their_end(beyond):
    assert rfc3339(LAST + beyond) == "9999-12-31T23:59:59.999Z"
    assert rfc3339(FIRST - beyond) == "0001-01-01T00:00:00.000Z"
