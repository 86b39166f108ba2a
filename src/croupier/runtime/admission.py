"""What one operator may take of this process, and whether there is room for a new bet.

Asked once before a bet is recorded, never for a free action, a win or a rollback: those are counted, and go on. Only
how fast they are sent again is bounded, for each operator and for all whose wallets do not answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from croupier.domain.refusal import Refused
from croupier.runtime.breaker import Allowance, Breaker
from croupier.runtime.shares import Shares

APPEND_WAIT_MS_MAX = 250
LOOP_LAG_MS_MAX = 100
PROJECTOR_LAG_MS_MAX = 5_000

CALLS_IN_FLIGHT_MAX = 512
"""Rounds of one operator whose call is on its way."""
CALLS_OF_ALL_MAX = 8_192
RETRIES_PENDING_MAX = 2_000
"""Wins and rollbacks of one operator that wait to be sent again."""
RETRIES_OF_ALL_MAX = 20_000
QUESTIONS_MAX = 64
"""Balances that one operator's wallet is asked for at once."""
QUESTIONS_OF_ALL_MAX = 1_024

RETRIES_PER_S = 50
"""Of one operator whose wallet answers: what waited is delivered soon, and leaves room for what is new."""
RETRIES_AT_ONCE = 100
TRIES_PER_S = 5
"""Of one operator whose wallet does not answer."""
TRIES_AT_ONCE = 5
TRIES_OF_ALL_PER_S = 100
"""Of all operators together whose wallets do not answer."""
WAIT_MAX_US = 10_000_000
"""Longest time until somebody whose turn it was not looks again."""


@dataclass
class Load:
    """How busy this process is: gauges that others set."""

    append_wait_ms: Callable[[], int] = lambda: 0
    may_bet: Callable[[], bool] = lambda: True
    """Lease, clock and settings of this process are good."""
    loop_lag_ms: int = 0
    projector_lag_ms: int = 0


class Standing:
    """How it stands with one operator's wallet."""

    __slots__ = ("breaker", "late", "retries", "shed", "tries", "waiting")

    def __init__(self) -> None:
        self.breaker = Breaker()
        self.retries = Allowance(RETRIES_PER_S, RETRIES_AT_ONCE)
        self.tries = Allowance(TRIES_PER_S, TRIES_AT_ONCE)
        self.waiting = 0
        """Calls whose pause is over and that wait for their turn to be sent again."""
        self.shed = 0
        """Bets refused because of this operator alone."""
        self.late = 0
        """Answers that came when the round had gone on without them."""

    @contextmanager
    def queue(self) -> Iterator[None]:
        self.waiting += 1
        try:
            yield
        finally:
            self.waiting -= 1


class Admission:
    def __init__(self, load: Load | None = None) -> None:
        self.load = load or Load()
        self.calls = Shares(CALLS_IN_FLIGHT_MAX, CALLS_OF_ALL_MAX)
        self.retries = Shares(RETRIES_PENDING_MAX, RETRIES_OF_ALL_MAX)
        self.questions = Shares(QUESTIONS_MAX, QUESTIONS_OF_ALL_MAX)
        self.standings: dict[str, Standing] = {}
        self._tries = Allowance(TRIES_OF_ALL_PER_S, TRIES_OF_ALL_PER_S)

    def of(self, operator_id: str) -> Standing:
        standing = self.standings.get(operator_id)
        if standing is None:
            standing = self.standings[operator_id] = Standing()
        return standing

    def check(self, operator_id: str, boot: Callable[[], int]) -> None:
        """Refused ``busy``: nothing is recorded, no money was asked for. `boot`: the world's boot time."""
        load = self.load
        if (
            load.append_wait_ms() > APPEND_WAIT_MS_MAX
            or load.loop_lag_ms > LOOP_LAG_MS_MAX
            or load.projector_lag_ms > PROJECTOR_LAG_MS_MAX
            or not load.may_bet()
        ):
            raise Refused("busy", "The platform is catching up. Try again in a moment; no money was moved.")
        if not (self.calls.room(operator_id) and self.retries.room(operator_id)):
            self.of(operator_id).shed += 1
            raise Refused("busy", "Too many rounds wait for this casino's wallet. No money was moved.")
        standing = self.of(operator_id)
        if not standing.breaker.closed and not standing.breaker.may_bet(boot()):
            standing.shed += 1
            raise Refused("busy", "This casino's wallet does not answer. Try again in a moment; no money was moved.")

    def entered(self, operator_id: str) -> None:
        """A round is driven from now on, until it has `left`."""
        self.calls.take(operator_id)

    def left(self, operator_id: str) -> None:
        self.calls.give(operator_id)

    @contextmanager
    def pausing(self, operator_id: str) -> Iterator[None]:
        """A round that is driven waits until its call is sent again."""
        self.calls.give(operator_id)
        self.retries.take(operator_id)
        try:
            yield
        finally:
            self.retries.give(operator_id)
            self.calls.take(operator_id)

    @contextmanager
    def question(self, operator_id: str) -> Iterator[None]:
        """Refused ``busy`` when too many wait for a balance already."""
        if not self.questions.room(operator_id):
            raise Refused("busy", "Too many players wait for this casino's wallet. Try again in a moment.")
        self.questions.take(operator_id)
        try:
            yield
        finally:
            self.questions.give(operator_id)

    def may_retry(self, operator_id: str, at: int) -> bool:
        """Whether it may be sent again now, as far as others are concerned; `at`: boot time. True counts as sent."""
        standing = self.of(operator_id)
        if standing.breaker.closed:
            mine = standing.retries
        else:
            mine = standing.tries
            if not self._tries.has(at):
                return False
        if not mine.has(at):
            return False
        mine.take(at)
        if mine is standing.tries:
            self._tries.take(at)
        return True

    def look_again_us(self, operator_id: str, jitter: int) -> int:
        """When to ask `may_retry` again: as many as wait take turns by chance. `jitter`: 0..65535."""
        standing = self.of(operator_id)
        every = (standing.retries if standing.breaker.closed else standing.tries).every_us
        return every + min(WAIT_MAX_US, 2 * every * standing.waiting) * jitter // 65_535
