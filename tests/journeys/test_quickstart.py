"""The quickstart, run as it stands on the page: its commands, its wallet, its launch address in a real browser."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/quickstart.md"
FENCE = re.compile(r'^```(\w+) title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
SECOND = "second terminal"
SECONDS = 60


class Quickstart:
    """The page's samples, and a folder in which a reader would be working."""

    def __init__(self, demo: dict[str, Any], folder: Path) -> None:
        self.samples = [(title, text) for _, title, text in FENCE.findall(PAGE.read_text("utf-8"))]
        self.folder = folder
        self.platform = demo["platform"]
        self.wallet_port = free_port()
        self.data = demo["data"]
        (folder / ".venv/bin").mkdir(parents=True)
        (folder / ".venv/bin/croupier").symlink_to(Path(sys.executable).with_name("croupier"))

    def text(self, title: str, containing: str = "") -> str:
        (found,) = [text for name, text in self.samples if name == title and containing in text]
        return found

    def here(self, script: str) -> str:
        """The page names the ports that a reader has; ours are others."""
        script = script.replace("127.0.0.1:8080", f"127.0.0.1:{urlsplit(self.platform).port}")
        return re.sub(r'(127\.0\.0\.1(?::|", ))9000', rf"\g<1>{self.wallet_port}", script)

    def second_terminal(self, containing: str) -> str:
        """Run one sample of the second terminal after the first one, which sets its variables; its output."""
        return self.run(self.text(SECOND, "export KEY") + self.text(SECOND, containing)).strip()

    def start_wallet(self) -> None:
        third = self.here(self.text("third terminal: keep it open"))
        with (self.folder / "wallet.log").open("ab") as output:
            self.wallet = subprocess.Popen(
                ["bash", "-e", "-c", third.replace("python3 wallet.py", "exec python3 wallet.py")],
                cwd=self.folder,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.wallet_port)) == 0:
                    return
            time.sleep(0.1)
        pytest.fail("the wallet of the page did not start")

    def stop_wallet(self) -> None:
        self.wallet.terminate()
        self.wallet.wait(10)

    def heard(self, path: str) -> str:
        """The wallet's log, once this call is in it: the screen takes the bet off before the wallet has heard of it."""
        ends = time.monotonic() + SECONDS
        while path not in (log := (self.folder / "wallet.log").read_text()):
            assert time.monotonic() < ends, log
            time.sleep(0.1)
        return log

    def run(self, script: str) -> str:
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", self.here(script)],
            cwd=self.folder,
            env={**os.environ, "CROUPIER_DATA": str(self.data)},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def quickstart(demo: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quickstart]:
    """The steps that come before the first round: operator, wallet (running), player."""
    page = Quickstart(demo, tmp_path_factory.mktemp("reader"))
    once = page.text(SECOND, "operator add")
    page.run(once)
    # From here on the commands are run again and again; an operator is added only once.
    page.samples = [(t, x.replace(once.splitlines(keepends=True)[0], "")) for t, x in page.samples]
    (page.folder / "wallet.py").write_text(page.here(page.text("wallet.py")))
    page.start_wallet()
    yield page
    page.stop_wallet()


def test_the_games_are_listed(quickstart: Quickstart) -> None:
    assert "krakens-hoard" in quickstart.second_terminal("/api/v1/games")


def test_the_reader_plays_a_round_with_their_own_wallet(quickstart: Quickstart, page: Page) -> None:
    assert '"p-1"' in quickstart.second_terminal("players/p-1")
    launch_url = quickstart.second_terminal("launch_url").splitlines()[-1]
    page.emulate_media(reduced_motion="reduce")
    page.goto(launch_url)
    balance = page.get_by_test_id("balance")
    expect(balance).to_have_attribute("data-minor", "10000")
    page.get_by_role("button", name="Spin", exact=True).click()
    expect(balance).not_to_have_attribute("data-minor", "10000")
    # What is drawn decides how long it takes to show: free spins are ten rounds of the reels.
    expect(page.get_by_role("button", name="Spin", exact=True)).to_be_enabled(timeout=SECONDS * 1000)
    calls = quickstart.heard("/bet")
    assert "/balance" in calls
    assert '"error"' not in calls
    (first,) = json.loads(quickstart.second_terminal("rounds?player_id=p-1"))["items"]
    assert first["game_id"] == "krakens-hoard"

    # "Break it": without a wallet, then with it again. The page promises that nobody has to do anything.
    quickstart.stop_wallet()
    page.get_by_role("button", name="Spin", exact=True).click(timeout=SECONDS * 1000)
    expect(page.get_by_text("We could not confirm your bet")).to_be_visible()
    quickstart.start_wallet()
    ends = time.monotonic() + SECONDS
    while state_of_second(quickstart) != "cancelled":
        assert time.monotonic() < ends, "the bet that was never answered is rolled back"
        time.sleep(0.5)


def state_of_second(quickstart: Quickstart) -> str:
    rounds = json.loads(quickstart.second_terminal("rounds?player_id=p-1"))["items"]
    return str(rounds[0]["state"]) if len(rounds) == 2 else "not listed yet"
