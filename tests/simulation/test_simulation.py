"""Some seeds in some seconds; `make test` ends with `make simulate`, which plays hundreds."""

from itertools import count
from pathlib import Path

import pytest

from croupier.dialects import DIALECTS
from croupier.simulation.seeds import run
from croupier.simulation.world import Report, simulate


def played(line):
    """Seed, rounds and API: the third word, where it names one."""
    seed, rounds, word = line.split(maxsplit=3)[:3]
    return int(seed), int(rounds), word if word in DIALECTS else "native"


SEEDS = [
    played(line)
    for line in (Path(__file__).parent / "seeds.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


def assert_clean(report):
    told = [f"{v.invariant} {v.round_id} {v.what}" for v in report.violations]
    assert not told, f"python -m croupier.simulation --seed {report.seed} tells the story"


@pytest.mark.parametrize("seed", range(1000, 1003))
def test_fresh_seed(seed):
    report = simulate(seed, 60)
    assert_clean(report)
    assert report.rounds >= 60


@pytest.mark.parametrize(("seed", "rounds", "dialect"), SEEDS)
def test_seed_that_failed_once(seed, rounds, dialect):
    assert_clean(simulate(seed, rounds, dialect=dialect))


@pytest.mark.parametrize("seed", [2, 1000, 1001])
@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name != "native"])
def test_every_dialect_keeps_the_same_promises(dialect, seed):
    report = simulate(seed, 60, dialect=dialect)
    assert_clean(report)
    assert report.rounds >= 60


@pytest.mark.parametrize("dialect", [name for name, one in DIALECTS.items() if one.abilities.answers_signed])
def test_answers_that_a_stranger_signed_are_not_believed(dialect):
    """In the world of this seed answers must be signed, and some are forged."""
    report = simulate(5019, 60, dialect=dialect)
    assert_clean(report)
    assert report.counted["wire forged"] > 0
    assert report.counted["wire bad_signature"] > 0


def test_an_api_that_does_not_look_at_signatures_is_found(monkeypatch):
    monkeypatch.setattr("croupier.dialects.mascot.answers._signature_doubt", lambda *_: None)
    assert simulate(5019, 60, dialect="mascot").violations


def test_same_seed_same_trace():
    first, second, other = simulate(3, 40), simulate(3, 40), simulate(4, 40)
    assert first == second
    assert first.trace != other.trace


def test_faults_really_happen():
    reports = [simulate(seed, 40) for seed in (12, 16, 20)]
    assert sum(report.faults for report in reports) > 100
    assert len({kind for report in reports for kind in report.counted}) > 15


def test_totals_add_up_and_every_run_checks_its_own_determinism():
    heard = []
    totals = run(range(2000, 2003), 30, processes=1, told=lambda _, report: heard.append(report) is None)
    assert totals.seeds == len(heard) == 3
    assert totals.again == 1
    assert totals.rounds == sum(report.rounds for report in heard)
    assert totals.line().endswith("violations 0")


def test_a_run_that_is_stopped_has_checked_its_determinism_by_then(monkeypatch):
    """Worlds that differ from one time to the next, as if something outside of the seed had leaked into them."""
    traces = count()

    def another_every_time(seed, **_):
        return Report(str(seed), 1, 0, 0.0, str(next(traces)), [], {}, {})

    monkeypatch.setattr("croupier.simulation.seeds.simulate", another_every_time)
    totals = run(range(1_000_000), 1, processes=1, told=lambda totals, _: totals.seeds < 100)
    assert (totals.seeds, totals.again, totals.violations) == (100, 4, 4)
    assert {violation.invariant for report in totals.failed for violation in report.violations} == {"I-18"}
