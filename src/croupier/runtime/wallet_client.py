"""Sends a request to an operator's server once, and says what came back: our own HTTP client, 7 µs a call.

Never sends twice: whether a call may be repeated is a money rule, and those live in `rounds`. The one exception is
a connection that could not be made: then certainly nothing was sent, and the next address of the host is tried.
"""

import asyncio
import ssl
from time import perf_counter_ns

from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer, Timing
from croupier.runtime.connections import WARM, Key, NotConnected, Pool
from croupier.runtime.http1 import BODY_MAX, BadUrl, Target, request_bytes

SWEEP_S = 0.02
"""How late a deadline may be noticed. One timer looks at all calls in flight, instead of a timer for each."""

IDLE_SWEEP_S = 0.5

Answer = HttpResponse | NoAnswer


class WalletClient:
    """Keep-alive connections per host. `connections`: at most so many to one host, others wait within their deadline.

    `idle_s`: an idle connection is not used after this time. It is shorter than the 5 s after which common servers
    hang up, because a request that meets a hang-up has no answer, and a bet without an answer is rolled back.
    `body_max`: bytes of an answer. `tls`: instead of the system's trusted roots.
    """

    def __init__(
        self, *, connections: int = 64, idle_s: float = 4.0, body_max: int = BODY_MAX, tls: ssl.SSLContext | None = None
    ) -> None:
        self._body_max = body_max
        self._connections = connections
        self._idle_s = idle_s
        self._tls = tls
        self._pools: dict[Key, Pool] = {}
        self._targets: dict[str, Target] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._timer_is_slow = False

    async def send(self, request: HttpRequest, *, private: bool = False) -> Answer:
        """One attempt, within `request.timeout_ms` from first to last. Never raises but when it is cancelled.

        `private`: loopback and private addresses, and plain http, are allowed (test operators).
        """
        since = perf_counter_ns()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + request.timeout_ms / 1000
        target = self._targets.get(request.url)
        try:
            if target is None:
                target = self._target(request.url)
            data = request_bytes(request, target)
        except BadUrl as error:
            return _unsent("address_not_allowed", str(error), since)
        except ValueError as error:
            return _unsent("bad_http", str(error), since)
        if target.scheme == "http" and not private:
            return _unsent("address_not_allowed", "http is for test operators; live ones need https", since)
        pool = self._pool(target, private=private)
        connection = pool.take(loop.time())
        timing = WARM
        if connection is None:
            try:
                connection, timing = await pool.open(deadline, self._tls_context)
            except NotConnected as error:
                return _unsent(error.why, error.detail, since)
        waiter: asyncio.Future[Answer] = loop.create_future()
        connection.start(data, waiter, deadline=deadline, timing=timing, since=since)
        pool.active.add(connection)
        if self._timer is None or self._timer_is_slow:
            self._look_again(loop, busy=True)
        try:
            return await waiter
        except asyncio.CancelledError:
            connection.abort()
            raise

    def close(self) -> None:
        """Drop all connections; calls in flight end as `reset`."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for pool in self._pools.values():
            pool.close()

    def counts(self) -> dict[str, int]:
        """``{"open", "busy", "idle", "waiting"}`` over all hosts, for metrics and tests."""
        pools = self._pools.values()
        return {
            "open": sum(pool.size for pool in pools),
            "busy": sum(len(pool.active) for pool in pools),
            "idle": sum(len(pool.idle) for pool in pools),
            "waiting": sum(len(pool.waiting) for pool in pools),
        }

    def _target(self, url: str) -> Target:
        target = Target.of(url)
        if len(self._targets) >= 4096:
            self._targets.clear()
        self._targets[url] = target
        return target

    def _pool(self, target: Target, *, private: bool) -> "Pool":
        # A connection that was allowed for a test operator is never lent to a live one.
        key = (target.scheme, target.host, target.port, private)
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = Pool(key, limit=self._connections, idle_s=self._idle_s, body_max=self._body_max)
        return pool

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        return self._tls

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        busy = False
        for key, pool in list(self._pools.items()):
            pool.sweep(now)
            if pool.active:
                busy = True
            elif pool.unused:
                del self._pools[key]
        self._timer = None
        if self._pools:
            self._look_again(loop, busy=busy)

    def _look_again(self, loop: asyncio.AbstractEventLoop, *, busy: bool) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_later(SWEEP_S if busy else IDLE_SWEEP_S, self._sweep, loop)
        self._timer_is_slow = not busy


def _unsent(why: str, detail: str, since: int) -> NoAnswer:
    return NoAnswer(why, detail, sent=False, timing=Timing(total_us=(perf_counter_ns() - since) // 1000))
