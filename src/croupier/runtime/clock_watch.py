"""Looks at the clocks of operators in what was exchanged with them, when that is written: never while a round waits."""

import logging
from collections import deque
from collections.abc import Sequence
from itertools import islice

from croupier.domain.exchange import Exchange
from croupier.wallet.clocks import KEPT, ClockOffset, offset_of, sample

LOOKED_AT, EACH_TIME = 50, 5
"""Of one look, which may be at hundreds of exchanges of the same second."""

log = logging.getLogger("croupier.clocks")


class ClockWatch:
    def __init__(self) -> None:
        self.offsets: dict[str, ClockOffset] = {}
        self._samples: dict[str, deque[int]] = {}
        self._fresh: set[str] = set()

    def look(self, operator_id: str, exchanges: Sequence[Exchange]) -> None:
        """What a check of the wallet provokes on purpose does not count."""
        said = (None if e.certification_id else sample(e) for e in exchanges[-LOOKED_AT:])
        for ahead_ms in islice((one for one in said if one is not None), EACH_TIME):
            self._samples.setdefault(operator_id, deque(maxlen=KEPT)).append(ahead_ms)
            self._fresh.add(operator_id)

    def measured(self) -> dict[str, ClockOffset]:
        """Those of which something new was heard since this was asked. Says in the log when one becomes wrong."""
        fresh, self._fresh = self._fresh, set()
        found: dict[str, ClockOffset] = {}
        for operator_id in fresh:
            offset = offset_of(self._samples[operator_id])
            if offset is None:
                continue
            before = self.offsets.get(operator_id)
            if offset.wrong and (before is None or not before.wrong):
                log.warning("the clock of operator %s is %.1f s off ours", operator_id, offset.median_ms / 1000)
            self.offsets[operator_id] = found[operator_id] = offset
        return found
