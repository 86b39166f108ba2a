"""A clock that goes as the system's does and can be stepped: whoever sleeps through the step wakes at its end."""

import asyncio
import time

import msgspec

from croupier.store.leases import Heard, Leases


class SteppedClock:
    def __init__(self) -> None:
        self.ahead_us = 0
        self._sleepers: dict[asyncio.Future[None], int] = {}

    def now(self) -> int:
        return time.time_ns() // 1000 + self.ahead_us

    def boot(self) -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers[woken] = self.now() + int(seconds * 1_000_000)
        try:
            async with asyncio.timeout(seconds):
                await woken
        except TimeoutError:
            pass
        finally:
            del self._sleepers[woken]

    def step(self, seconds: float) -> None:
        self.ahead_us += int(seconds * 1_000_000)
        for woken, due in self._sleepers.items():
            if due <= self.now() and not woken.done():
                woken.set_result(None)

    def back(self) -> None:
        """To the system's time."""
        self.ahead_us = 0


class LeasesAt:
    """Leases whose store has this clock too: a step is a step of the whole world, not of one machine in it."""

    def __init__(self, real: Leases, clock: SteppedClock) -> None:
        self.enter, self.leave, self.ask = real.enter, real.leave, real.ask
        self._real = real
        self._clock = clock

    async def beat(self, writer: str, applied: int) -> Heard:
        heard = await self._real.beat(writer, applied)
        return msgspec.structs.replace(heard, at=self._clock.now())
