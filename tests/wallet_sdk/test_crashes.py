"""The wallet's process is killed in mid-call, kill -9: all of the call is there, or nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from wallet_sdk.calls import bet, fresh, roll
from wallet_sdk.houses import accepted

ROOT = Path(__file__).resolve().parents[2]


def killed(house, player: str, name: str, where: str) -> None:
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("dying.py"), house.kind, house.place, player, name, where],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT / "sdk/python/src")])},
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL, "it died of something else"


@pytest.fixture
def player(house) -> str:
    name = fresh("p")
    house.open(name, 1000)
    return name


def test_before_the_commit_nothing_happened_and_the_repeat_is_a_first(house, player):
    name = fresh("b")
    killed(house, player, name, "before")
    assert (house.balance(player), house.entries(player)) == (1000, 0)
    assert accepted(house.say(bet(player, name, 163)))
    assert house.balance(player) == 837


def test_after_the_commit_the_repeat_is_a_repeat(house, player):
    name = fresh("b")
    killed(house, player, name, "after")
    assert (house.balance(player), house.entries(player)) == (837, 1)
    assert accepted(house.say(bet(player, name, 163)))
    assert house.balance(player) == 837


@pytest.mark.parametrize("where", ["before", "after"])
def test_the_rollback_of_a_bet_that_died_gives_back_what_was_taken(house, player, where):
    name = fresh("b")
    killed(house, player, name, where)
    assert accepted(house.say(roll(player, name)))
    assert house.balance(player) == 1000
    assert not accepted(house.say(bet(player, name, 163)))
    assert house.balance(player) == 1000
