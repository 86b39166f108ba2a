"""Bodies are refused before anything else looks at them, also where one reader of JSON goes deeper than another."""

import pytest

from croupier.api.bodies import check_json
from croupier.domain.refusal import Refused

SCOPE = {"headers": [(b"content-type", b"application/json")]}


def ends(body: bytes) -> str:
    try:
        check_json(SCOPE, body)
    except Refused as refused:
        return refused.code
    return "read"


def test_nesting_without_end_is_refused_at_every_depth():
    """The two readers give up a few levels apart: on Python 3.11 near a thousand levels, on later ones far beyond."""
    told = {
        depth: ends(b'{"a":' + b"[" * depth + b"]" * depth + b"}") for depth in (10, 500, *range(700, 1010), 30_000)
    }
    assert set(told.values()) == {"read", "invalid_json"}
    assert (told[500], told[30_000]) == ("read", "invalid_json")


@pytest.mark.parametrize("digits", [10, 4299, 4300, 4301, 60_000])
def test_a_number_of_any_length_is_read_or_refused(digits):
    body = b'{"a":%b}' % (b"9" * digits)
    assert ends(body) == ("read" if digits <= 4300 else "invalid_json")
