"""A seat for one request alone, for a limited time."""

import asyncio
from types import TracebackType

from croupier.runtime.limits import Limits
from croupier.store.records import Unavailable


class Turn:
    """``async with``: holds the lock. Unavailable when all of it takes longer than the limit.

    As `asyncio.timeout` around `asyncio.Lock`, with one timer for all turns: every spin pays for it.
    """

    __slots__ = ("_late", "_limit", "_limits", "_lock", "_task", "_uncancelled")

    def __init__(self, lock: asyncio.Lock, limits: Limits) -> None:
        self._lock = lock
        self._limits = limits
        self._late = False

    async def __aenter__(self) -> None:
        task = asyncio.current_task(self._limits.loop)
        assert task is not None, "a turn belongs to a task"
        self._task = task
        self._uncancelled = task.cancelling()
        self._limit = self._limits.begin(self._give_up)
        try:
            await self._lock.acquire()
        except BaseException as error:
            self._end(error)
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
        self._end(error)

    def _give_up(self) -> None:
        self._late = True
        self._task.cancel()

    def _end(self, error: BaseException | None) -> None:
        self._limits.end(self._limit)
        # By us alone, or by somebody else as well?
        if self._late and self._task.uncancel() <= self._uncancelled and isinstance(error, asyncio.CancelledError):
            raise Unavailable("the store is slow") from error
