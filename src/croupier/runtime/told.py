"""When the player can be told how a request ended, or that it takes longer."""

import asyncio

from croupier.runtime.limits import Limits


class Told:
    """Several may wait for it (a repeated request does), and one that leaves does not disturb the others."""

    __slots__ = ("_waiting", "done")

    def __init__(self) -> None:
        self.done = False
        self._waiting: list[asyncio.Future[None]] = []

    def tell(self) -> None:
        self.done = True
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def heard(self, limits: Limits) -> None:
        """Waits until it is told; when the time is over everybody is."""
        if self.done:
            return
        waiter: asyncio.Future[None] = limits.loop.create_future()
        self._waiting.append(waiter)
        limit = limits.begin(self.tell)
        try:
            await waiter
        finally:
            limits.end(limit)
