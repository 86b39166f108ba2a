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
from croupier.runtime.shares import Shares

SWEEP_S = 0.02
"""How late a deadline may be noticed. One timer looks at all calls in flight, instead of a timer for each."""

IDLE_SWEEP_S = 0.5

CONNECTIONS_MAX = 64
CONNECTIONS_OF_ALL_MAX = 4_096

Answer = HttpResponse | NoAnswer


class WalletClient:
    """Keep-alive connections per operator and host.

    `connections`: at most so many of one operator, others wait within their deadline; `connections_of_all`: of all
    together, see `Shares`.
    `idle_s`: an idle connection is not used after this time. It is shorter than the 5 s after which common servers
    hang up, because a request that meets a hang-up has no answer, and a bet without an answer is rolled back.
    `body_max`: bytes of an answer. `tls`: instead of the system's trusted roots.
    """

    def __init__(
        self,
        *,
        connections: int = CONNECTIONS_MAX,
        connections_of_all: int = CONNECTIONS_OF_ALL_MAX,
        idle_s: float = 4.0,
        body_max: int = BODY_MAX,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._body_max = body_max
        self._shares = Shares(connections, connections_of_all)
        self._idle_s = idle_s
        self._tls = tls
        self._pools: dict[Key, Pool] = {}
        self._targets: dict[str, Target] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_is_slow = False

    async def send(
        self, request: HttpRequest, *, private: bool = False, operator_id: str = "", owed: bool = False
    ) -> Answer:
        """One attempt, within `request.timeout_ms` from first to last. Never raises but when it is cancelled.

        `private`: loopback and private addresses, and plain http, are allowed (test operators).
        `operator_id`, `owed`: see `Network`.
        """
        since = perf_counter_ns()
        loop = self._loop
        if loop is None:
            loop = self._loop = asyncio.get_running_loop()
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
        pool = self._pool(target, operator_id, private=private)
        connection = pool.take(loop.time())
        timing = WARM
        if connection is None:
            try:
                if not self._shares.room(operator_id):
                    self._make_room(loop, operator_id)
                connection, timing = await pool.open(deadline, self._tls_context, owed=owed)
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
            "waiting": sum(pool.waiting for pool in pools),
        }

    def _target(self, url: str) -> Target:
        target = Target.of(url)
        if len(self._targets) >= 4096:
            self._targets.clear()
        self._targets[url] = target
        return target

    def _pool(self, target: Target, operator_id: str, *, private: bool) -> "Pool":
        # A connection of one operator is never lent to another one at the same host, which may be a live one.
        key = (target.scheme, target.host, target.port, private, operator_id)
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = Pool(key, self._shares, idle_s=self._idle_s, body_max=self._body_max)
        return pool

    def _make_room(self, loop: asyncio.AbstractEventLoop, operator_id: str) -> None:
        """Drop a connection that nobody uses: of this operator to another host, or where all have too many, of any."""
        if self._timer is None or self._timer_is_slow:
            self._look_again(loop, busy=True)  # who waits in another pool hears there of the room that this makes
        crowded = self._shares.held.get(operator_id, 0) < self._shares.each
        for pool in self._pools.values():
            if pool.idle and (crowded or pool.operator_id == operator_id):
                pool.idle[0].abort()
                return

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
            if pool.active or pool.waiting:
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
