"""Two real servers on one database, and the demo casino that integrates with them through a balancer."""

import asyncio
import base64
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from journeys.demo_process import CROUPIER, ROOT
from ports import free_port

START_S = 60
MASTER_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()


@dataclass
class Servers:
    """`balancer_port` is where the balancer has to listen."""

    folder: Path
    dsn: str
    ports: list[int]
    balancer_port: int
    casino_port: int
    operator: dict[str, Any] = field(default_factory=dict)
    running: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def demo(self) -> dict[str, Any]:
        """As `croupier demo` would print it."""
        return {
            "platform": f"http://127.0.0.1:{self.balancer_port}",
            "casino": f"http://127.0.0.1:{self.casino_port}",
            "operator": self.operator,
        }

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "CROUPIER_DATABASE_URL": self.dsn,
            "CROUPIER_MASTER_KEY": MASTER_KEY,
            "CROUPIER_PUBLIC_URL": self.demo["platform"],
        }

    def croupier(self, *arguments: str) -> Any:
        """What a command prints as JSON."""
        done = subprocess.run(
            [CROUPIER, *arguments, "--json"], env=self.environment, cwd=ROOT, check=True, capture_output=True
        )
        return json.loads(done.stdout)

    def start(self, number: int, workers: int = 1) -> None:
        port = self.ports[number]
        log = (self.folder / f"server-{number}.log").open("ab")
        command = [
            CROUPIER,
            "serve",
            "--port",
            str(port),
            "--workers",
            str(workers),
            "--data",
            self.folder / f"s{port}",
        ]
        self.running[number] = subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=log, stderr=log)
        log.close()
        ready(f"http://127.0.0.1:{port}/readyz")
        until = time.monotonic() + START_S
        while listeners(port) < workers and time.monotonic() < until:
            time.sleep(0.1)
        assert listeners(port) == workers

    def kill(self, number: int) -> None:
        """As a machine dies: the supervisor, and with it all of its children."""
        process = self.running.pop(number)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def replace(self, number: int) -> None:
        """As a new version is put in place: the server is asked to end, and another one starts."""
        process = self.running.pop(number)
        process.terminate()
        assert process.wait(30) == 0
        self.start(number)

    def replace_casino(self) -> None:
        """With the wallet's secret of now."""
        process = self.running.pop(-1)
        process.terminate()
        process.wait(30)
        self.start_casino()

    def start_casino(self) -> None:
        environment = {
            "CROUPIER_CASINO_DATA": str(self.folder / "casino"),
            "CROUPIER_CASINO_PORT": str(self.casino_port),
            "CROUPIER_CASINO_PLATFORM_URL": self.demo["platform"],
            "CROUPIER_CASINO_OPERATOR_ID": self.operator["id"],
            "CROUPIER_CASINO_API_KEY": self.operator["api_key"],
            "CROUPIER_CASINO_WALLET_SECRET": self.operator["wallet_secret"],
        }
        self.running[-1] = subprocess.Popen(
            [sys.executable, "-m", "croupier.sandbox.run"], env={**os.environ, **environment}, cwd=ROOT
        )
        ready(f"http://127.0.0.1:{self.casino_port}/healthz")

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(30)


def listeners(port: int) -> int:
    """How many sockets listen on a port: a worker opens its own when it is ready."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(fields[1].endswith(f":{port:04X}") and fields[3] == "0A" for fields in map(str.split, lines))


def ready(address: str) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError(f"{address} did not answer within {START_S} s")


def two_servers(folder: Path, dsn: str, workers: tuple[int, ...] = (1, 1)) -> Iterator[Servers]:
    """As many servers as `workers` says, with so many each, and the casino; the balancer is the test's own."""
    first = free_port(2)
    others = free_port(2)
    servers = Servers(folder, dsn, [first, first + 1], others, others + 1)
    try:
        wallet = f"http://127.0.0.1:{servers.casino_port}/wallet"
        servers.start(0, workers[0])
        servers.operator = servers.croupier("operator", "add", "two", "--wallet-url", wallet, "--currency", "EUR")
        for number, count in enumerate(workers[1:], 1):
            servers.start(number, count)
        servers.start_casino()
        yield servers
    finally:
        servers.stop()


async def eventually(question: Any, seconds: float) -> float:
    """Seconds until the question has the answer yes."""
    began = time.monotonic()
    while not await question():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        await asyncio.sleep(0.1)
    return time.monotonic() - began
