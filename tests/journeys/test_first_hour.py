"""The page of the wallet SDK, its commands run as they stand: first call, first round, the reader's own database."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from journeys.demo_process import free_ports
from wallet_sdk.casino_api import Operator

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r'^( *)```(\w+) title="([^"]+)"\n(.*?)^\1```$', re.MULTILINE | re.DOTALL)
SECONDS = 30


class Reader:
    """A folder in which somebody follows the page, with the tools of the test's own environment."""

    def __init__(self, demo: dict[str, Any], folder: Path) -> None:
        text = (ROOT / "docs/first-hour.md").read_text("utf-8")
        self.samples = [(title, re.sub("^    ", "", body, flags=re.MULTILINE) if indent else body)
                        for indent, _, title, body in FENCE.findall(text)]  # fmt: skip
        self.folder, self.demo, self.port = folder, demo, free_ports()
        (folder / ".venv").mkdir()
        (folder / ".venv/bin").symlink_to(Path(sys.executable).parent)

    def of(self, title: str) -> list[str]:
        return [text for name, text in self.samples if name == title]

    def here(self, script: str) -> str:
        """Ports and packages are those of this machine."""
        script = script.replace("127.0.0.1:8080", f"127.0.0.1:{urlsplit(self.demo['platform']).port}")
        script = re.sub(r"(127\.0\.0\.1:|--port )9000", rf"\g<1>{self.port}", script)
        return re.sub(r"^pip install .*\n", "", script, flags=re.MULTILINE)

    def command(self, script: str) -> list[str]:
        return ["bash", "-e", "-o", "pipefail", "-c", self.here(script)]

    @property
    def environment(self) -> dict[str, str]:
        tools = str(Path(sys.executable).parent)
        return {**os.environ, "CROUPIER_DATA": str(self.demo["data"]), "PATH": f"{tools}:{os.environ['PATH']}"}

    def run(self, script: str) -> str:
        done = subprocess.run(
            self.command(script),
            cwd=self.folder,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def reader(demo: dict[str, Any], tmp_path: Path) -> Iterator[Reader]:
    one = Reader(demo, tmp_path)
    (init,) = one.of("second terminal: fastapi")
    one.run(init)
    add = one.of("second terminal")[0]
    one.run(add)
    (serve,) = one.of("third terminal: fastapi")
    with (tmp_path / "wallet.log").open("wb") as log:
        *before, last = serve.strip().splitlines()
        script = "\n".join([*before, f"exec {last}"])
        wallet = subprocess.Popen(one.command(script), cwd=tmp_path, env=one.environment, stdout=log, stderr=log)
    try:
        until = time.monotonic() + SECONDS
        while not answers(one.port):
            assert time.monotonic() < until, (tmp_path / "wallet.log").read_text()
            time.sleep(0.1)
        yield one
    finally:
        wallet.terminate()
        wallet.wait(10)


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/wallet/balance", timeout=2).status_code == 405
    except httpx.HTTPError:
        return False


def test_the_first_call_and_the_first_round(reader: Reader) -> None:
    add, ask, look = reader.of("second terminal")
    exports = add[add.index("value()") :]
    printed = reader.run(exports + ask)
    launch_url = json.loads(printed[printed.index('{"session_id"') :])["launch_url"]
    assert "/wallet/balance" in (reader.folder / "wallet.log").read_text()

    (sign_in,) = reader.of("second terminal: sign in")
    assert "password" in reader.run(sign_in)

    player = Operator(reader.demo["platform"], json.loads((reader.folder / "first-hour.json").read_text()))
    player.enter(launch_url)
    assert player.spin().status_code == 200
    entries = reader.run(look)
    assert f"('bet', 'applied', {player.bet}," in entries or f"('bet', 'settled', {player.bet}," in entries
