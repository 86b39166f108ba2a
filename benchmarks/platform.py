"""A platform to measure: `croupier serve` with the accepting wallet, players with open sessions, load from outside."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks.machine import command, cpu_us, tree

CROUPIER = str(Path(sys.executable).with_name("croupier"))
PORT, WALLET_PORT = 18480, 18482
IN_FLIGHT = 128
"""Spins at once, however many seats take turns."""


@dataclass
class Platform:
    pid: int
    api_key: str
    port: int = PORT

    def processes(self, part: str) -> list[int]:
        """Pids of ``platform``, ``projector`` or ``postgres`` (with all its backends)."""
        names = {"platform": "croupier.main.worker", "projector": "croupier.main.projector", "postgres": "postgres"}
        below = tree(self.pid)[1:]
        roots = [pid for pid in below if names[part] in command(pid).split(" -D ")[0]]
        return sorted({pid for root in roots for pid in tree(root)})

    def cpu_us(self) -> dict[str, int]:
        return {part: cpu_us(self.processes(part)) for part in ("platform", "projector", "postgres")}

    def call(self, method: str, path: str, body: object = None, token: str = "") -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"authorization": f"Bearer {token or self.api_key}", "content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def sit(self, players: int, prefix: str) -> list[str]:
        """Play tokens of so many players at the slot."""

        def one(number: int) -> str:
            player = f"{prefix}-{number}"
            self.call("PUT", f"/api/v1/players/{player}", {"currency": "EUR"})
            opened = self.call("POST", "/api/v1/sessions", {"player_id": player, "game_id": "krakens-hoard"})
            launch = parse_qs(urlsplit(opened["launch_url"]).query)["token"][0]
            return str(self.call("POST", "/play/v1/sessions", {"token": launch})["play_token"])

        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(one, range(players)))

    def lag_ms(self) -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=60) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith("croupier_projector_lag_ms"):
                    return float(line.split()[-1])
        raise AssertionError("the platform tells no lag")

    def load(self, tokens: list[str], *, warm_s: float, run_s: float, rate: float = 0.0) -> dict[str, Any]:
        """What the players saw, and the CPU of each part while they were counted."""
        lags: list[float] = []

        def look() -> dict[str, int]:
            cpu = self.cpu_us()
            lags.append(self.lag_ms())
            return cpu

        seen = loaded(tokens, look, warm_s=warm_s, run_s=run_s, rate=rate)
        return {**seen, "cpu_us_all": sum(seen["cpu_us"].values()), "lag_ms": (lags[0], lags[1])}


def loaded(
    tokens: list[str],
    look: Callable[[], dict[str, int]],
    *,
    warm_s: float,
    run_s: float,
    rate: float = 0.0,
    port: int = PORT,
) -> dict[str, Any]:
    """Load from a process of its own. `look`: CPU of each part so far, asked when the counting begins and ends."""
    job = {"host": "127.0.0.1", "port": port, "tokens": tokens, "warm_s": warm_s, "run_s": run_s, "rate": rate}
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({**job, "in_flight": IN_FLIGHT}))
    process.stdin.close()
    expect(process, "ready")
    expect(process, "begin")
    before = look()
    expect(process, "end")
    after = look()
    seen = json.loads(process.stdout.readline())
    process.wait()
    rounds = max(1, seen["rounds"])
    return {**seen, "cpu_us": {part: (after[part] - before[part]) / rounds for part in after}}


@contextmanager
def bare_proxy() -> Iterator[Callable[[], dict[str, int]]]:
    """The ceiling (`benchmarks.proxy`) on the platform's port, with the same wallet behind it. Yields its `look`."""
    with _wallet():
        proxy = subprocess.Popen([sys.executable, "-m", "benchmarks.proxy", str(PORT), str(WALLET_PORT)])
        try:
            until = time.monotonic() + 20
            while time.monotonic() < until:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield lambda: {"proxy": cpu_us([proxy.pid])}
        finally:
            proxy.terminate()
            proxy.wait(10)


@contextmanager
def _wallet() -> Iterator[None]:
    wallet = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.wallet", str(WALLET_PORT)], stdout=subprocess.PIPE, text=True
    )
    try:
        expect(wallet, "ready")
        yield
    finally:
        wallet.kill()
        wallet.wait()


def expect(process: "subprocess.Popen[str]", word: str) -> None:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if line != word:
        raise RuntimeError(f"the load generator said {line!r} instead of {word!r}")


@contextmanager
def running(journal: str = "postgres", within: Path | None = None) -> Iterator[Platform]:
    """A fresh platform in a folder of its own, inside of `within`; `journal`: ``postgres`` or ``memory``."""
    with tempfile.TemporaryDirectory(prefix="croupier-bench-", dir=within) as folder, _wallet():
        Path(folder).chmod(0o755)
        data = f"{folder}/data"
        environment = {**os.environ, "CROUPIER_JOURNAL": journal, "CROUPIER_LOG_LEVEL": "warning"}
        serve = subprocess.Popen(
            [CROUPIER, "serve", "--port", str(PORT), "--data", data],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            wait_ready(serve, PORT)
            yield Platform(serve.pid, operator_added(data, "bench", f"http://127.0.0.1:{WALLET_PORT}"))
        finally:
            serve.terminate()
            serve.wait(30)


def wait_ready(serve: "subprocess.Popen[str]", port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if serve.poll() is not None:
            raise RuntimeError(f"croupier serve ended: {serve.stderr.read() if serve.stderr else ''}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("croupier serve did not become ready within 60 s")


def operator_added(data: str, operator_id: str, wallet_url: str) -> str:
    """A test operator's API key."""
    out = subprocess.run(
        [CROUPIER, "operator", "add", operator_id, "--wallet-url", wallet_url,
         "--currency", "EUR", "--test", "--data", data, "--json"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return str(json.loads(out.stdout)["api_key"])
