"""When the player can be told how a request ended, or that it takes longer."""

import asyncio


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

    async def heard(self, at_most_s: float) -> None:
        """Waits until it is told; after `at_most_s` everybody is."""
        if self.done:
            return
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        self._waiting.append(waiter)
        limit = loop.call_later(at_most_s, self.tell)
        try:
            await waiter
        finally:
            limit.cancel()
