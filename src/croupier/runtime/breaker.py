"""When an operator's wallet has stopped answering: new bets stay outside until it answers again.

Decisions and nothing else: a breaker is told of answers and asked about bets, at moments of boot time (microseconds).
It is never asked about wins, rollbacks and free actions. They go on, and their answers are what shows it that the
wallet is back.
"""

from typing import Literal, NamedTuple

State = Literal["closed", "open", "half_open"]


class Rules(NamedTuple):
    """When it opens, and what closes it."""

    window_us: int = 10_000_000
    """How long an answer counts: at least half of this, at most all of it."""
    answers_min: int = 10
    """Fewer in the window say nothing."""
    unknown_percent: int = 40
    """This share of Unknown among them opens it."""
    pause_us: int = 5_000_000
    """After opening, and then doubled after each bet that was let through to try."""
    pause_max_us: int = 30_000_000
    proofs: int = 3
    """Clear answers in a row that close it; one of them to a bet."""
    calm_us: int = 60_000_000
    """Who opens again so soon after closing begins with the pause that it ended with."""


class Breaker:
    __slots__ = (
        "_bet_failed",
        "_bet_proved",
        "_clear",
        "_clear_before",
        "_closed_at",
        "_half_since",
        "_pause_us",
        "_proofs",
        "_try_at",
        "_unknown",
        "_unknown_before",
        "closed",
        "opened",
        "rules",
    )

    def __init__(self, rules: Rules | None = None) -> None:
        self.rules = rules or Rules()
        self.closed = True
        self.opened = 0
        """How often it did."""
        self._half_since = 0
        self._clear = self._unknown = self._clear_before = self._unknown_before = 0
        self._pause_us = self.rules.pause_us
        self._closed_at: int | None = None
        self._try_at = 0
        self._proofs = 0
        self._bet_proved = self._bet_failed = False

    def state(self, at: int) -> State:
        if self.closed:
            return "closed"
        return "half_open" if at >= self._try_at else "open"

    def may_bet(self, at: int) -> bool:
        """Whether a new bet may begin. While it is open one may now and then, to try: so ask for one bet once."""
        if self.closed:
            return True
        if at < self._try_at:
            return False
        self._pause_us = min(2 * self._pause_us, self.rules.pause_max_us)
        self._try_at = at + self._pause_us
        return True

    def heard(self, at: int, *, clear: bool, bet: bool) -> None:
        """A wallet call has ended. `clear`: the answer means something, be it yes or no; else it is Unknown."""
        if not self.closed:
            self._tried(at, clear=clear, bet=bet)
            return
        if at - self._half_since >= self.rules.window_us // 2:
            self._turn(at)
        if clear:
            self._clear += 1
            return
        self._unknown += 1
        unknown = self._unknown + self._unknown_before
        total = unknown + self._clear + self._clear_before
        if total >= self.rules.answers_min and 100 * unknown >= self.rules.unknown_percent * total:
            self._open(at)

    def _turn(self, at: int) -> None:
        recent = at - self._half_since < self.rules.window_us
        self._clear_before = self._clear if recent else 0
        self._unknown_before = self._unknown if recent else 0
        self._clear = self._unknown = 0
        self._half_since = at

    def _open(self, at: int) -> None:
        if self._closed_at is None or at - self._closed_at >= self.rules.calm_us:
            self._pause_us = self.rules.pause_us
        self.closed = False
        self.opened += 1
        self._try_at = at + self._pause_us
        self._proofs = 0
        self._bet_proved = self._bet_failed = False

    def _tried(self, at: int, *, clear: bool, bet: bool) -> None:
        if not clear:
            self._proofs = 0
            self._bet_proved = False
            self._bet_failed = self._bet_failed or bet
            return
        self._proofs += 1
        if bet:
            self._bet_proved, self._bet_failed = True, False
        if self._proofs >= self.rules.proofs and self._bet_proved:
            self._close(at)
        elif not self._bet_failed:
            # It answers: the next bet need not wait. Where only bets fail, other answers prove nothing about them.
            self._try_at = min(self._try_at, at)

    def _close(self, at: int) -> None:
        self.closed = True
        self._closed_at = self._half_since = at
        self._clear = self._unknown = self._clear_before = self._unknown_before = 0


class Allowance:
    """So many a second, a few of them at once: a token bucket that keeps one number, when it is full again."""

    __slots__ = ("_full_at", "burst", "every_us")

    def __init__(self, per_s: int, burst: int) -> None:
        self.every_us = 1_000_000 // per_s
        self.burst = burst
        self._full_at = 0

    def has(self, at: int) -> bool:
        return self._full_at - at <= (self.burst - 1) * self.every_us

    def take(self, at: int) -> None:
        self._full_at = max(self._full_at, at) + self.every_us
