"""Did this machine stand still? A wallet is not to blame for answers that nobody was there to read.

A process that is stopped, a laptop that sleeps, a machine without a free core: the loop wakes late. How late is
measured by a clock that nobody sets and that also counts sleep.
"""

import asyncio
from typing import Self

from croupier.runtime.world import Clock

BEAT_US = 50_000
LATE_MAX_US = 1_000_000


def stood_twice(stood_us: int, meanwhile: str, again: str) -> str:
    """What an ERROR says; `again`: what is to be tried once more."""
    stood = f"this machine, not the wallet, stood still for {stood_us / 1_000_000:.1f} s while {meanwhile}, twice"
    return f"{stood}: nothing can be said. Try {again} again"


class Standstill:
    """Beats while it is entered. `limit_ms`: the wallet's; what takes a quarter of it away is too long."""

    def __init__(self, clock: Clock, limit_ms: int) -> None:
        self._clock = clock
        self._most = min(LATE_MAX_US, limit_ms * 1000 // 4)
        self._last = clock.boot()
        self._stood = 0
        self._beating: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._last = self._clock.boot()
        self._beating = asyncio.create_task(self._beat())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._beating is not None:
            self._beating.cancel()

    async def _beat(self) -> None:
        while True:
            await self._clock.sleep(BEAT_US / 1_000_000)
            self._look()

    def _look(self) -> None:
        now = self._clock.boot()
        late = now - self._last - BEAT_US
        self._last = now
        if late > self._most:
            self._stood += late

    def told(self) -> int:
        """For how long, in microseconds, since this was asked last; 0 = not worth speaking of."""
        self._look()
        stood, self._stood = self._stood, 0
        return stood
