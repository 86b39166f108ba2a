"""A new version is put on one server after the other, and the wallet's secret is replaced, while people play.

`CROUPIER_TEST_ROLLING=N` does it N times over, as a soak.
"""

import asyncio
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from croupier.store.embedded import EmbeddedPostgres
from journeys.balancer import round_robin
from journeys.players import Player, perform, sit, table
from journeys.servers import Servers, two_servers
from journeys.test_two_servers import balancing, differences, play
from postgres import dsn_of, new_database

log = logging.getLogger("journeys")

TURNS = int(os.environ.get("CROUPIER_TEST_ROLLING", "1"))
PLAYERS = 32
PAUSE_S = 1.0
"""Play between two restarts."""
STANDSTILL_S = 30.0
"""Longest time that a player may wait for a round: another server takes it within 10 s, and the casino starts anew."""
GROWTH = 1.15
"""How much more memory a server may need after the last turn than after the first, whatever it has served."""


@pytest.fixture(scope="module")
def servers(postgres_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    name = perform(new_database(postgres_server))
    yield from two_servers(tmp_path_factory.mktemp("rolling"), dsn_of(postgres_server, name))


def test_nobody_notices_a_rolling_restart_with_a_new_secret(servers: Servers) -> None:
    log.info(perform(_story(servers)))  # --log-cli-level=info shows it


async def _story(servers: Servers) -> str:
    async with balancing(servers, round_robin()):
        players = table(servers.demo, PLAYERS, seed=2)
        await sit(players)
        waits = [_Longest(player) for player in players]
        stop = asyncio.Event()
        playing = [asyncio.create_task(play(player, stop)) for player in players]
        memory = [await _turn(servers) for _ in range(TURNS)]
        await asyncio.sleep(PAUSE_S)
        stop.set()
        await asyncio.gather(*playing)  # raises when a player was told what no player should be told
        for player in players:
            await player.settle()
        assert await differences(servers, "p2") == []
        longest = max(wait.seconds for wait in waits)
        rounds = sum(player.rounds for player in players)
        assert rounds > PLAYERS * TURNS
        assert longest < STANDSTILL_S
        assert max(memory[-1]) < GROWTH * max(memory[0])
        return f"{rounds} rounds, longest wait {longest:.1f} s, MB of both servers after each turn: {memory}"


class _Longest:
    """The longest time between two rounds of a player."""

    def __init__(self, player: Player) -> None:
        self.seconds = 0.0
        self._last = time.monotonic()
        player.on_round = self._ended

    def _ended(self) -> None:
        now = time.monotonic()
        self.seconds = max(self.seconds, now - self._last)
        self._last = now


async def _turn(servers: Servers) -> list[int]:
    """Both servers are replaced, then the secret. Memory of both, in MB, after some play."""
    for number in (0, 1):
        await asyncio.sleep(PAUSE_S)
        await asyncio.to_thread(servers.replace, number)
    rotated = await asyncio.to_thread(
        servers.croupier, "operator", "rotate-key", "two", "--wallet-secret", "--keep-old"
    )
    await asyncio.sleep(PAUSE_S)
    servers.operator["wallet_secret"] = rotated["wallet_secret"]
    await asyncio.to_thread(servers.replace_casino)
    await asyncio.to_thread(servers.croupier, "operator", "retire-secrets", "two")
    await asyncio.sleep(PAUSE_S)
    return [memory_mb(servers.running[number].pid) for number in (0, 1)]


def memory_mb(pid: int) -> int:
    """Of a server's first worker: the supervisor's child that listens."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    sizes = [
        int(line.split()[1]) // 1024
        for child in children
        for line in Path(f"/proc/{child}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    ]
    return max(sizes)
