"""Virtual time: sleeping costs nothing, the clock jumps to whatever is due next."""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import TypeVarTuple, Unpack

Args = TypeVarTuple("Args")

START_US = 1_795_000_000_000_000
"""When every simulation begins, microseconds since 1970."""


class NothingWillHappen(Exception):
    """Everybody waits and no timer runs: a deadlock."""


class Due:
    """What is to be called, now or at a moment; as asyncio's handles, and half their price."""

    __slots__ = ("args", "call", "context", "moment")

    def __init__(
        self, call: Callable[..., object], args: tuple[object, ...], context: Context | None, moment: float
    ) -> None:
        self.call: Callable[..., object] | None = call
        self.args = args
        self.context = context if context is not None else copy_context()
        self.moment = moment

    def cancel(self) -> None:
        self.call = None
        self.args = ()

    def cancelled(self) -> bool:
        return self.call is None

    def when(self) -> float:
        return self.moment


class VirtualTimeLoop(asyncio.BaseEventLoop):
    """An event loop without sockets that never waits for real: it does what is due and moves its time to the next.

    What is due at one moment runs in the order in which it was asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._asked = 0
        self._soon: deque[Due] = deque()
        self._timers: list[tuple[float, int, Due]] = []
        self._stopped = False

    def time(self) -> float:
        return self._now

    def stall(self, seconds: float) -> None:
        """Time passes while nothing runs: a stopped machine, one that swaps, a very long garbage collection."""
        self._now += seconds

    def call_soon(
        self, callback: Callable[[Unpack[Args]], object], *args: *Args, context: Context | None = None
    ) -> asyncio.Handle:
        due = Due(callback, args, context, self._now)
        self._soon.append(due)
        return due  # type: ignore[return-value] # it can all that callers do with a handle

    def call_later(
        self,
        delay: float,
        callback: Callable[[Unpack[Args]], object],
        *args: *Args,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        due = Due(callback, args, context, self._now + delay)
        self._asked += 1
        heapq.heappush(self._timers, (due.moment, self._asked, due))
        return due  # type: ignore[return-value] # as above

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Args]], object],
        *args: *Args,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        due = Due(callback, args, context, when)
        self._asked += 1
        heapq.heappush(self._timers, (when, self._asked, due))
        return due  # type: ignore[return-value] # as above

    def stop(self) -> None:
        self._stopped = True

    def run_forever(self) -> None:
        """Until `stop`. Raises NothingWillHappen when nobody is left who could call it."""
        soon, timers = self._soon, self._timers
        asyncio._set_running_loop(self)  # noqa: SLF001 - what the library keeps for those who write loops
        try:
            while not self._stopped:
                while timers and (timers[0][0] <= self._now or not soon):
                    moment, _, due = heapq.heappop(timers)
                    if due.call is not None:
                        self._now = max(self._now, moment)
                        soon.append(due)
                if not soon:
                    raise NothingWillHappen
                for _ in range(len(soon)):
                    due = soon.popleft()
                    if due.call is None:
                        continue
                    try:
                        due.context.run(due.call, *due.args)
                    except (SystemExit, KeyboardInterrupt):
                        raise
                    except BaseException as error:  # noqa: BLE001 - as every loop: told, and the others go on
                        self.call_exception_handler({"message": f"{due.call!r} raised {error!r}", "exception": error})
        finally:
            self._stopped = False
            asyncio._set_running_loop(None)  # noqa: SLF001 - as above


class SimulatedClock:
    """`World.clock`; `step_us` is how far the wall clock was set forward or back."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        self._loop = loop
        self.stall = loop.stall
        self.step_us = 0

    def now(self) -> int:
        return START_US + int(self._loop.time() * 1_000_000) + self.step_us

    def boot(self) -> int:
        return int(self._loop.time() * 1_000_000)

    async def sleep(self, seconds: float) -> None:
        """As asyncio's, at two thirds of its price: nobody waits as often as a simulated world."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = self._loop.create_future()
        timer = self._loop.call_later(seconds, _wake, woken)
        try:
            await woken
        except asyncio.CancelledError:
            timer.cancel()
            raise


def _wake(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)
