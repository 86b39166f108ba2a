"""The database stands still: new rounds are refused, nothing is lost, service resumes by itself."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from journeys.books import differences
from journeys.demo_process import pid_of, start_demo
from journeys.players import Player, perform, sit, table


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    yield from start_demo(tmp_path_factory.mktemp("frozen"))


def test_a_frozen_database_refuses_new_rounds_and_resumes(frozen: dict[str, Any]) -> None:
    status, answer, took, found = perform(_freeze(frozen))
    assert (status, answer["code"]) == (503, "busy")
    assert answer["money"] == "not_placed"
    assert took < 10, "the player is not left waiting"
    assert found == []


async def _freeze(demo: dict[str, Any]) -> tuple[int, dict[str, Any], float, list[str]]:
    (player,) = table(demo, 1, seed=4)
    await sit([player])
    await player.play()
    writers = _family(pid_of(demo["pid"], "postgres"))
    for pid in writers:
        os.kill(pid, signal.SIGSTOP)
    try:
        status, answer, took = await _spin(player)
    finally:
        for pid in writers:
            os.kill(pid, signal.SIGCONT)
    await player.settle()
    await player.play()
    return status, answer, took, await differences(demo["data"], "p4-")


async def _spin(player: Player) -> tuple[int, dict[str, Any], float]:
    began = time.monotonic()
    answered = await player.platform.call(
        "POST", "/play/v1/rounds", {"request_id": "frozen", "bet": 100}, player.token, timeout_ms=30_000
    )
    assert answered is not None
    return *answered, time.monotonic() - began


def _family(pid: int) -> list[int]:
    """A process and its children."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
