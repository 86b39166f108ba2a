"""Virtual time: sleeping costs nothing, the clock jumps to whatever is due next."""

import asyncio
import selectors

START_US = 1_795_000_000_000_000
"""When every simulation begins, microseconds since 1970."""


class NothingWillHappen(Exception):
    """Everybody waits and no timer runs: a deadlock."""


class _NoSockets(selectors.SelectSelector):
    """Nothing to listen to; waiting moves the loop's time on instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise NothingWillHappen
        self.now += max(0.0, timeout)
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop that never waits for real."""

    def __init__(self) -> None:
        self._time = _NoSockets()
        super().__init__(self._time)

    def time(self) -> float:
        return self._time.now

    def stall(self, seconds: float) -> None:
        """Time passes while nothing runs: a stopped process, a long garbage collection, a machine that swaps."""
        self._time.now += seconds


class SimulatedClock:
    """`World.clock`; `step_us` is how far the wall clock was set forward or back."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        self._loop = loop
        self.stall = loop.stall
        self.step_us = 0

    def now(self) -> int:
        return START_US + int(self._loop.time() * 1_000_000) + self.step_us

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
