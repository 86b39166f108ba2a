"""The system's clock and sleep: what `World.clock` is in production."""

import asyncio
import time


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1000

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
