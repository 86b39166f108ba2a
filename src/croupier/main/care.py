"""What the worker looks after in the background: idle seats, sessions heard of, its own pace, old keys."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from croupier.api.actions.rechecks import check_again
from croupier.api.platform import Platform
from croupier.api.player.sessions import PlaySessions
from croupier.main.certifying import Certifying
from croupier.main.settings import Settings
from croupier.runtime.admission import Load
from croupier.runtime.clock_watch import ClockWatch
from croupier.runtime.lease import CLOCKS_US, Lease
from croupier.runtime.recovery import adopt, end_abandoned, tend
from croupier.runtime.repairs import Repairs
from croupier.store.certifications import forget_certifications
from croupier.store.clocks import note_clock
from croupier.store.connect import TROUBLE
from croupier.store.exchange_retention import forget_exchanges
from croupier.store.groups import forget_calls
from croupier.store.idempotency import forget_old
from croupier.store.migrate import pending
from croupier.store.partitions import months_ahead, renew_partitions
from croupier.store.reads import freshness
from croupier.store.records import Unavailable
from croupier.store.retries import asked_lately, forget_retries

LAG_PAUSE_S = 0.05
LAG_SAMPLES = 6
RETRIES_REMEMBERED = 100_000
"""Wishes to send something again that were seen: more than can be asked for in the seconds they stay."""
MINUTE_S = 60.0
HOUR_S = 3600.0
DAY_S = 24 * HOUR_S

log = logging.getLogger("croupier.worker")


class Care:
    def __init__(
        self,
        platform: Platform,
        sessions: PlaySessions,
        load: Load,
        lease: Lease,
        settings: Settings,
        clocks: ClockWatch,
    ) -> None:
        self.platform = platform
        self.dsn = settings.database_url
        self.certifying = Certifying(platform, settings)
        self.sessions = sessions
        self.load = load
        self.repairs = Repairs(platform.runner)
        self.lease = lease
        self.clocks = clocks
        self._migrated = False
        self._retried: deque[int] = deque(maxlen=RETRIES_REMEMBERED)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        work: tuple[Coroutine[Any, Any, None], ...] = (
            self.lease.run(),
            adopt(self.platform.runner),
            tend(self.platform.runner),
            tend(self.platform.play_money.runner),
            self._watch_loop(),
            self._every(1.0, self._watch_projector),
            self._every(15.0, self.sessions.write_touched),
            self._every(1.0, self._look_for_repairs),
            self._every(1.0, self._look_for_retries),
            self._every(2.0, self._tell_sums),
            self._every(10.0, self.note_clocks),
            self._every(0.5, self.certifying.look),
            self._every(MINUTE_S, self._check_again),
            self._every(HOUR_S, self._forget),
            self._every(MINUTE_S, self._end_abandoned),
            self._every(DAY_S, self._make_partitions),
        )
        self._tasks = [asyncio.create_task(one) for one in work]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.repairs.close()
        with contextlib.suppress(*TROUBLE):
            await self.certifying.close()
        with contextlib.suppress(*TROUBLE):
            await self.sessions.write_touched()

    async def not_ready(self) -> str | None:
        """Why this worker cannot serve; None when it can."""
        try:
            async with asyncio.timeout(2):
                ahead = await months_ahead(self.platform.pool, self.platform.now())
                missing = () if self._migrated else await pending(self.dsn)
        except TROUBLE as error:
            return f"the database does not answer: {error}"
        self._migrated = not missing
        if missing:
            return f"migrations are missing: {', '.join(missing)}"
        if ahead < 1:
            return "the journal has no partition for the next month"
        if self.platform.directory.stale:
            return "settings are older than 3 s"
        if abs(self.lease.clock_differs_us) > CLOCKS_US:
            return f"this machine's clock differs from the database's by {self.lease.clock_differs_us / 1e6:.1f} s"
        return None if self.lease.may_bet else "no heartbeat of this worker reached the database for 3 s"

    async def _watch_loop(self) -> None:
        """How late a timer rings is how long everybody waits. One hiccup is no load: the least of some counts."""
        loop = asyncio.get_running_loop()
        recent: deque[float] = deque([0.0], maxlen=LAG_SAMPLES)
        while True:
            due = loop.time() + LAG_PAUSE_S
            await asyncio.sleep(LAG_PAUSE_S)
            recent.append(loop.time() - due)
            self.load.loop_lag_ms = int(min(recent) * 1000)

    async def _watch_projector(self) -> None:
        seen = await freshness(self.platform.pool, self.platform.now(), wait=False)
        self.load.projector_lag_ms = seen.lag_ms

    async def _look_for_repairs(self) -> None:
        await self.repairs.look(self.platform.pool)

    async def _look_for_retries(self) -> None:
        asked = await asked_lately(self.platform.pool, self._retried)
        for transaction_id in asked.values():
            self.platform.runner.driver.hurry(transaction_id)
        self._retried.extend(asked)

    async def _tell_sums(self) -> None:
        if self.lease.first:
            with contextlib.suppress(Unavailable):  # an absent store is asked again
                await self.platform.runner.settlements.look()

    async def note_clocks(self) -> None:
        for operator_id, measured in self.clocks.measured().items():
            await note_clock(self.platform.pool, operator_id, self.platform.now(), measured)

    async def _end_abandoned(self) -> None:
        if self.lease.first:
            with contextlib.suppress(Unavailable):  # an absent store is asked again in a minute
                await end_abandoned(self.platform.runner)

    async def _check_again(self) -> None:
        if self.lease.first:
            await check_again(self.platform)

    async def _forget(self) -> None:
        await forget_old(self.platform.pool, self.platform.now())
        await forget_exchanges(self.platform.pool, self.platform.now())
        await forget_retries(self.platform.pool)
        await forget_calls(self.platform.pool, self.platform.now())
        await forget_certifications(self.platform.pool)

    async def _make_partitions(self) -> None:
        await renew_partitions(self.dsn, self.platform.now())

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await work()
            except TROUBLE as error:
                log.warning("%s: %s", work.__name__, error)
