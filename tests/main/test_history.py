"""Past rounds of the demo: whole evenings, however their process ends. Nobody answers at their wallet's address."""

import asyncio
import os
import sys
import time

import pytest

from croupier.main.database import vault
from croupier.main.history import history_operator, make
from croupier.main.settings import Settings
from croupier.store.connect import connect, open_pool
from croupier.store.projection_tables import Projections
from croupier.store.registry import Registry


@pytest.fixture
async def settings(postgres_dsn, tmp_path):
    found = Settings.read({}, tmp_path / "none", data=tmp_path, database_url=postgres_dsn)
    pool = await open_pool(postgres_dsn, "test", 1)
    await Registry(pool, vault(found)).add_operator(history_operator(), 1)
    await pool.close()
    return found


async def rounds(settings):
    """State -> how many rounds of the past are in it, as the projector sees the journal."""
    projections = await Projections.open(settings.database_url)
    try:
        assert projections is not None
        while await projections.follow(time.time_ns() // 1000):
            pass
        found = await projections.connection.fetch("SELECT state, count(*) FROM rounds GROUP BY state")
        return dict(found)
    finally:
        await projections.close()


async def test_as_many_rounds_as_wanted_all_of_them_over(settings):
    told = []
    assert await make(settings, 150, told.append) == 150
    assert told[-1] == 150
    assert await rounds(settings) == {"closed": 150}
    assert await make(settings, 150, told.append) == 0, "a second start has nothing to do"


async def test_who_is_killed_leaves_no_round_that_goes_on(settings):
    environment = {**os.environ, **settings.environment()}
    command = [sys.executable, "-m", "croupier.main.history", "100000"]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    try:
        db = await connect(settings.database_url, "test")
        until = time.monotonic() + 60
        while not await db.fetchval("SELECT count(*) > 500 FROM journal"):
            assert process.returncode is None
            assert time.monotonic() < until
            await asyncio.sleep(0.02)
        await db.close()
    finally:
        process.kill()
        await process.wait()
    states = await rounds(settings)
    assert states.pop("closed") > 100
    assert not states
