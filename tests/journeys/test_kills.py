"""kill -9 under load, in turn: platform, projector, database. Nothing is lost, nothing is stuck, hands go on."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from journeys.books import differences
from journeys.demo_process import pid_of, start_demo
from journeys.players import PATIENCE_S, SETTLING, Caller, Player, perform, sit, table

KILLS = int(os.environ.get("CROUPIER_TEST_KILLS", "10"))
PLAYERS = 24
SLEEPERS = 6
RECOVERY_S = 10.0
TARGETS = ("croupier.main.worker", "croupier.main.projector", "postgres")


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    yield from start_demo(tmp_path_factory.mktemp("mortal"))


def test_killed_processes_lose_nothing_and_leave_nothing_open(mortal: dict[str, Any]) -> None:
    perform(_kill_in_turn(mortal))


async def _kill_in_turn(demo: dict[str, Any]) -> None:
    rng = random.Random(3)
    players = table(demo, PLAYERS, seed=2)
    sleepers = table(demo, SLEEPERS * 3, seed=3)[2::3]  # every third plays blackjack
    hands = await _deal(players, sleepers)
    assert len(hands) >= SLEEPERS // 2, "some hands wait for their player"
    died = []
    for number in range(KILLS):
        target = TARGETS[number % len(TARGETS)]
        slowest = await _kill_under_load(demo, players, target, rng.uniform(0.3, 1.5), seed=number)
        died.append((target, round(slowest, 1)))
        assert await _views(sleepers) == hands, f"a hand changed while {target} was killed"
        assert await differences(demo["data"], "p2-") == [], f"after kill {number + 1} ({target})"
    assert sum(p.rounds for p in players) > 50 * KILLS, f"there was load while processes died: {died}"


async def _deal(players: list[Player], sleepers: list[Player]) -> list[dict[str, Any]]:
    """Everybody sits down; the sleepers get a hand that is not finished."""
    await sit(players + sleepers)
    for sleeper in sleepers:
        for _ in range(20):
            stop = asyncio.Event()
            stop.set()
            sleeper.rng = _Never()
            await sleeper.play(stop)
            if await sleeper.open_round() is not None:
                break
    return await _views(sleepers)


class _Never(random.Random):
    """Draws that make a player leave the table before its first action."""

    def random(self) -> float:
        return 0.0


async def _views(sleepers: list[Player]) -> list[dict[str, Any]]:
    views = [await sleeper.open_round() for sleeper in sleepers]
    return [view for view in views if view is not None]


async def _kill_under_load(
    demo: dict[str, Any], players: list[Player], target: str, after_s: float, seed: int
) -> float:
    """Seconds from the restart until no round waited for a wallet any more."""
    casino = players[0].casino
    await casino.call("POST", "/break", {"mode": "lost_answers", "share": 3, "seed": seed})
    stop = asyncio.Event()

    async def play(player: Player) -> None:
        while not stop.is_set():
            await player.play(stop)

    playing = asyncio.gather(*(play(p) for p in players))
    await asyncio.sleep(after_s)
    os.kill(pid_of(demo["pid"], target), signal.SIGKILL)
    await asyncio.sleep(0.2)
    await casino.call("POST", "/break", {"mode": "off"})
    await _ready(players[0].platform)
    since = time.monotonic()
    stop.set()
    while waiting := [p.player_id for p in players if await _is_settling(p)]:
        assert time.monotonic() - since < RECOVERY_S, f"{target} was killed; {waiting} still wait for the wallet"
        await asyncio.sleep(0.1)
    took = time.monotonic() - since
    await asyncio.wait_for(playing, PATIENCE_S)
    return took


async def _is_settling(player: Player) -> bool:
    view = await player.open_round()
    return view is not None and view["state"] in SETTLING


async def _ready(platform: Caller) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        answered = await platform.call("GET", "/readyz")
        if answered is not None and answered[0] == 200:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the platform did not come back")
