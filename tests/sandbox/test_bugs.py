"""The catalogue of bugs: complete, switched on by the command and over HTTP, and gone when switched off."""

import json
import re
import subprocess
import sys
from pathlib import Path

from croupier.sandbox.break_it import FAULTS
from croupier.sandbox.bugs import BUGS
from croupier.sandbox.finding_bugs import FINDING_BUGS
from croupier.sandbox.rule_bugs import RULE_BUGS
from croupier.wallet.outcome import Accepted, Unknown
from sandbox.process import SECRET, CasinoProcess, Platform, bet

CROUPIER = Path(sys.executable).with_name("croupier")
ZOO = Path(__file__).parents[1] / "zoo" / "test_zoo.py"


def test_every_wallet_of_the_catalogue_has_its_test():
    """The generated page names tests by these rules."""
    assert [bug.wallet for bug in BUGS.values()] == [f"W-{number:02d}" for number in range(1, 21)]
    without_end = [name for name, bug in BUGS.items() if bug.on_bet is None and bug.on_win is None]
    assert without_end == ["forgets-ids", "loses-last-minutes"]
    told = ZOO.read_text("utf-8")
    assert all(f"async def test_{name.replace('-', '_')}(" in told for name in without_end)


def test_names_have_one_spelling_and_one_meaning():
    """Those of the faults are words of JSON, as the casino's page and scripts send them to `POST /break`."""
    assert list(FAULTS) == ["off", "slow", "lost_answers", "http_500", "html", "wrong_balance", "insufficient_funds"]
    bugs = [*BUGS, *RULE_BUGS, *FINDING_BUGS]
    assert [name for name in bugs if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name)] == []
    names = [*FAULTS, *bugs]
    assert len(set(names)) == len(names)


def test_the_command_lists_them():
    done = subprocess.run([CROUPIER, "sandbox", "--list-bugs", "--json"], capture_output=True, check=True)
    listed = {bug["name"]: bug for bug in json.loads(done.stdout)}
    assert "CRP-JSON-003" in listed["wraps-answers"]["shows"]
    assert listed.keys() > BUGS.keys()
    assert listed["slow"]["does"]
    assert listed["takes-late-bets"]["breaks"] == BUGS["takes-late-bets"].breaks


def test_an_unknown_bug_is_refused():
    for name, told in (("takes-everything", "--list-bugs"), ("crp-our-001", "It is our failure")):
        command = [CROUPIER, "sandbox", "--secret", SECRET, "--bug", name]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        assert done.returncode == 2
        assert told in " ".join(done.stderr.split())


async def test_the_command_starts_a_wallet_with_a_bug_that_can_be_switched_off(tmp_path):
    casino = CasinoProcess(tmp_path, bug="amounts-as-fractions")
    try:
        casino.open("p", 1000)
        platform = Platform(casino)
        assert isinstance(await platform.send(bet("p", "b1", 100)), Unknown)
        assert platform.last is not None
        assert b'"balance":900.0' in platform.last.body
        assert casino.get("/bug")["name"] == "amounts-as-fractions"
        assert casino.post("/bug", name="no_such_bug").status_code == 422
        assert casino.post("/bug", name="CRP-NET-001").json()["detail"].startswith("no wallet can show")
        assert casino.post("/bug", name="crp-json-003").json() == {"name": "wraps-answers"}
        assert casino.post("/bug", name="off").status_code == 200
        assert await platform.send(bet("p", "b2", 100)) == Accepted(800, "casino-2")
    finally:
        casino.kill()
