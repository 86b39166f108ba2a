"""`croupier reconcile` beside a running platform and a real casino, whose books were damaged on purpose."""

import contextlib
import datetime as dt
import json
import sqlite3
import subprocess
import time

import httpx
import pytest

from journeys.demo_process import CROUPIER, start_demo

PLAYER = "reconciled"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with contextlib.contextmanager(start_demo)(tmp_path_factory.mktemp("demo")) as running:
        yield running


class Scene:
    """One player who spins, the casino's book, and the command."""

    def __init__(self, demo, folder):
        self.demo, self.folder = demo, folder
        self.day = dt.datetime.now(dt.UTC).date().isoformat()
        self.http = httpx.Client(timeout=20)
        self.http.post(f"{demo['casino']}/players", json={"player_id": PLAYER, "currency": "EUR", "balance": 100_000})
        api = {"Authorization": f"Bearer {demo['operator']['api_key']}"}
        session = {"player_id": PLAYER, "game_id": "krakens-hoard"}
        launched = self.http.post(f"{demo['platform']}/api/v1/sessions", json=session, headers=api).json()
        token = httpx.URL(launched["launch_url"]).params["token"]
        opened = self.http.post(f"{demo['platform']}/play/v1/sessions", json={"token": token}).json()
        self.play = {"Authorization": f"Bearer {opened['play_token']}"}
        self.api, self.spins = api, 0

    def spin(self):
        self.spins += 1
        body = {"request_id": f"spin-{self.spins}", "bet": 100}
        return self.http.post(f"{self.demo['platform']}/play/v1/rounds", json=body, headers=self.play).json()

    def round(self, round_id):
        return self.http.get(f"{self.demo['platform']}/api/v1/rounds/{round_id}", headers=self.api).json()

    def break_it(self, mode):
        self.http.post(f"{self.demo['casino']}/break", json={"mode": mode, "share": 100, "seed": 1}).raise_for_status()

    @contextlib.contextmanager
    def book(self):
        with sqlite3.connect(self.demo["data"] / "casino" / "casino.sqlite3", timeout=10) as database:
            yield database

    def balance(self):
        return self.http.get(f"{self.demo['casino']}/players/{PLAYER}").json()["balance"]

    def reconcile(self, *more):
        statement = self.folder / "statement.csv"
        statement.write_bytes(self.http.get(f"{self.demo['casino']}/statement?date={self.day}").content)
        command = [CROUPIER, "reconcile", "--operator", "demo", "--date", self.day, "--statement", statement]
        command += ["--data", self.demo["data"], "--json", "--clocks-differ", "0", *more]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode in (0, 1), done.stderr.decode()
        return done.returncode, json.loads(done.stdout)


def copy(book, original, **changed):
    """A row of the casino's book, made from another one."""
    columns = [row[1] for row in book.execute("pragma table_info(transactions)")]
    chosen = ", ".join(f":{name}" if name in changed else name for name in columns)
    values = changed | {"original": original}
    book.execute(f"insert into transactions select {chosen} from transactions where transaction_id = :original", values)


def differences(result):
    return sorted((d["code"], d["transaction_id"]) for d in result["report"]["differences"] if d["action"] != "wait")


def test_it_finds_exactly_what_was_damaged_and_repairs_what_is_automatic(demo, tmp_path):
    scene = Scene(demo, tmp_path)
    rounds = [scene.spin() for _ in range(40)]
    won = [scene.round(r["round_id"]) for r in rounds if r["win"]]
    lost = [scene.round(r["round_id"]) for r in rounds if not r["win"]]
    scene.break_it("insufficient_funds")
    refused = scene.spin()
    scene.break_it("lost_answers")
    doubtful = scene.spin()
    scene.break_it("off")
    deadline = time.monotonic() + 20
    while scene.round(doubtful["round_id"])["state"] != "cancelled":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    time.sleep(1.2)  # closing records ride for a second
    assert scene.reconcile("--dry-run")[1]["report"]["differences"] == []
    before = scene.balance()

    names = {"win lost": won[0]["transactions"][1]["transaction_id"], "changed": lost[0]["transactions"][0]}
    changed = names["changed"]["transaction_id"]
    late = next(t["transaction_id"] for t in scene.round(doubtful["round_id"])["transactions"] if t["kind"] == "bet")
    declined = scene.round(refused["round_id"])["transactions"][0]
    with scene.book() as book:
        # The restart lost a win's row; an amount was edited by hand; a bet came after its rollback was confirmed and
        # was taken; and a bet was taken although it was declined.
        book.execute("delete from transactions where transaction_id = ?", (names["win lost"],))
        book.execute("update transactions set amount = 101 where transaction_id = ?", (changed,))
        book.execute("update transactions set state = 'taken' where transaction_id = ?", (late,))
        book.execute("update transactions set amount = 0 where transaction_id = ?", ("r_" + late[2:],))
        copy(book, changed, transaction_id=declined["transaction_id"], round_id=refused["round_id"], amount=100)
        book.execute("update players set balance = balance - 100 where player_id = ?", (PLAYER,))

    code, result = scene.reconcile()
    assert code == 1
    damage = [
        ("bet_not_counted", declined["transaction_id"]),
        ("content_differs", changed),
        ("rollback_not_done", late),
        ("win_missing", names["win lost"]),
    ]
    assert differences(result) == damage
    (repair,) = result["repairs"]
    assert (repair["transaction_id"], repair["result"]) == (declined["transaction_id"], "rolled_back")
    assert scene.balance() == before, "the player has the declined bet's amount back"

    repaired = scene.round(refused["round_id"])
    assert repaired["state"] == "declined", "a finished round keeps its state"
    assert [(t["kind"], t["state"]) for t in repaired["transactions"]] == [
        ("bet", "reversed"),
        ("rollback", "accepted"),
    ]
    assert [(line["cause"], line["amount"]) for line in repaired["ledger"]] == [("bet", 100), ("rollback", 100)]

    code, again = scene.reconcile()
    assert (code, differences(again), again["repairs"]) == (1, damage[1:], [])
    assert scene.reconcile()[1] == again, "the same inputs give the same document"

    with scene.book() as book:  # people put the casino's book right
        book.execute("update transactions set amount = 100 where transaction_id = ?", (changed,))
        book.execute("update transactions set state = 'reversed' where transaction_id = ?", (late,))
        win = won[0]["transactions"][1]
        content = {"kind": "win", "round_id": won[0]["round_id"], "amount": win["amount"], "state": "done"}
        copy(book, win["reference"], transaction_id=win["transaction_id"], **content)
    code, clean = scene.reconcile()
    assert (code, differences(clean)) == (0, [])

    checked = subprocess.run([CROUPIER, "ledger", "check", "--data", demo["data"]], capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr.decode()
