"""`python -m croupier.simulation`: run seeds, show progress, tell what was found and how to see it again."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from croupier.dialects import DIALECTS
from croupier.simulation.seeds import Totals, run
from croupier.simulation.world import DRAWN, Report, simulate

STORY_LINES = 60
LONG_SEEDS = 1_000_000
LONG_S = 3600.0
ALL_HAPPENS = 100_000
"""Rounds after which everything that must sometimes happen must have happened."""
SEEDS, ROUNDS = 300, 350
"""A whole run: what is played when nothing else is said, or more."""
AT_LEAST = {"rounds": 100_000, "seeds": 300, "faults": 300_000}
"""What a whole run must come to, or its silence proves too little."""
PLACES = ("wire", "store", "crash")
SPOKEN = ", ".join((*DIALECTS, DRAWN))
SHOWN = 3
"""Failed seeds whose stories are printed; the others are named."""


def main(
    seeds: Annotated[int, typer.Option(help="How many seeds.")] = SEEDS,
    rounds_per_seed: Annotated[int, typer.Option(help="Rounds that each seed plays.")] = ROUNDS,
    first: Annotated[int, typer.Option(help="The first seed.")] = 0,
    seed: Annotated[int | None, typer.Option(help="Play this seed alone and tell all that happened.")] = None,
    processes: Annotated[int, typer.Option(help="Processes to use.")] = 2,
    *,
    dialect: Annotated[str, typer.Option(help=f"What the casino speaks: {SPOKEN}; each seed's own.")] = "native",
    long: Annotated[bool, typer.Option("--long", help="Until stopped, or for an hour.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the totals as JSON.")] = False,
) -> None:
    """Money under fire: the real runner against lost answers, dead processes and careless wallets, in virtual time.

    Exit code 1 when an invariant was broken, when a whole run (300 seeds of 350 rounds, as without options, or more)
    comes to fewer than 100,000 rounds or 300,000 faults, or when in it, or in 100,000 rounds, something never happened
    that must.
    """
    console = Console(stderr=True)
    if dialect not in (*DIALECTS, DRAWN):
        raise typer.BadParameter(f"--dialect is one of {SPOKEN}")
    findings: list[str] = []
    if seed is not None:
        report = simulate(seed, rounds_per_seed, dialect=dialect)
        tell(console, report, rounds_per_seed)
        totals = Totals()
        totals.add(report)
    else:
        numbers = range(first, first + (LONG_SEEDS if long else seeds))
        totals = _run(console, numbers, rounds_per_seed, processes, dialect, long=long)
        for report in totals.failed[:SHOWN]:
            tell(console, report, rounds_per_seed)
        if len(totals.failed) > SHOWN:
            console.print("Failed as well: " + ", ".join(report.seed for report in totals.failed[SHOWN:]))
        # Another API cannot meet everything that must sometimes happen.
        if dialect == "native":
            whole = not long and seeds >= SEEDS and rounds_per_seed >= ROUNDS
            findings = too_little(totals, whole=whole)
            console.print("\n".join(findings), style="red", end="\n" if findings else "")
        if totals.never_happened and not findings:
            console.print("Never happened: " + ", ".join(totals.never_happened), style="yellow")
    if as_json:
        print(json.dumps(_figures(totals)))  # noqa: T201 - a command prints its result
    else:
        print("\n".join((*counts(totals), totals.again_line(), totals.line())))  # noqa: T201
    raise typer.Exit(1 if totals.violations or findings else 0)


def too_little(totals: Totals, *, whole: bool) -> list[str]:
    """Why the silence of a run proves too little. `whole`: it was to be one that proves enough."""
    come_to = {"rounds": totals.rounds, "seeds": totals.seeds, "faults": totals.faults}
    short = [
        f"Only {come_to[what]:,} {what}, {least:,} are needed."
        for what, least in AT_LEAST.items()
        if whole and come_to[what] < least
    ]
    if totals.never_happened and (whole or totals.rounds >= ALL_HAPPENS):
        short.append("Never happened: " + ", ".join(totals.never_happened))
    return short


def counts(totals: Totals) -> Iterator[str]:
    """How often each fault struck, one line for each place where faults strike."""
    places: dict[str, list[str]] = {}
    for fault, often in sorted(totals.counted.items()):
        place, _, kind = fault.partition(" ")
        known = place in PLACES and kind
        places.setdefault(place if known else "other", []).append(f"{kind if known else fault} {often:,}")
    return (f"{place}: {', '.join(places[place])}" for place in (*PLACES, "other") if place in places)


def _run(console: Console, numbers: range, rounds: int, processes: int, dialect: str, *, long: bool) -> Totals:
    until = time.monotonic() + LONG_S if long else None
    stopped = _stopped()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("seeds", total=None if long else len(numbers))

        def told(totals: Totals, _: Report) -> bool:
            line = f"{totals.rounds:,} rounds, {totals.faults:,} faults, {totals.violations} violations"
            progress.update(bar, completed=totals.seeds, description=line)
            return not stopped() and (until is None or time.monotonic() < until)

        return run(numbers, rounds, processes, told, dialect)


def _stopped() -> Callable[[], bool]:
    """Whether Ctrl-C or SIGTERM came: the seed that is played ends, then the totals are told. A second one kills."""
    came: list[int] = []

    def ask(number: int, _: FrameType | None) -> None:
        came.append(number)
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return lambda: bool(came)


def tell(console: Console, report: Report, rounds: int) -> None:
    """One seed's findings as text, and the command that plays it again."""
    console.print(
        f"seed {report.seed} ({report.dialect}): {report.rounds} rounds, {report.faults} faults, trace {report.trace}",
        style="bold",
    )
    for violation in report.violations:
        console.print(f"{violation.invariant} {violation.what}", style="red", markup=False, soft_wrap=True)
        for line in violation.story[:STORY_LINES]:
            console.print(f"    {line}", markup=False, highlight=False, soft_wrap=True)
    spoken = "" if report.dialect == "native" else f" --dialect {report.dialect}"
    console.print(f"again: python -m croupier.simulation --seed {report.seed} --rounds-per-seed {rounds}{spoken}")


def _figures(totals: Totals) -> dict[str, object]:
    return {
        "rounds": totals.rounds,
        "seeds": totals.seeds,
        "played_twice": totals.again,
        "faults": totals.faults,
        "violations": totals.violations,
        "virtual_hours": round(totals.virtual_s / 3600),
        "failed_seeds": [report.seed for report in totals.failed],
        "never_happened": totals.never_happened,
        "sometimes": dict(sorted(totals.sometimes.items())),
        "faults_by_kind": dict(sorted(totals.counted.items())),
    }
