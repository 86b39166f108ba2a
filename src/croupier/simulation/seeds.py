"""Many seeds on all cores: totals, what was found, and whether the same seed still gives the same trace."""

import gc
import multiprocessing
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TypeVar

from croupier.simulation.auditor import Violation
from croupier.simulation.sometimes import missing
from croupier.simulation.world import Report, simulate

T = TypeVar("T")
AGAIN_EVERY = 25
"""One seed of so many, beginning with the first, is played a second time: equal traces, or I-18 is broken.

At once, not at the end: a long run has none. In another process, when there are several: they begin together. And with
the garbage collector at another pace, which moves all objects: nothing may depend on where they lie.
"""
COLLECTS, COLLECTS_OFTEN = (100_000, 20, 100), (700, 10, 10)
"""A world's objects live until it ends: looking through them again and again finds nothing and costs 5 %."""


@dataclass
class Totals:
    """What a run has done so far. `failed`: reports with a violation. `again`: seeds that were played twice."""

    seeds: int = 0
    again: int = 0
    rounds: int = 0
    faults: int = 0
    violations: int = 0
    virtual_s: float = 0.0
    counted: Counter[str] = field(default_factory=Counter)
    sometimes: Counter[str] = field(default_factory=Counter)
    failed: list[Report] = field(default_factory=list)

    def add(self, report: Report) -> None:
        self.seeds += 1
        self.rounds += report.rounds
        self.faults += report.faults
        self.violations += len(report.violations)
        self.virtual_s += report.virtual_s
        self.counted.update(report.counted)
        self.sometimes.update(report.sometimes)
        if report.violations:
            self.failed.append(report)

    @property
    def never_happened(self) -> list[str]:
        """Sometimes-assertions without a single hit."""
        return missing(self.sometimes, self.counted)

    def again_line(self) -> str:
        return f"played twice, to compare the traces: {self.again:,} seeds"

    def line(self) -> str:
        return f"rounds {self.rounds:,} seeds {self.seeds:,} faults {self.faults:,} violations {self.violations:,}"


def run(
    seeds: Iterable[int],
    rounds_per_seed: int,
    processes: int,
    told: Callable[[Totals, Report], bool],
    dialect: str = "native",
) -> Totals:
    """Play the seeds. `told` hears of each report as it comes, and says whether to go on."""
    totals = Totals()
    traces: dict[str, str] = {}
    for report in _reports(_some_twice(seeds), partial(_play, rounds=rounds_per_seed, dialect=dialect), processes):
        played_before = report.seed in traces
        first = traces.setdefault(report.seed, report.trace)
        if played_before:
            totals.again += 1
            if first != report.trace:
                report.violations.append(Violation("I-18", "", f"trace {report.trace}, the first time {first}", ()))
                totals.violations += 1
                totals.failed.append(report)
            continue
        totals.add(report)
        if not told(totals, report):
            break
    return totals


def _some_twice(seeds: Iterable[int]) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """Seeds, each with the collector's pace."""
    for place, seed in enumerate(seeds):
        yield seed, COLLECTS
        if place % AGAIN_EVERY == 0:
            yield seed, COLLECTS_OFTEN


def _play(job: tuple[int, tuple[int, int, int]], rounds: int, dialect: str) -> Report:
    seed, pace = job
    usual = gc.get_threshold()
    gc.freeze()  # what was imported is of no world: the collector need not look at it once more for each
    gc.set_threshold(*pace)
    try:
        return simulate(seed, rounds=rounds, dialect=dialect)
    finally:
        gc.set_threshold(*usual)
        gc.collect()  # a whole world is garbage now; a process that has played a thousand would be full of them
        gc.unfreeze()


def _reports(jobs: Iterable[T], play: Callable[[T], Report], processes: int) -> Iterator[Report]:
    """Reports as they come. A process of its own for each core, so that no run can warm up another's hash seed."""
    if processes == 1:
        yield from map(play, jobs)
        return
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawned, initializer=_play_on) as pool:
        left = iter(jobs)
        running: set[Future[Report]] = {pool.submit(play, job) for job in islice(left, processes * 2)}
        try:
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
                    if (job := next(left, None)) is not None:
                        running.add(pool.submit(play, job))
        finally:
            pool.shutdown(cancel_futures=True)


def _play_on() -> None:
    """Ctrl-C is for the process that counts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
