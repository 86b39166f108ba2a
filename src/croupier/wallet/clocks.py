"""How far an operator's clock is from ours, by what it says of the time; and what that asks of `max_life`.

A wallet's `Date`, or the time stamp of a signed call to us, has whole seconds and was on its way for a while. So one
says little: the middle of the latest ones is the clock.
"""

from collections.abc import Sequence
from email.utils import parsedate_to_datetime

import msgspec

from croupier.domain.exchange import Exchange, HttpResponse
from croupier.domain.parties import Operator

LEAST = 5
"""So many are needed to say anything."""
KEPT = 31
ROUND_TRIP_MAX_US = 5_000_000
"""An answer that took longer says too little of when it was given."""

ALARM_MS = 30_000
"""A clock further off is called wrong: bets are allowed this much difference (`expires_at`)."""
MARGIN_MS = 30_000
"""What is added to the most that was measured."""
STEP_MS = 30_000
"""The lag counts in whole steps, so that it changes seldom."""
LAG_MAX_MS = 3_600_000
"""A clock further behind refuses every call of ours; waiting longer for its late bets helps nobody."""

TOLERANCE_MS = 300_000
"""How old a signature may be; and how far behind a clock may be that nobody has measured."""
OUR_CLOCKS_MS = 30_000

STAMP = "x-timestamp"
"""Of signed calls to us, in the APIs that have it: seconds since 1970."""


class ClockOffset(msgspec.Struct, frozen=True):
    """Milliseconds, plus = the operator's clock is ahead of ours. `lag_ms`: as `Operator.clock_lag_ms`."""

    samples: int
    median_ms: int
    lowest_ms: int
    highest_ms: int
    lag_ms: int

    @property
    def wrong(self) -> bool:
        return abs(self.median_ms) > ALARM_MS


def sample(e: Exchange) -> int | None:
    """What one exchange says of the operator's clock, ms ahead of ours; None = nothing."""
    if e.direction == "in":
        # A call that was done was authentic, so the stamp is the operator's own.
        stamp = (e.request.last_header(STAMP) or "").strip() if e.verdict == "ok" else ""
        return int(stamp) * 1000 + 500 - e.at // 1000 if stamp.isdecimal() and len(stamp) <= 11 else None
    date = e.answer.header("date") if isinstance(e.answer, HttpResponse) else None
    if date is None or e.answer.timing.total_us > ROUND_TRIP_MAX_US:
        return None
    try:
        second = round(parsedate_to_datetime(date).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
    # Written somewhere between our sending and our reading, and somewhere within its second.
    return second * 1000 + 500 - (e.at + e.answer.timing.total_us // 2) // 1000


def offset_of(samples: Sequence[int]) -> ClockOffset | None:
    """None while there are too few. A single strange one moves nothing; servers that differ count by the slowest."""
    if len(samples) < LEAST:
        return None
    ordered = sorted(samples)
    return ClockOffset(len(ordered), ordered[len(ordered) // 2], ordered[0], ordered[-1], _lag_ms(-ordered[1]))


def _lag_ms(behind_ms: int) -> int:
    return min(LAG_MAX_MS, max(1, -(-behind_ms // STEP_MS)) * STEP_MS)


def least_max_life_ms(lag_ms: int | None, send_window_ms: int = 5_000) -> int:
    """Until when a bet can arrive and be taken. `lag_ms`: as measured; None = nobody has.

    A signature's tolerance, the wallet's clock, a call that waits to be sent, and our own clocks.
    """
    skew = TOLERANCE_MS if lag_ms is None else lag_ms + MARGIN_MS
    return TOLERANCE_MS + skew + send_window_ms + OUR_CLOCKS_MS


def max_life_ms(operator: Operator) -> int:
    """As it is set; more while the wallet's clock lags so far that a later bet could still be taken."""
    lag = operator.clock_lag_ms
    if lag is None or lag <= STEP_MS:
        return operator.max_life_ms
    return max(operator.max_life_ms, least_max_life_ms(lag, operator.send_window_ms))
