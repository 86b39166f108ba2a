"""The system's clock and sleep: what `World.clock` is in production."""

import asyncio
import time


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1000

    def boot(self) -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
