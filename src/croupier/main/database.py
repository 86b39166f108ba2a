"""The command line's way to the database: the configured one, the running one, or one started for a moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from croupier.main.processes import to_stderr
from croupier.main.settings import Settings
from croupier.store.catch_up import catch_up
from croupier.store.connect import Pool, open_pool
from croupier.store.embedded import EmbeddedPostgres, dsn_of_running
from croupier.store.migrate import migrate
from croupier.store.registry import Registry
from croupier.store.vault import Vault, master_keys


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """How to reach the database, its schema up to date. Beside a running platform nothing is started."""
    running = settings.database_url or dsn_of_running(settings.data)
    if running:
        await migrate(running)
        yield running
        return
    server = EmbeddedPostgres(settings.data, to_stderr)
    server.start()
    try:
        server.wait_ready()
        await migrate(server.dsn)
        yield server.dsn
    finally:
        server.stop()


@asynccontextmanager
async def registry(settings: Settings) -> AsyncIterator[Registry]:
    async with database(settings) as dsn:
        pool: Pool = await open_pool(dsn, "command line", size=2)
        try:
            yield Registry(pool, vault(settings))
        finally:
            await pool.close()


@asynccontextmanager
async def caught_up(settings: Settings, seconds: float) -> AsyncIterator[Registry]:
    """As `registry`, with everything projected that was recorded until now. Behind when that takes longer."""
    async with database(settings) as dsn:
        pool: Pool = await open_pool(dsn, "command line", size=4)
        try:
            await catch_up(dsn, pool, seconds)
            yield Registry(pool, vault(settings))
        finally:
            await pool.close()


def vault(settings: Settings) -> Vault:
    return Vault(*master_keys(settings.data, settings.master_key or None))
