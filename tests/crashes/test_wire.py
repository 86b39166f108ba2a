"""A network that breaks what passes, between platform and wallet and between platform and database."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from crashes.doomed_demo import DSN, WALLET
from crashes.fault_proxy import DATABASE_FAULTS, WALLET_FAULTS, FaultProxy, tcp, unix
from crashes.house import House, doomed_house
from croupier.store.embedded import DATABASE, USER
from croupier.store.embedded_place import place
from journeys.players import perform
from ports import free_port

PLAY_S = float(os.environ.get("CROUPIER_TEST_WIRE_S", "5"))
AT_MOST_S = 60.0
"""Every fault slows the load down, so what a share brings within PLAY_S depends on the faults that came first."""
KINDS = 3


@dataclass
class Wired:
    house: House
    wallet: FaultProxy
    database: FaultProxy


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    folder = tmp_path_factory.mktemp("wired")
    (folder / "data").mkdir()
    port = free_port(2)
    wallet = FaultProxy(free_port(), tcp(port + 1), WALLET_FAULTS, seed=1)
    socket = place(folder / "data").socket / ".s.PGSQL.5432"
    database = FaultProxy(free_port(), unix(socket), DATABASE_FAULTS, seed=2)
    ways = {
        WALLET: f"http://127.0.0.1:{wallet.port}",
        DSN: f"postgresql://{USER}@127.0.0.1:{database.port}/{DATABASE}",
    }
    for house in doomed_house(folder, port, **ways):
        yield Wired(house, wallet, database)
    wallet.close()
    database.close()


@pytest.mark.parametrize(("way", "share", "least"), [("wallet", 400, 15), ("database", 120, 5)])
def test_a_broken_line_costs_nobody_a_cent(wired: Wired, way: str, share: int, least: int):
    proxy: FaultProxy = getattr(wired, way)
    perform(_play(wired.house, proxy, share, least))
    assert met(proxy, least), proxy.counts


def met(proxy: FaultProxy, least: int) -> bool:
    return proxy.counts.total() >= least and len(proxy.counts) >= KINDS


async def _play(house: House, proxy: FaultProxy, share: int, least: int) -> None:
    async with house.load():
        proxy.share = share
        began = time.monotonic()
        await asyncio.sleep(PLAY_S)
        while not met(proxy, least) and time.monotonic() - began < AT_MOST_S:  # noqa: ASYNC110 - the proxy's own thread counts
            await asyncio.sleep(0.2)
        proxy.share = 0
