"""The wallet's process is killed in mid-call, kill -9, or loses its database: all of the call is there, or nothing."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wallet_sdk.calls import bet, fresh, roll
from wallet_sdk.houses import accepted

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT / "sdk/python/src")])}


def killed(house, player: str, name: str, where: str) -> None:
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("dying.py"), house.kind, house.place, player, name, where],
        env=ENVIRONMENT,
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


KILL = {
    "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid() "
    "AND datname = current_database()",
    "mysql": "SELECT id FROM information_schema.processlist WHERE id != connection_id() AND db = database()",
}


def test_connections_that_the_database_dropped_are_replaced(house, player):
    """A restart of the database, or a firewall at night: the first call after it is answered like any other."""
    if house.kind == "sqlite":
        pytest.skip("a file drops nobody")
    with ThreadPoolExecutor(5) as threads:
        assert all(map(accepted, threads.map(house.say, [bet(player, fresh("b"), 1) for _ in range(5)])))
    assert len(house.idle()) >= 2, "several connections are open"
    with house.stranger() as connection, connection.cursor() as cursor:
        cursor.execute(KILL[house.kind])
        for row in cursor.fetchall() if house.kind == "mysql" else ():
            cursor.execute(f"KILL {row[0]}")
    assert accepted(house.say(bet(player, fresh("b"), 1)))
    assert house.balance(player) == 994


def test_a_server_that_forks_its_workers_shares_no_connection(house, player):
    """As `gunicorn --preload` does: the tables are made in the parent, calls come to the children."""
    program = (
        "import os, sys\n"
        "from croupier_wallet import SqlLedger\n"
        "from wallet_sdk.dying import bet_of\n"
        "from wallet_sdk.places import PLAYERS, database_at\n"
        "kind, place, player, *names = sys.argv[1:]\n"
        "ledger = SqlLedger(database_at(kind, place), PLAYERS)\n"
        "ledger.create_tables()\n"
        "children = []\n"
        "for name in names:\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        said = [ledger.answer(bet_of(player, f'{name}-{n}', 1), 0) for n in range(20)]\n"
        "        os._exit(any('error' in one for one in said))\n"
        "    children.append(child)\n"
        "sys.exit(any(os.waitpid(child, 0)[1] for child in children))\n"
    )
    names = [fresh("fork") for _ in range(3)]
    done = subprocess.run(
        [sys.executable, "-c", program, house.kind, house.place, player, *names],
        env=ENVIRONMENT,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert house.balance(player) == 940
