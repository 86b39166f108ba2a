"""Puts a platform together: the real world, the registry, the runner, and the care that goes on in the background."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg

from croupier.api.platform import Links, Platform
from croupier.dialects import DIALECTS
from croupier.games.catalogue import GAMES
from croupier.main.database import vault
from croupier.main.settings import Settings
from croupier.runtime.admission import Admission, Load
from croupier.runtime.clock import SystemClock
from croupier.runtime.directory import OperatorDirectory
from croupier.runtime.entropy import SystemIds, SystemRng
from croupier.runtime.play_money import PlayMoney
from croupier.runtime.recovery import recover, tend
from croupier.runtime.round_runner import RoundRunner
from croupier.runtime.wallet_client import WalletClient
from croupier.runtime.world import World
from croupier.store.exchanges import ExchangeWriter
from croupier.store.journal import PostgresJournal
from croupier.store.memory import MemoryJournal, Streams
from croupier.store.partitions import make_partitions
from croupier.store.projections import lag_ms
from croupier.store.registry import Pool, Registry

log = logging.getLogger("croupier.platform")
GAUGE_S = 0.25


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Platform]:
    """A platform that serves, recovers what an earlier process left, and ends in order."""
    clock, ids, outcomes = SystemClock(), SystemIds(), SystemRng()
    async with AsyncExitStack() as ending:
        durable = PostgresJournal(settings.database_url, now=clock.now, random=ids.random)
        await durable.open()
        ending.push_async_callback(durable.close)
        registry = Registry(durable.pool, vault(settings))
        directory = OperatorDirectory(registry, clock, durable.writer)
        await directory.start()
        ending.push_async_callback(directory.close)
        exchanges = ExchangeWriter(durable.pool)
        await exchanges.start()
        ending.push_async_callback(exchanges.close)
        network = WalletClient()
        ending.callback(network.close)
        journal = durable
        if settings.journal == "memory":
            log.warning("rounds are kept in memory only: no money may be played for")
            journal = MemoryJournal(Streams(), now=clock.now, random=ids.random)  # type: ignore[assignment]
        load = Load(append_wait_ms=durable.oldest_waiting_ms, settings_stale=lambda: directory.stale)
        admission = Admission(load)
        world = World(clock, outcomes, ids, network, journal, exchanges)
        runner = RoundRunner(world, directory, GAMES, DIALECTS, admission)
        ending.push_async_callback(runner.close)
        platform = Platform(
            world=world,
            pool=durable.pool,
            registry=registry,
            directory=directory,
            runner=runner,
            play_money=PlayMoney(clock, outcomes, ids, GAMES, Admission()),
            games=GAMES,
            replay_key=await registry.platform_secret("replay links"),
            links=Links(settings.public, settings.casino_url or None),
        )
        for name, work in (
            ("recovery", _recover(runner)),
            ("care", tend(runner)),
            ("gauges", _gauges(load, durable.pool)),
            ("partitions", _partitions(settings.database_url, clock)),
        ):
            ending.push_async_callback(_ended, asyncio.create_task(_logged(name, work)))
        yield platform


async def _recover(runner: RoundRunner) -> None:
    resumed = await recover(runner)
    if resumed:
        log.info("%s unfinished rounds resumed", resumed)


async def _gauges(load: Load, pool: Pool) -> None:
    """What admission looks at: how late this loop is, and how far lists lag behind."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(GAUGE_S)
        load.loop_lag_ms = max(0, int((time.monotonic() - began - GAUGE_S) * 1000))
        with contextlib.suppress(Exception):
            load.projector_lag_ms = await lag_ms(pool)


async def _partitions(dsn: str, clock: SystemClock) -> None:
    """The journal's next months, looked after daily; the start made them already."""
    while True:
        await asyncio.sleep(86_400)
        with contextlib.suppress(OSError, asyncpg.PostgresError):
            connection = await asyncpg.connect(dsn)
            try:
                await make_partitions(connection, clock.now())
            finally:
                await connection.close()


async def _logged(name: str, work: Coroutine[object, object, None]) -> None:
    try:
        await work
    except Exception:
        log.exception("%s ended", name)


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
