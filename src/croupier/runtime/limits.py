"""Time limits of many waits at once, all of the same length: one timer looks at them, instead of a timer for each."""

import asyncio
from collections.abc import Callable
from functools import cached_property


class Limits:
    """`seconds`: how long each may last. One that is over is noticed at most an eighth of that later."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._open: dict[int, tuple[float, Callable[[], None]]] = {}
        """In the order of their ends, because all are of the same length."""
        self._last = 0
        self._timer: asyncio.TimerHandle | None = None

    @cached_property
    def loop(self) -> asyncio.AbstractEventLoop:
        """Of the first who asks: whenever Python looks for its loop, it asks the system for the process's id."""
        return asyncio.get_running_loop()

    def begin(self, give_up: Callable[[], None]) -> int:
        """`give_up` is called when it is over. Returns what `end` is told."""
        self._last += 1
        loop = self.loop
        self._open[self._last] = (loop.time() + self._seconds, give_up)
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._look, loop)
        return self._last

    def end(self, limit: int) -> None:
        """It ended in time, or is over already."""
        self._open.pop(limit, None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for limit, (due, give_up) in list(self._open.items()):
            if due > now:
                break
            del self._open[limit]
            give_up()
        self._timer = loop.call_later(self._seconds / 8, self._look, loop) if self._open else None
