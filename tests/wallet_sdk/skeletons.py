"""A skeleton as `croupier init wallet` writes it, untouched, and served as its framework serves it."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from croupier.main.cli import app
from ports import free_port

START_S = 30
FRAMEWORKS = ("fastapi", "django", "flask")


def croupier(*arguments: str) -> Any:
    """What the command prints as JSON; in this process, because starting one costs a second."""
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@dataclass
class Skeleton:
    framework: str
    folder: Path

    def __post_init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/wallet"
        folder, port = str(self.folder), str(self.port)
        printed = croupier(
            "init", "wallet", "--framework", self.framework, "--folder", folder, "--port", port, "--json"
        )
        self.command = printed["commands"][-1].split()
        if self.framework == "django":
            subprocess.run([sys.executable, "manage.py", "migrate"], cwd=self.folder, check=True, capture_output=True)

    @property
    def secret(self) -> str:
        return re.search(r"whsec_\S+", (self.folder / ".env").read_text())[0]

    def trust(self, secret: str) -> None:
        """What the guide says to do with the secret that the platform printed."""
        path = self.folder / ".env"
        path.write_text(path.read_text().replace(self.secret, secret))

    def start(self, refusal: int = 401) -> None:
        """Until it answers; `refusal`: with which status when nothing is signed."""
        program, *arguments = self.command
        with (self.folder / "server.log").open("ab") as log:
            command = [Path(sys.executable).with_name(Path(program).name), *arguments]
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        until = time.monotonic() + START_S
        while not self._answers(refusal):
            assert self.process.poll() is None, self.log
            assert time.monotonic() < until, self.log
            time.sleep(0.05)

    def _answers(self, refusal: int) -> bool:
        try:
            return httpx.post(f"{self.url}/balance", timeout=2).status_code == refusal
        except httpx.HTTPError:
            return False

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ask(self, statement: str) -> list[tuple]:
        """From its database, past the SDK."""
        connection = sqlite3.connect(self.folder / "wallet.db")
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()

    def balance(self, player: str) -> int:
        return self.ask(f"SELECT balance FROM players WHERE id = '{player}'")[0][0]
