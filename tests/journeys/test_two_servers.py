"""Two servers on one database behind a balancer; one is killed under load. Nothing is lost, and the books are equal."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from croupier.store.embedded import EmbeddedPostgres
from journeys.balancer import Balancer, Choose, hashing, round_robin
from journeys.books import casino_of, compared, journal_of
from journeys.players import PATIENCE_S, SETTLING, Player, perform, sit, table
from journeys.servers import Servers, eventually, two_servers
from postgres import dsn_of, new_database

log = logging.getLogger("journeys")

PLAYERS = 64
LOAD_S = float(os.environ.get("CROUPIER_TEST_SERVERS_S", "4"))
"""Seconds of play with both servers."""
GOES_ON_S = 4.0
"""Seconds of play after one was killed."""
ADOPTED_S = 10.0


@pytest.fixture(scope="module")
def servers(postgres_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    name = perform(new_database(postgres_server))
    yield from two_servers(tmp_path_factory.mktemp("servers"), dsn_of(postgres_server, name))


@pytest.mark.parametrize(("balancer", "killed"), [(round_robin, 0), (hashing, 1)])
def test_a_server_is_killed_under_load(servers: Servers, balancer, killed) -> None:
    figures = perform(_story(servers, balancer(), killed, f"p{killed}"))
    log.info("%s: %s", balancer.__name__, figures)  # --log-cli-level=info shows it


async def _story(servers: Servers, choose: Choose, killed: int, prefix: str) -> str:
    for number in (0, 1):
        if number not in servers.running:
            await asyncio.to_thread(servers.start, number)
    async with balancing(servers, choose):
        return await _play_and_kill(servers, killed, prefix)


@asynccontextmanager
async def balancing(servers: Servers, choose: Choose) -> AsyncIterator[None]:
    balancer = Balancer([servers.ports[0], servers.ports[1]], choose)
    await balancer.start(servers.balancer_port)
    try:
        yield
    finally:
        await balancer.close()


async def _play_and_kill(servers: Servers, killed: int, prefix: str) -> str:
    players = table(servers.demo, PLAYERS, seed=killed)
    await sit(players)

    both = await _play_for(players, LOAD_S)
    assert both > PLAYERS, "both servers play"

    casino = players[0].casino
    await casino.call("POST", "/break", {"mode": "lost_answers", "share": 5, "seed": 1})
    stop = asyncio.Event()
    playing = [asyncio.create_task(play(player, stop)) for player in players]
    await asyncio.sleep(1.0)
    servers.kill(killed)
    died = time.monotonic()
    await asyncio.sleep(0.3)
    await casino.call("POST", "/break", {"mode": "off"})
    await asyncio.sleep(GOES_ON_S)
    stop.set()

    async def settled() -> bool:
        return not any([await _is_settling(player) for player in players])

    await eventually(settled, ADOPTED_S - (time.monotonic() - died))
    took = time.monotonic() - died
    await asyncio.wait_for(asyncio.gather(*playing), PATIENCE_S)
    for player in players:
        await player.settle()

    found = await differences(servers, prefix)
    assert found == []
    rounds = sum(player.rounds for player in players)
    return f"{both / LOAD_S:.0f} rounds/s with both, {rounds} rounds in all, at rest {took:.1f} s after the kill"


async def _play_for(players: list[Player], seconds: float) -> int:
    before = sum(player.rounds for player in players)
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, stop.set)
    await asyncio.gather(*(play(player, stop) for player in players))
    return sum(player.rounds for player in players) - before


async def play(player: Player, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await player.play(stop)


async def _is_settling(player: Player) -> bool:
    view = await player.open_round()
    return view is not None and view["state"] in SETTLING


async def differences(servers: Servers, prefix: str) -> list[str]:
    until = time.monotonic() + 5.0
    ours = await journal_of(servers.dsn, prefix)
    while ours.pending and time.monotonic() < until:
        await asyncio.sleep(0.2)
        ours = await journal_of(servers.dsn, prefix)
    return compared(ours, *casino_of(servers.folder / "casino" / "casino.sqlite3", prefix))
