"""``python -m benchmarks.isolation``: ten operators, one of them with an ill wallet. What do the other nine notice?

Real processes: `croupier serve` with its database, ten wallets that keep books, players at a steady pace. For each
illness the nine are measured with all wallets well and then, three times as long, with the tenth ill; p99 may be twice
as high (medians of the windows: a busy machine has bad moments). Then the tenth gets well: everything that waited must
arrive, and all ten books must agree with ours, transaction by transaction.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.booked_wallet import ILLNESSES
from benchmarks.machine import IN_MEMORY
from benchmarks.platform import CROUPIER, Platform, expect, loaded, operator_added, wait_ready
from croupier.store.embedded import dsn_of_running

PORT = 18500
OPERATORS = 10
ILL = OPERATORS - 1
"""Which of them."""

RATIO_MAX = 2.0
WINDOWS = 3
HEALED_S = 120.0
"""Longest back-off and the waiting for a turn."""


@dataclass
class Street:
    """Ten casinos at one platform. `sick`: tokens of the tenth's players; `well`: of the others'."""

    platform: Platform
    data: Path
    wallets: "subprocess.Popen[str]"
    port: int
    well: list[str]
    sick: list[str]

    def order(self, **order: Any) -> str:
        assert self.wallets.stdin is not None
        assert self.wallets.stdout is not None
        self.wallets.stdin.write(json.dumps(order) + "\n")
        self.wallets.stdin.flush()
        return self.wallets.stdout.readline()

    def turn(self, illness: str) -> None:
        assert self.order(port=self.wallet_port(ILL), illness=illness) == "turned\n"

    def wallet_port(self, number: int) -> int:
        return self.port + 1 + number

    def play(self, *, warm_s: float, run_s: float, rate: float) -> dict[str, Any]:
        """What the nine saw, and under ``sick`` what the tenth did; `rate`: spins a second of each operator."""
        with ThreadPoolExecutor(2) as both:
            sick = both.submit(self._load, self.sick, warm_s, run_s, rate)
            seen = self._load(self.well, warm_s, run_s, rate * ILL)
            return {**seen, "sick": sick.result()}

    def _load(self, tokens: list[str], warm_s: float, run_s: float, rate: float) -> dict[str, Any]:
        return loaded(tokens, dict, warm_s=warm_s, run_s=run_s, rate=rate, port=self.port)

    def metric(self, name: str) -> float:
        """Of the tenth operator."""
        label = f'croupier_operator_{name}{{operator="casino-{ILL}"}} '
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30) as page:
            lines = page.read().decode().splitlines()
        return next((float(line.removeprefix(label)) for line in lines if line.startswith(label)), 0.0)

    def healed(self) -> float:
        """Seconds until nothing is owed any more and the lists know it."""
        since = time.monotonic()
        while time.monotonic() - since < HEALED_S:
            if not asyncio.run(_owed(self.data)):
                return time.monotonic() - since
            time.sleep(0.5)
        raise AssertionError(f"{asyncio.run(_owed(self.data))} rounds are still open after {HEALED_S:.0f} s")

    def differences(self) -> list[str]:
        """Transactions that only one side holds, or with another amount."""
        found = []
        for number in range(OPERATORS):
            book = json.loads(self.order(book=self.wallet_port(number)))
            theirs = {name: tuple(entry) for name, entry in book["held"].items()}
            ours = asyncio.run(_held(self.data, f"casino-{number}"))
            found += [
                f"casino-{number} {name}: {ours.get(name)} here, {theirs.get(name)} there"
                for name in sorted(ours.keys() | theirs.keys())
                if ours.get(name) != theirs.get(name)
            ]
        return found

    def most_open(self) -> int:
        """Connections that the tenth's wallet ever had at once."""
        return int(json.loads(self.order(book=self.wallet_port(ILL)))["most_open"])


async def _rows(data: Path, query: str, *values: object) -> list[Any]:
    dsn = dsn_of_running(data)
    assert dsn is not None, "the database runs"
    connection = await asyncpg.connect(dsn)
    try:
        return list(await connection.fetch(query, *values))
    finally:
        await connection.close()


async def _owed(data: Path) -> int:
    """Rounds with a transaction on its way, as the lists know them."""
    rows = await _rows(
        data, "SELECT count(*) FROM rounds WHERE state IN ('betting', 'in_play', 'paying', 'rolling_back', 'suspended')"
    )
    return int(rows[0][0])


async def _held(data: Path, operator_id: str) -> dict[str, tuple[str, int]]:
    """Bets and wins that count by our records."""
    rows = await _rows(
        data,
        """SELECT transaction_id, kind, amount FROM transactions
           WHERE operator_id = $1 AND kind IN ('bet', 'win') AND state = 'accepted'""",
        operator_id,
    )
    return {name: (kind, amount) for name, kind, amount in rows}


@contextmanager
def street(*, port: int, seats: int, sick_seats: int) -> Iterator[Street]:
    """`seats` of each of the nine. Takes eleven ports from `port` on."""
    ports = [port + 1 + number for number in range(OPERATORS)]
    memory = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="croupier-isolation-", dir=memory) as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        wallets = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.booked_wallet", *map(str, ports)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        serve = subprocess.Popen(
            [CROUPIER, "serve", "--port", str(port), "--data", str(data)],
            env={**os.environ, "CROUPIER_LOG_LEVEL": "warning"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            expect(wallets, "ready")
            wait_ready(serve, port)
            well: list[str] = []
            sick: list[str] = []
            with ThreadPoolExecutor(4) as some:  # each waits until the worker has applied it
                keys = list(some.map(partial(_added, str(data)), range(OPERATORS), ports))
            for number, key in enumerate(keys):
                platform = Platform(serve.pid, key, port)
                tokens = platform.sit(sick_seats if number == ILL else seats, f"p{number}")
                (sick if number == ILL else well).extend(tokens)
            # Seats of the nine take turns: neighbours in the list are not of one operator.
            well = [token for turn in range(seats) for token in well[turn::seats]]
            yield Street(platform, data, wallets, port, well, sick)
        finally:
            serve.terminate()
            serve.wait(30)
            wallets.kill()
            wallets.wait()


def _added(data: str, number: int, wallet_port: int) -> str:
    return operator_added(data, f"casino-{number}", f"http://127.0.0.1:{wallet_port}")


def examine(place: Street, illness: str, *, run_s: float, rate: float, windows: int = WINDOWS) -> dict[str, Any]:
    """One illness, from health to health: one window before, several during."""
    before = place.play(warm_s=2, run_s=run_s, rate=rate)
    opened, shed = place.metric("breaker_opened_total"), place.metric("bets_shed_total")
    place.turn(illness)
    during = [place.play(warm_s=2, run_s=run_s, rate=rate) for _ in range(windows)]
    middle = sorted(during, key=lambda window: window["p99_ms"])[windows // 2]
    row = {
        "illness": illness,
        "p99_ms_before": before["p99_ms"],
        "p99_ms": middle["p99_ms"],
        "windows_ms": [window["p99_ms"] for window in during],
        "p50_ms_before": before["p50_ms"],
        "p50_ms": middle["p50_ms"],
        "rounds_before": before["rounds"],
        "rounds": middle["rounds"],
        "failures": {told: count for window in (before, *during) for told, count in window["failures"].items()},
        "sick_rounds": sum(window["sick"]["rounds"] for window in during),
        "sick_failures": during[-1]["sick"]["failures"],
        "opened": place.metric("breaker_opened_total") - opened,
        "shed": place.metric("bets_shed_total") - shed,
        "owed": place.metric("retries") + place.metric("calls"),
    }
    place.turn("none")
    row["healed_s"] = place.healed()
    row["differences"] = place.differences()
    row["most_open"] = place.most_open()
    return row


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m benchmarks.isolation", description=__doc__)
    options.add_argument("--seconds", type=float, default=10.0, help="measured time before each illness")
    options.add_argument("--windows", type=int, default=WINDOWS, help="how often that long during each illness")
    options.add_argument("--rate", type=float, default=20.0, help="spins a second of each operator")
    options.add_argument("--illness", action="append", choices=ILLNESSES[1:], help="only this one; may be repeated")
    options.add_argument("--seats", type=int, default=8, help="players of each of the nine")
    options.add_argument("--sick-seats", type=int, default=300, help="players of the tenth")
    options.add_argument("--port", type=int, default=PORT, help="the first of eleven")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    rows = []
    with street(port=chosen.port, seats=chosen.seats, sick_seats=chosen.sick_seats) as place:
        place.play(warm_s=3, run_s=1, rate=chosen.rate)
        for illness in chosen.illness or ILLNESSES[1:]:
            print(f"the tenth wallet: {illness}", file=sys.stderr, flush=True)
            rows.append(examine(place, illness, run_s=chosen.seconds, rate=chosen.rate, windows=chosen.windows))
    well = statistics.median(row["p99_ms_before"] for row in rows)
    for row in rows:
        row["ratio"] = row["p99_ms"] / well
    if chosen.json:
        print(json.dumps(rows))
    else:
        for row in rows:
            print(told(row))
    return 1 if any(row["ratio"] > RATIO_MAX or row["differences"] or row["failures"] for row in rows) else 0


def told(row: dict[str, Any]) -> str:
    return (
        f"{row['illness']:8} others' p99 {row['p99_ms_before']:.1f} -> {row['p99_ms']:.1f} ms "
        f"({row['ratio']:.2f} of the median of all before), "
        f"p50 {row['p50_ms_before']:.1f} -> {row['p50_ms']:.1f} ms, rounds {row['rounds_before']} -> {row['rounds']}, "
        f"failures {len(row['failures'])}; breaker opened {row['opened']:.0f}x, bets shed {row['shed']:.0f}, "
        f"owed {row['owed']:.0f}, delivered within {row['healed_s']:.0f} s; most connections {row['most_open']}; "
        f"differences {len(row['differences'])}"
    )


if __name__ == "__main__":
    sys.exit(main())
