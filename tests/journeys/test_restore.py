"""A database that comes back from a backup: what was played since is found, and nobody bets before it was compared."""

import contextlib
import datetime as dt
import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from croupier.store.embedded_place import place
from journeys.demo_process import CROUPIER, start_demo

PLAYER = "returns"


class Evening:
    """One demo process: a player at a slot and at a table."""

    def __init__(self, demo: dict[str, Any]) -> None:
        self.demo = demo
        self.http = httpx.Client(timeout=20)
        self.key = {"Authorization": f"Bearer {demo['operator']['api_key']}"}
        self.spins = 0

    def launch(self, game: str) -> httpx.Response:
        session = {"player_id": PLAYER, "game_id": game}
        return self.http.post(f"{self.demo['platform']}/api/v1/sessions", json=session, headers=self.key)

    def sit(self, game: str) -> dict[str, str]:
        launched = self.launch(game)
        assert launched.status_code == 201, launched.text
        token = httpx.URL(launched.json()["launch_url"]).params["token"]
        opened = self.http.post(f"{self.demo['platform']}/play/v1/sessions", json={"token": token})
        return {"Authorization": f"Bearer {opened.json()['play_token']}"}

    def bet(self, seat: dict[str, str], name: str) -> dict[str, Any]:
        body = {"request_id": name, "bet": 100}
        answered = self.http.post(f"{self.demo['platform']}/play/v1/rounds", json=body, headers=seat)
        assert answered.status_code == 200, answered.text
        return dict(answered.json())

    def stand(self, seat: dict[str, str], hand: dict[str, Any], name: str) -> dict[str, Any]:
        action = "stand" if "stand" in [a["action"] for a in hand["next_actions"]] else "no_insurance"
        where = f"{self.demo['platform']}/play/v1/rounds/{hand['round_id']}/actions"
        answered = self.http.post(where, json={"request_id": name, "action": action}, headers=seat)
        assert answered.status_code == 200, answered.text
        return dict(answered.json())

    def round(self, round_id: str) -> dict[str, Any]:
        found = self.http.get(f"{self.demo['platform']}/api/v1/rounds/{round_id}", headers=self.key)
        return dict(found.json())

    def balance(self) -> int:
        return int(self.http.get(f"{self.demo['casino']}/players/{PLAYER}").json()["balance"])

    def moved(self, day: str) -> set[str]:
        """Ids of all that the casino's statement of the day holds."""
        lines = self.statement(day).decode().splitlines()
        column = lines[0].split(",").index("transaction_id")
        return {line.split(",")[column] for line in lines[1:]}

    def statement(self, day: str) -> bytes:
        return self.http.get(f"{self.demo['casino']}/statement?date={day}").content


def open_hand(evening: Evening, seat: dict[str, str], tries: int = 40) -> dict[str, Any]:
    """A hand that waits for its player."""
    for number in range(tries):
        hand = evening.bet(seat, f"hand-{number}")
        if hand["next_actions"]:
            return hand
    raise AssertionError(f"{tries} hands in a row ended with the deal")


def command(data: Path, *words: str | Path) -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(
        [CROUPIER, *words, "--data", data, "--json"], capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    out = done.stdout.decode()
    return done.returncode, json.loads(out) if out.startswith("{") else {}, done.stderr.decode()


@pytest.mark.timeout(300)
def test_what_a_backup_has_lost_is_found_before_anybody_bets(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    day = dt.datetime.now(dt.UTC).date().isoformat()

    with contextlib.contextmanager(start_demo)(tmp_path) as demo:
        port = int(httpx.URL(demo["platform"]).port or 0)
        evening = Evening(demo)
        evening.http.post(
            f"{demo['casino']}/players", json={"player_id": PLAYER, "currency": "EUR", "balance": 100_000}
        )
        slot = evening.sit("krakens-hoard")
        kept = [evening.bet(slot, f"kept-{n}") for n in range(5)]
        table = evening.sit("blackjack")
        hand = open_hand(evening, table)
        code, _, said = command(data, "store", "restored")
        assert code == 2
        assert "stop it first" in said, "not beside a running platform"
        time.sleep(1.2)  # closing records ride for a second
        before = evening.moved(day)
    copy(data, backup)

    with contextlib.contextmanager(start_demo)(tmp_path, port=port) as demo:
        evening = Evening(demo)
        while hand["next_actions"]:
            hand = evening.stand(table, hand, f"stand-{len(hand['next_actions'])}-{time.time_ns()}")
        lost = [evening.bet(slot, f"lost-{n}") for n in range(8)]
        lost_ids = evening.moved(day) - before
        balance = evening.balance()
    assert len(lost_ids) >= len(lost)
    restore(backup, data)

    code, told, said = command(data, "store", "restored")
    assert code == 0, said
    assert told["era"] == 2
    assert told["suspended_rounds"] == [hand["round_id"]], "how it ended is at the casino only"
    assert "demo" in told["operators"]

    with contextlib.contextmanager(start_demo)(tmp_path, port=port) as demo:
        evening = Evening(demo)
        refused = evening.launch("krakens-hoard")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_compared")
        old = evening.http.post(
            f"{demo['platform']}/play/v1/rounds", json={"request_id": "old", "bet": 100}, headers=slot
        )
        assert old.status_code in (401, 403), "sessions of before are over"
        assert evening.round(hand["round_id"])["state"] == "suspended"
        assert [evening.round(r["round_id"])["state"] for r in kept] == [r["state"] for r in kept]
        assert evening.balance() == balance, "nothing was sent for what was lost"

        code, _, said = command(data, "operator", "reopen", "demo")
        assert code == 1
        assert f"{day} EUR" in said
        statement = tmp_path / "statement.csv"
        statement.write_bytes(evening.statement(day))
        words = ("--date", day, "--statement", statement, "--clocks-differ", "0")
        code, result, said = command(data, "reconcile", "--operator", "demo", *words)
        assert code == 1, said
        unknown = {d["transaction_id"] for d in result["report"]["differences"] if d["code"] == "unknown_transaction"}
        assert unknown == lost_ids, "exactly the lost tail"
        code, told, said = command(data, "operator", "reopen", "demo")
        assert (code, told.get("uncompared")) == (0, []), said

        time.sleep(3)  # every worker reads what has changed
        again = evening.bet(evening.sit("krakens-hoard"), "again")
        assert again["round_id"] not in {r["round_id"] for r in (*kept, *lost)}
        places = {r["round_id"][:18] for r in kept}
        assert again["round_id"][:18] not in places, "a stream of its own"


def copy(data: Path, backup: Path) -> None:
    """The platform's database alone, with its owner: the casino's book is another machine's."""
    subprocess.run(["cp", "-a", place(data).cluster, backup], check=True)


def restore(backup: Path, data: Path) -> None:
    cluster = place(data).cluster
    shutil.rmtree(cluster)
    subprocess.run(["cp", "-a", backup, cluster], check=True)
