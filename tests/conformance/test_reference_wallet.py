"""The correct wallet breaks no rule, in any dialect that it speaks; and the command says so in every format."""

import json
import logging
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conformance.kit import HAS, TOKENS, reference_wallet, tried
from croupier.conformance.profiles import PROFILES, profile_of
from croupier.conformance.report import SCHEMA
from croupier.conformance.rule import RULES, Rule
from croupier.conformance.runner import NEEDS
from croupier.dialects.signed_again import SIGNED_AGAIN
from croupier.main.cli import app
from sandbox.process import SECRET

CROUPIER = Path(sys.executable).with_name("croupier")
log = logging.getLogger(__name__)


def rules_for(dialect: str) -> tuple[Rule, ...]:
    """All natively; elsewhere, but for the long run, not those that take long and show nothing of a dialect."""
    if os.environ.get("CROUPIER_TEST_MATRIX") == "all":
        return tuple(RULES.values())
    if dialect == "native":
        return tuple(rule for rule in RULES.values() if rule.id != "OPS-03")  # ten restarts
    return tuple(
        rule for rule in RULES.values() if rule.group not in ("race", "precision") and rule.id not in TAKE_LONG
    )


TAKE_LONG = {"CONN-05", "CONN-06", "IDEM-08", "TIME-01", "TIME-02", "TIME-03", "TIME-05", "OPS-01", "OPS-02", "OPS-03"}


@pytest.mark.parametrize("dialect", PROFILES)
async def test_every_rule_is_kept(dialect, tmp_path):
    with reference_wallet(tmp_path, dialect) as casino:
        results = await tried(casino, dialect, rules_for(dialect))
    profile = profile_of(dialect)
    odd = {i: (r.verdict, r.expected, r.got, r.note) for i, r in results.items() if r.verdict not in ("PASS", "SKIP")}
    assert not odd
    if dialect == "native":
        assert results["BAL-07"].note == "EUR PASS; JPY PASS; KWD PASS; BTC PASS"
    for identifier, result in results.items():
        needed = set(RULES[identifier].needs) - HAS - set(profile.has)
        if result.verdict == "SKIP" and dialect in SIGNED_AGAIN:
            lacks = "with this dialect" in result.note or (dialect not in TOKENS and result.note == NEEDS["tokens"])
            assert identifier in profile.skip or needed or lacks, result.note


RUNS = int(os.environ.get("CROUPIER_TEST_CERTIFY_RUNS", "0"))


@pytest.mark.skipif(not RUNS, reason="CROUPIER_TEST_CERTIFY_RUNS=1000")
async def test_no_run_against_the_correct_wallet_fails(tmp_path):
    """One API after the other, over and over, so that a run that is stopped has tried all of them equally.

    An ERROR is no FAIL: a machine that stands still for half a minute is told as such.
    """
    rules = tuple(rule for rule in RULES.values() if rule.group != "restart")
    dialects, told, broken = tuple(PROFILES), Counter[str](), []
    with ExitStack() as open_wallets:
        wallets = {one: open_wallets.enter_context(reference_wallet(tmp_path / one, one)) for one in dialects}
        for number in range(RUNS):
            dialect = dialects[number % len(dialects)]
            results = await tried(wallets[dialect], dialect, rules)
            told.update(result.verdict for result in results.values())
            odd = [r for r in results.values() if r.verdict not in ("PASS", "SKIP")]
            for r in odd:
                log.info("run %s, %s: %s %s %s %s %s", number, dialect, r.verdict, r.rule.id, r.expected, r.got, r.note)
            broken += [(number, dialect, r.rule.id, r.expected, r.got) for r in odd if r.verdict != "ERROR"]
            log.info("%s runs: %s", number + 1, dict(told))
    assert not broken


def command(*arguments: str, folder: Path, secret: str = SECRET) -> subprocess.CompletedProcess:
    environment = {**os.environ, "CROUPIER_WALLET_SECRET": secret}
    return subprocess.run(
        [CROUPIER, "certify", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_command_writes_every_format_and_the_clock(tmp_path):
    with reference_wallet(tmp_path / "data", "native") as casino:
        where = ("--wallet-url", f"{casino.url}/wallet", "--players-url", f"{casino.url}/players")
        files = ("--json-file", "r.json", "--junit", "r.xml", "--html", "r.html", "--md", "r.md", "--badge", "r.svg")
        done = command("--level", "basic", *where, *files, folder=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "green after 0 min, 1 run" in done.stdout
        casino.switch_bug("bet-off-by-a-cent")
        again = json.loads(command("ROLL-05", *where, "--json", folder=tmp_path).stdout)
        assert again["progress"] == {"fixed": [], "new": ["ROUND-01"], "still": []}
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["schema"] == SCHEMA
    assert (report["seed"], report["progress"]) == (None, None), "no random stories, no run before"
    assert report["dialect_hash"] == again["dialect_hash"] != ""
    assert {result["id"] for result in report["results"]} >= {"SIG-01", "SIG-10", "ROUND-01", "FUND-03"}
    suite = ET.parse(tmp_path / "r.xml").getroot()
    assert len(suite) == len(report["results"])
    page = (tmp_path / "r.html").read_text()
    assert "<script" not in page
    assert 'id="FUND-03"' in page
    badge = ET.parse(tmp_path / "r.svg").getroot()
    kept, skipped = report["counts"]["PASS"], report["counts"]["SKIP"]
    rest = f", {skipped} not tried" if skipped else ""
    assert badge.attrib["aria-label"] == f"wallet check, basic: {kept} kept{rest}"
    assert (tmp_path / "r.md").read_text().startswith("# Wallet check: ")


def test_a_broken_wallet_is_told_what_to_fix_first(tmp_path):
    """Exit code 1; expected and got as a difference, the cause with its code, the fix, and bytes without secrets."""
    with reference_wallet(tmp_path / "data", "native") as casino:
        casino.post("/bug", name="amounts-as-fractions", calls=["bet"])
        where = ("--wallet-url", f"{casino.url}/wallet", "--players-url", f"{casino.url}/players")
        done = command("round", *where, "--json-file", "r.json", "--html", "r.html", folder=tmp_path)
    assert done.returncode == 1
    assert "FAIL    ROUND-01" in done.stdout
    assert "CRP-TYPE-001" in done.stdout
    assert "fix this first: ROUND-01" in done.stdout
    report = json.loads((tmp_path / "r.json").read_text())
    by_id = {result["id"]: result for result in report["results"]}
    assert by_id["ROUND-02"]["verdict"] == "BLOCKED"
    evidence = by_id["ROUND-01"]["evidence"][-1]
    assert ["webhook-signature", "***"] in evidence["request"]["headers"]
    assert ".0" in evidence["answer"]["body"]
    assert SECRET not in (tmp_path / "r.html").read_text() + json.dumps(report)


def test_watched_it_runs_again_when_a_file_changes(tmp_path):
    """And says what was fixed; Ctrl-C ends it with the exit code of the last run."""
    code = tmp_path / "wallet.py"
    code.write_text("before")
    with reference_wallet(tmp_path / "data", "native") as casino:
        casino.switch_bug("bet-off-by-a-cent")
        where = ("--wallet-url", f"{casino.url}/wallet", "--players-url", f"{casino.url}/players")
        environment = {**os.environ, "CROUPIER_WALLET_SECRET": SECRET, "PYTHONUNBUFFERED": "1"}
        running = subprocess.Popen(
            [CROUPIER, "certify", "ROUND-01", "--watch", str(code), *where],
            cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            # A shell that runs the tests in the background lets them ignore Ctrl-C, and so their children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no other thread here
        )  # fmt: skip
        told = ""
        for line in running.stdout:
            told += line
            if line.startswith("watching") and ": again" not in told:
                casino.switch_bug("off")
                code.write_text("after, mended")
            elif line.startswith("watching"):
                running.send_signal(signal.SIGINT)
                break
        assert running.wait(20) == 0
    assert f"{code} changed: again" in told
    assert "fixed: ROUND-01" in told


def in_this_process(*arguments: str, secret: str = SECRET):
    return CliRunner().invoke(app, ["certify", *arguments], env={"CROUPIER_WALLET_SECRET": secret})


def test_nothing_to_judge_is_exit_code_2(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cases = (
        (("--wallet-url", "http://127.0.0.1:1/wallet"), SECRET, "--player"),
        (("--player", "p"), SECRET, "--wallet-url"),
        (("--wallet-url", "http://127.0.0.1:1/wallet", "--player", "p"), "", "CROUPIER_WALLET_SECRET"),
        (("NO-01", "--wallet-url", "http://127.0.0.1:1/wallet", "--player", "p"), SECRET, "--list"),
        (("--dialect", "hub88", "--wallet-url", "http://127.0.0.1:1/wallet", "--player", "p"), SECRET, "genpkey"),
    )
    for arguments, secret, told in cases:
        done = in_this_process(*arguments, secret=secret)
        assert done.exit_code == 2, arguments
        assert told in done.output


def test_a_wallet_that_is_not_there_is_named_as_such(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = in_this_process("--wallet-url", "http://127.0.0.1:1/wallet", "--player", "p", "--json")
    assert done.exit_code == 2
    assert "CRP-NET-001" in done.output


def test_the_list_needs_no_wallet():
    done = in_this_process("--list", "--json")
    assert done.exit_code == 0
    assert [rule["id"] for rule in json.loads(done.stdout)] == list(RULES)
