"""``python -m benchmarks``: the round's rows, in interleaved pairs, against the figures to reach.

``--smoke`` runs everything once and briefly, to see that it works; ``--json`` prints the figures for scripts.
"""

import argparse
import json
import os
import platform as host
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.machine import IN_MEMORY, fsync_us, memory_mb, round_trip_us
from benchmarks.platform import CROUPIER, bare_proxy, loaded, running

SEATS = 128
MANY_SEATS = 10_000
REFERENCE_CALLS_US = 27
"""The two calls alone where the bounds in microseconds were set: 13 for a request under uvicorn, 7 a wallet call."""
RESULTS = Path(__file__).parent / "results.md"


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--smoke", action="store_true", help="once and briefly, no thresholds")
    options.add_argument("--pairs", type=int, default=5, help="interleaved pairs of journal and no journal")
    options.add_argument("--seconds", type=float, default=5.0, help="measured time of each run")
    options.add_argument("--many", type=int, default=MANY_SEATS, help="seats of the row with many seats")
    options.add_argument("--json", action="store_true")
    options.add_argument("--keep", action="store_true", help="append a line to results.md")
    chosen = options.parse_args()
    if chosen.smoke:
        chosen.pairs, chosen.seconds, chosen.many = 1, 1.0, 200
    rows = measure(chosen.pairs, chosen.seconds, chosen.many)
    if chosen.json:
        print(json.dumps(rows))
    else:
        show(rows)
    if chosen.keep:
        keep(rows)
    missed = [row["figure"] for row in rows if row["verdict"] == "MISSED"]
    return 0 if chosen.smoke or not missed else 1


def measure(pairs: int, seconds: float, many: int) -> list[dict[str, Any]]:
    syncs: list[float] = []
    trips = [round_trip_us()]
    journal: list[dict[str, Any]] = []
    memory: list[dict[str, Any]] = []
    bare: list[dict[str, Any]] = []
    crowds: list[dict[str, Any]] = []
    added: list[float] = []
    unsynced_added: list[float] = []
    paced: list[dict[str, Any]] = []
    unsynced: list[dict[str, Any]] = []
    idle_mb = many_mb = 0.0
    for pair in range(pairs):
        say(f"pair {pair + 1} of {pairs}: with journal, {SEATS} seats")
        with running() as platform:
            if not pair:
                idle_mb = memory_mb(platform.processes("platform")[0])
            tokens = platform.sit(SEATS, "p")
            journal.append(platform.load(tokens, warm_s=2, run_s=seconds))
            half = journal[-1]["rounds_per_s"] / 2
            paced.append(platform.load(tokens, warm_s=1, run_s=seconds, rate=half))
            if pair == pairs - 1:
                say(f"{many:,} seats")
                everybody = tokens + platform.sit(many - SEATS, "m")
                many_mb = memory_mb(platform.processes("platform")[0])
                crowds = [platform.load(everybody, warm_s=3, run_s=seconds) for _ in range(3)]
            with tempfile.TemporaryDirectory() as folder:
                syncs += fsync_us(Path(folder))
        if IN_MEMORY.is_dir():
            say(f"pair {pair + 1} of {pairs}: half load, data in memory")
            with running(within=IN_MEMORY) as platform:
                unsynced.append(platform.load(platform.sit(SEATS, "p"), warm_s=2, run_s=seconds, rate=half))
        say(f"pair {pair + 1} of {pairs}: without journal")
        with running("memory") as platform:
            memory.append(platform.load(platform.sit(SEATS, "p"), warm_s=2, run_s=seconds))
        say(f"pair {pair + 1} of {pairs}: the two calls alone")
        with bare_proxy() as look:
            bare.append(loaded(["-"] * SEATS, look, warm_s=1, run_s=seconds))
            alone = loaded(["-"] * SEATS, look, warm_s=1, run_s=seconds, rate=half)
        added.append(paced[-1]["p99_ms"] - alone["p99_ms"])
        unsynced_added += [run["p99_ms"] - alone["p99_ms"] for run in unsynced[-1:]]
        trips.append(round_trip_us())
    middle = statistics.median
    ratio = middle(j["rounds_per_s"] / m["rounds_per_s"] for j, m in zip(journal, memory, strict=True))
    ceiling = middle(j["rounds_per_s"] / b["rounds_per_s"] for j, b in zip(journal, bare, strict=True))
    failures: dict[str, int] = {}
    for run in (*journal, *memory, *bare, *crowds, *paced, *unsynced):
        for name, count in run["failures"].items():
            failures[name] = failures.get(name, 0) + count
    cpu = {part: middle(j["cpu_us"][part] for j in journal) for part in ("platform", "projector", "postgres")}
    all_us, alone_us = middle(j["cpu_us_all"] for j in journal), middle(b["cpu_us"]["proxy"] for b in bare)
    start_s = second_start_s()
    syncs.sort()
    tail = syncs[len(syncs) * 99 // 100], syncs[-1]
    in_memory = [row("the same with the data in memory", f"{middle(unsynced_added):.1f} ms")] if unsynced_added else []
    return [
        row("fsync of this disk, median", f"{middle(syncs):.0f} µs"),
        row("fsync of this disk, p99 and longest", f"{tail[0] / 1000:.1f} and {tail[1] / 1000:.0f} ms"),
        row("round trip to another process", f"{min(trips):.0f} to {max(trips):.0f} µs"),
        row("rounds/s, 128 seats", f"{middle(j['rounds_per_s'] for j in journal):,.0f}"),
        row("p50 / p99, 128 seats in a closed loop", f"{journal[-1]['p50_ms']:.1f} / {journal[-1]['p99_ms']:.1f} ms"),
        most("CPU per round, 128 seats, all processes", all_us, 350, 200, "µs"),
        most(f"CPU per round, {many:,} seats, all processes", middle(c["cpu_us_all"] for c in crowds), 350, 200, "µs"),
        most("CPU per round, platform process", cpu["platform"], 200, 120, "µs"),
        row("CPU per round, projector", f"{cpu['projector']:.0f} µs"),
        row("CPU per round, PostgreSQL", f"{cpu['postgres']:.0f} µs"),
        row("CPU of the two calls alone", f"{alone_us:.0f} µs", f"{REFERENCE_CALLS_US} at the bounds' origin"),
        most("CPU per round, all processes ÷ the two calls alone", all_us / alone_us, *in_calls(350, 200), ""),
        most(
            "CPU per round, platform process ÷ the two calls alone", cpu["platform"] / alone_us, *in_calls(200, 120), ""
        ),
        row("CPU per round at half load, all processes", f"{middle(p['cpu_us_all'] for p in paced):.0f} µs"),
        least("rounds/s with the journal ÷ in memory", ratio, 0.60, 0.75),
        least("rounds/s ÷ the two calls alone", ceiling, None, 0.40),
        most("latency added at half load, p99", middle(added), 10, 5, "ms"),
        *in_memory,
        row("latency of a round at half load, p99", f"{middle(p['p99_ms'] for p in paced):.1f} ms"),
        most("memory, idle", idle_mb, 150, 120, "MB"),
        most(f"memory, {many:,} open sessions", many_mb, 300, 250, "MB"),
        most("second start of the demo", start_s, 10, 5, "s"),
        row(
            "projector lag before and after each run",
            ", ".join(f"{a:.0f}→{b:.0f} ms" for j in journal for a, b in [j["lag_ms"]]),
        ),
        row("failures", json.dumps(failures)),
    ]


def row(figure: str, value: str, bounds: str = "", verdict: str = "") -> dict[str, Any]:
    return {"figure": figure, "value": value, "bounds": bounds, "verdict": verdict}


def most(figure: str, value: float, first: float, goal: float, unit: str) -> dict[str, Any]:
    verdict = "goal" if value <= goal else "reached" if value <= first else "MISSED"
    return row(figure, f"{value:.1f} {unit}".rstrip(), f"≤ {first:g}, goal {goal:g}", verdict)


def in_calls(first_us: float, goal_us: float) -> tuple[float, float]:
    """Bounds in microseconds as multiples of the two calls alone (decision 0021)."""
    return round(first_us / REFERENCE_CALLS_US, 1), round(goal_us / REFERENCE_CALLS_US, 1)


def least(figure: str, value: float, first: float | None, goal: float) -> dict[str, Any]:
    verdict = "goal" if value >= goal else "" if first is None else "reached" if value >= first else "MISSED"
    return row(figure, f"{value:.2f}", f"≥ {first:.2f}, goal {goal:.2f}" if first else f"goal {goal:.2f}", verdict)


def second_start_s() -> float:
    """From the command to its JSON line, on data that a first start has made."""
    with tempfile.TemporaryDirectory(prefix="croupier-bench-") as folder:
        Path(folder).chmod(0o755)
        took = 0.0
        for _ in range(2):
            began = time.monotonic()
            demo = subprocess.Popen(
                [
                    CROUPIER,
                    "demo",
                    "--json",
                    "--no-browser",
                    "--history",
                    "0",
                    "--port",
                    "18490",
                    "--data",
                    f"{folder}/d",
                ],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            assert demo.stdout is not None
            demo.stdout.readline()
            took = time.monotonic() - began
            demo.terminate()
            demo.wait(30)
    return took


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def show(rows: list[dict[str, Any]]) -> None:
    width = max(len(r["figure"]) for r in rows)
    for r in rows:
        print(f"{r['figure'].ljust(width)}  {r['value']:>22}  {r['bounds']:>20}  {r['verdict']}")


def keep(rows: list[dict[str, Any]]) -> None:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    cells = [f"{r['figure']}: {r['value']}" for r in rows if r["figure"] != "failures"]
    build = "optimised" if "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "") else "plain"
    processor = f"{os.cpu_count()} cores {host.machine()}, Python {host.python_version()}, {build} build"
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(
            f"\n- {time.strftime('%Y-%m-%d')} `{commit.stdout.strip()}` ({processor}): " + "; ".join(cells) + "\n"
        )


if __name__ == "__main__":
    sys.exit(main())
