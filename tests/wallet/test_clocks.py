"""A wallet's clock, measured from what it says of the time. Figures in milliseconds, plus = ahead of ours."""

from email.utils import formatdate

import pytest
from msgspec.structs import replace

from croupier.diagnosis.clocks import of_clock
from croupier.domain.exchange import Exchange, HttpRequest, HttpResponse, NoAnswer, Timing
from croupier.domain.parties import Operator
from croupier.wallet.clocks import least_max_life_ms, max_life_ms, offset_of, sample

NOON = 1_795_000_000
"""Seconds since 1970."""
OPERATOR = Operator("casino", "native", "https://wallet.example", ("whsec_",), ("EUR",))


def answered(date: str | None, at_us: int = NOON * 1_000_000, took_us: int = 0) -> Exchange:
    headers = (("DATE", date),) if date is not None else ()
    answer = HttpResponse(200, headers, b"{}", Timing(total_us=took_us))
    return Exchange("x", "casino", "out", at_us, HttpRequest("POST", "https://w/bet", (), b""), answer, "accepted")


def called(stamp: str, verdict: str = "ok") -> Exchange:
    request = HttpRequest("GET", "https://p/games", (("X-Timestamp", stamp),), b"")
    return Exchange("x", "casino", "in", NOON * 1_000_000, request, HttpResponse(200, (), b""), verdict)


def at(seconds: int) -> str:
    return formatdate(NOON + seconds, usegmt=True)


@pytest.mark.parametrize(
    ("heard", "ahead_ms"),
    [
        (answered(at(0)), 500),  # somewhere within that second
        (answered(at(0), NOON * 1_000_000 + 500_000), 0),
        (answered(at(-312)), -311_500),
        (answered(at(45), took_us=2_000_000), 44_500),  # written in the middle of its way
        (answered(at(0), took_us=5_000_001), None),  # too long ago to say when
        (answered(None), None),
        (answered("yesterday"), None),
        (answered("Sun, 99 Nov 9999 99:99:99 GMT"), None),
        (replace(answered(at(0)), answer=NoAnswer("timeout")), None),
        (called(str(NOON + 7)), 7_500),
        (called(str(NOON), verdict="error"), None),  # nobody has shown that it is the operator's
        (called("9" * 12), None),
        (called("-5"), None),
        (called(""), None),
    ],
)
def test_what_one_exchange_says(heard: Exchange, ahead_ms: int | None) -> None:
    assert sample(heard) == ahead_ms


@pytest.mark.parametrize(
    ("samples", "median", "lag", "wrong"),
    [
        ([0, 0, 0, 0, 0], 0, 30_000, False),
        ([-400, 300, 100, -100, 0, -900_000], 0, 30_000, False),  # one strange answer moves nothing
        ([-31_000] * 5, -31_000, 60_000, True),
        ([-30_000] * 5, -30_000, 30_000, False),
        ([40_000] * 7, 40_000, 30_000, True),  # ahead: no bet is taken later for it
        # One of four servers behind a balancer is late: the middle is fine, the bets are not.
        ([0, 0, 0, -290_000, 0, 0, 0, -290_000], 0, 300_000, False),
        ([-86_400_000] * 5, -86_400_000, 3_600_000, True),  # an hour at most: no rollback waits for a wrong year
    ],
)
def test_what_many_say(samples: list[int], median: int, lag: int, *, wrong: bool) -> None:
    found = offset_of(samples)
    assert found is not None
    assert (found.median_ms, found.lag_ms, found.wrong, of_clock(found) is not None) == (median, lag, wrong, wrong)


def test_a_few_say_nothing() -> None:
    assert offset_of([-99_000] * 4) is None


def test_the_finding_names_the_difference() -> None:
    found = offset_of([-312_400] * 9)
    assert found is not None
    told = of_clock(found)
    assert told is not None
    assert told.code == "CRP-SIG-008"
    assert told.detail == "By the latest 9 answers your server's clock is 312 s behind; 30 s are allowed."


@pytest.mark.parametrize(
    ("lag_ms", "least"),
    [
        (None, 635_000),  # signature 300 s, clock 300 s, send window 5 s, our clocks 30 s
        (30_000, 395_000),  # measured: at most 30 s, and 30 s more
        (300_000, 665_000),
        (3_600_000, 3_965_000),
    ],
)
def test_how_long_a_bet_may_live(lag_ms: int | None, least: int) -> None:
    assert least_max_life_ms(lag_ms) == least


@pytest.mark.parametrize(
    ("lag_ms", "set_ms", "used_ms"),
    [
        (None, 660_000, 660_000),
        (30_000, 395_000, 395_000),
        (60_000, 395_000, 425_000),  # the clock went wrong since it was set
        (270_000, 660_000, 660_000),
        (300_000, 660_000, 665_000),
        (300_000, 900_000, 900_000),
    ],
)
def test_a_lagging_clock_lengthens_what_is_set_too_short(lag_ms: int | None, set_ms: int, used_ms: int) -> None:
    assert max_life_ms(replace(OPERATOR, max_life_ms=set_ms, clock_lag_ms=lag_ms)) == used_ms
