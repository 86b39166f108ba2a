"""Asked once before a bet is recorded: is there room? Never asked for a free action, a win or a rollback."""

from collections.abc import Callable
from dataclasses import dataclass

from croupier.domain.refusal import Refused

APPEND_WAIT_MS_MAX = 250
LOOP_LAG_MS_MAX = 100
PROJECTOR_LAG_MS_MAX = 5_000
CALLS_IN_FLIGHT_MAX = 512
RETRIES_PENDING_MAX = 2_000


@dataclass
class Load:
    """How busy this process is. Gauges that others set; the calls of each operator are counted here."""

    append_wait_ms: Callable[[], int] = lambda: 0
    may_bet: Callable[[], bool] = lambda: True
    """Lease, clock and settings of this process are good."""
    loop_lag_ms: int = 0
    projector_lag_ms: int = 0


class Admission:
    def __init__(self, load: Load | None = None) -> None:
        self.load = load or Load()
        self.running: dict[str, int] = {}
        """Operator -> rounds that wait for its wallet."""

    def check(self, operator_id: str) -> None:
        """Refused ``busy``: nothing is recorded, no money was asked for."""
        load = self.load
        if (
            load.append_wait_ms() > APPEND_WAIT_MS_MAX
            or load.loop_lag_ms > LOOP_LAG_MS_MAX
            or load.projector_lag_ms > PROJECTOR_LAG_MS_MAX
            or not load.may_bet()
        ):
            raise Refused("busy", "The platform is catching up. Try again in a moment; no money was moved.")
        if self.running.get(operator_id, 0) >= CALLS_IN_FLIGHT_MAX + RETRIES_PENDING_MAX:
            raise Refused("busy", "Too many rounds wait for this casino's wallet. No money was moved.")

    def entered(self, operator_id: str) -> None:
        self.running[operator_id] = self.running.get(operator_id, 0) + 1

    def left(self, operator_id: str) -> None:
        self.running[operator_id] -= 1
