"""Clocks that are set while players play: the platform's own, and PostgreSQL's (Debian's `faketime`)."""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from crashes.doomed_demo import POSTGRES_CLOCK, faketime
from crashes.house import House, doomed_house
from croupier.store.embedded import dsn_of_running
from journeys.players import perform

FAR_S = 3600
NEAR_S = (120, -45, 0)
"""Ahead by more than a bet's life, behind by less than the operator allows for, right again."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("clocks")
    handle, name = tempfile.mkstemp(prefix="croupier-clock-")
    os.close(handle)
    shown = Path(name)
    _show(shown, 0)
    try:
        yield from doomed_house(folder, **{POSTGRES_CLOCK: name})
    finally:
        shown.unlink()


def test_our_clock_is_set(house: House):
    perform(_set_ours(house))


async def _set_ours(house: House) -> None:
    async with house.load():
        for seconds in NEAR_S:
            await asyncio.sleep(1.0)
            house.set_clock(seconds)
        await asyncio.sleep(1.5)
    assert house.rounds_played > 0


@pytest.mark.skipif(faketime() is None, reason="faketime is missing (Debian, Ubuntu: apt install faketime)")
def test_the_clock_of_the_database_is_set(house: House):
    perform(_set_the_databases(house))


async def _set_the_databases(house: House) -> None:
    async with house.load():
        for seconds in (FAR_S, -FAR_S, 0):
            await asyncio.sleep(1.0)
            _show(Path(house.environment[POSTGRES_CLOCK]), seconds)
            assert abs(await _ahead_s(house) - seconds) < 60
        await asyncio.sleep(1.5)


async def _ahead_s(house: House) -> float:
    """By how much the database's clock is ahead of the machine's."""
    connection = await asyncpg.connect(dsn_of_running(house.demo["data"]))
    try:
        return (await connection.fetchval("SELECT clock_timestamp()")).timestamp() - time.time()
    finally:
        await connection.close()


def _show(shown: Path, ahead_s: int) -> None:
    """At once: a backend of PostgreSQL that reads half a file ends, and all others with it."""
    new = shown.with_suffix(".new")
    new.write_text(f"{ahead_s:+d}")
    new.chmod(0o644)  # PostgreSQL's own user reads it
    new.rename(shown)
