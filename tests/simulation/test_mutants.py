"""A simulator that finds nothing may simply be blind: here are mistakes that it must see, and a seed that shows each."""

import pytest

from croupier.simulation.world import simulate
from simulation import mutants

# mutant, seed, rounds, an invariant that must be among those found
KILLED = [
    (mutants.new_id_on_retry, 0, 60, "I-03"),
]


@pytest.mark.parametrize(
    ("mutant", "seed", "rounds", "invariant"), KILLED, ids=lambda value: getattr(value, "__name__", "")
)
def test_mutant_is_killed(mutant, seed, rounds, invariant):
    with mutant():
        report = simulate(seed, rounds)
    assert invariant in {violation.invariant for violation in report.violations}
