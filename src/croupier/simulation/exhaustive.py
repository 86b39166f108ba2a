"""`python -m croupier.simulation.exhaustive`: every placement of up to three faults in one round of each game kind."""

import json
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from croupier.simulation.placements import KINDS, QUIRKS, Placement, Tried, attempt, explore, placements, read, said

AT_ONCE = "-m croupier.simulation.exhaustive"
SHOWN = 3


def main(
    faults: Annotated[int, typer.Option(help="Faults placed in one round, at most.")] = 2,
    game: Annotated[list[str] | None, typer.Option(help=f"Game kinds: {', '.join(KINDS)}; all when not given.")] = None,
    placement: Annotated[
        str | None, typer.Option(help="Play this one and tell all: '2:answer lost;5:crash after'.")
    ] = None,
    wallet: Annotated[str | None, typer.Option(help=f"Only this wallet: {' or '.join(map(repr, QUIRKS))}.")] = None,
    processes: Annotated[int, typer.Option(help="Processes to use.")] = 2,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the totals as JSON.")] = False,
) -> None:
    """All ways in which up to so many faults can fall into one round: crash, loss, repetition and delay at each message
    and record.

    Exit code 1 when an invariant was broken.
    """
    console = Console(stderr=True)
    pairs = [(kind, quirks) for kind in game or KINDS for quirks in ([wallet] if wallet else QUIRKS)]
    if unknown := [name for kind, quirks in pairs for name in (kind, quirks) if name not in {*KINDS, *QUIRKS}]:
        raise typer.BadParameter(f"There is no {unknown[0]!r}.")
    totals: dict[str, int] = {}
    broken = 0
    for kind, quirks in pairs:
        if placement is not None:
            tried = _one(console, kind, quirks, read(placement))
        else:
            tried = every(kind, quirks, faults, processes, console)
        totals[f"{kind}, wallet {quirks}"] = tried.placements
        broken += len(tried.failed)
        for failed, violations in tried.failed[:SHOWN]:
            for violation in violations:
                console.print(f"{violation.invariant} {violation.what}", style="red", markup=False, soft_wrap=True)
                for line in violation.story:
                    console.print(f"    {line}", markup=False, highlight=False, soft_wrap=True)
            again = f"--game {kind} --wallet '{quirks}' --placement '{said(failed)}'"
            console.print(f"again: python {AT_ONCE} {again}", soft_wrap=True)
    if as_json:
        print(json.dumps({"faults_at_once": faults, "placements": totals, "violations": broken}))  # noqa: T201 - its result
    else:
        told = ", ".join(f"{name}: {count:,}" for name, count in totals.items())
        print(f"placements {sum(totals.values()):,} ({told}) violations {broken:,}")  # noqa: T201
    raise typer.Exit(1 if broken else 0)


def _one(console: Console, kind: str, quirks: str, placement: Placement) -> Tried:
    world, violations = attempt(KINDS[kind], QUIRKS[quirks], placement)
    for line in () if violations else world.story():
        console.print(f"    {line}", markup=False, highlight=False, soft_wrap=True)
    return Tried(1, [(placement, violations)] if violations else [])


def every(kind: str, quirks: str, faults: int, processes: int, console: Console) -> Tried:
    """All placements: those that begin with the same fault are one piece of work."""
    world, violations = attempt(KINDS[kind], QUIRKS[quirks], ())
    total = Tried(1, [((), violations)] if violations else [])
    first = list(placements(world.placed.met, ())) if faults else []
    for tried in track(
        _pieces(kind, quirks, faults, first, processes),
        f"{kind}, {quirks}",
        len(first),
        console=console,
        disable=not console.is_terminal,
    ):
        total.placements += tried.placements
        total.failed += tried.failed
    return total


def _pieces(kind: str, quirks: str, faults: int, first: list[Placement], processes: int) -> Iterator[Tried]:
    work = [(KINDS[kind], QUIRKS[quirks], faults, start) for start in first]
    if processes == 1:
        yield from (explore(*piece) for piece in work)
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(explore, *zip(*work, strict=True))


if __name__ == "__main__":
    typer.run(main)
