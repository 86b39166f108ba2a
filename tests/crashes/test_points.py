"""kill -9 at each crash point, on purpose: the platform itself, the projector, the database with all its processes."""

import asyncio
import os
import platform
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crashes import disk
from crashes.house import DATABASE, PLATFORM, PROJECTOR, House, doomed_house
from crashes.points import POINTS
from journeys.demo_process import ROOT
from journeys.players import perform

TIMES = int(os.environ.get("CROUPIER_TEST_CRASHES", "0"))
"""0: those of every push."""
SEED = os.environ.get("CROUPIER_TEST_SEED", "1")
EACH = [
    (point, victim)
    for point, where in POINTS.items()
    for victim in (PLATFORM, DATABASE, PROJECTOR)
    if victim == PLATFORM or where.when != "cut"  # half a record is a dead process's only
]
OFTEN = {(point, PLATFORM) for point in POINTS if " " not in point} | {
    *(("C1", DATABASE), ("C3", DATABASE), ("C8", DATABASE), ("C2", PROJECTOR), ("C6", PROJECTOR)),
}
CASES = EACH if TIMES else [case for case in EACH if case in OFTEN]
NAMES = {PLATFORM: "platform", DATABASE: "database", PROJECTOR: "projector"}
INJECTED_S = 10.0
PAUSE_S = 6.5
"""A bet may wait 5 s for its bytes to leave; the wallet's time-out and a statement's are 5 s as well."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    for house in doomed_house(tmp_path_factory.mktemp("doomed")):
        yield house
        if TIMES:
            keep(house)


def keep(house: House) -> None:
    """A line for those who read figures."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    with (ROOT / "benchmarks" / "results.md").open("a", encoding="utf-8") as file:
        file.write(
            f"\n- {time.strftime('%Y-%m-%d')} `{commit.stdout.strip()}` ({os.cpu_count()} cores {platform.machine()}): "
            f"real crashes (`make crashes-long`), each point {TIMES} times: {house.told()}\n"
        )


@pytest.mark.parametrize(("point", "victim"), CASES, ids=lambda what: what.replace(" ", "-"))
def test_killed_at(house: House, point: str, victim: str):
    perform(_kill(house, point, victim))


async def _kill(house: House, point: str, victim: str) -> None:
    rng = random.Random(f"{point}/{victim}/{SEED}")
    for _ in range(TIMES or 1):
        seen = await house.die(point, victim, rng)
        house.died[f"{NAMES[victim]} at {point.split(maxsplit=1)[0]}"] += 1
        if victim == PLATFORM:
            assert POINTS[point].allows(seen["state"], extra=seen["extra"]), f"{seen} after {point}"


def test_a_bet_that_waited_through_a_pause_is_not_sent(house: House):
    seen = perform(house.die("C1", PLATFORM, random.Random(1), signal.SIGSTOP, PAUSE_S))
    assert seen["state"] == (None if seen["extra"] else "declined")


@pytest.mark.skipif(not TIMES, reason="the long run only")
@pytest.mark.parametrize(("point", "victim"), [("C2", PLATFORM), ("C8", PLATFORM), ("C3", DATABASE), ("C6", DATABASE)])
def test_a_pause_loses_nothing(house: House, point: str, victim: str):
    perform(house.die(point, victim, random.Random(2), signal.SIGSTOP, PAUSE_S))


@pytest.mark.skipif(bool(disk.why_not()), reason=disk.why_not() or "")
@pytest.mark.parametrize(
    ("calls", "fault"),
    [
        pytest.param("fdatasync", "delay_enter=300000", id="slow-fsync"),
        pytest.param("fdatasync", "error=EIO:when=5", id="failing-fsync"),
        pytest.param("pwrite64", "error=EIO:when=15", id="failing-write"),
        pytest.param("pwrite64", "error=ENOSPC:when=15", id="full-disk"),
    ],
)
def test_a_disk_that(house: House, tmp_path: Path, calls: str, fault: str):
    for turn in range(TIMES or 1):
        perform(_on_a_bad_disk(house, calls, fault, tmp_path / f"strace-{turn}.log"))


async def _on_a_bad_disk(house: House, calls: str, fault: str, log: Path) -> None:
    async with house.load():
        with disk.injected(house.pid(DATABASE), calls, fault, log) as injected:
            until = time.monotonic() + INJECTED_S
            while not injected.times:
                assert time.monotonic() < until, "the fault was not met"
                await asyncio.sleep(0.05)
            await asyncio.sleep(1.0)
