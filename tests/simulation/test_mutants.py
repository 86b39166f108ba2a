"""A simulator that finds nothing may be blind: here are mistakes that it must see, each with a seed that shows it."""

import os
import subprocess
import sys

import pytest

from simulation.edits import EDITS
from simulation.hunts import HUNTS, SOURCES, recorded

RECORDED = recorded()


DEAREST = (
    *("new_id_on_retry", "win_given_up", "every_not_found_trusted", "shown_before_durable"),
    *("played_without_acceptance", "drawn_again_after_a_crash", "free_round_used_twice"),
    *("bet_sent_after_its_rollback", "second_round_beside_an_open_one", "answer_credited_to_another_transaction"),
    *("seats_kept_open_after_a_restore", "waiting_rounds_go_on_after_a_restore", "decision_meets_the_open_round"),
    *("whole_round_rolled_back_after_an_outcome", "double_played_on_unknown", "breaker_stops_wins"),
)
"""Tried every time; all of them by ``make mutants``."""


@pytest.mark.parametrize("name", DEAREST)
def test_mutant_is_killed(name: str):
    hunt = next(hunt for hunt in HUNTS if hunt.name == name)
    seed = int(RECORDED[name]["by"].removeprefix("seed "))
    assert not hunt.found(seed), "an honest run of this seed is clean"
    found = seed if hunt.kills(seed) else hunt.seed(seed + 1)
    assert found is not None, f"{hunt.said} went unseen; `make mutants` looks for another seed"


@pytest.mark.parametrize("name", ["approved_by_the_same_person", "biased_draws"])
def test_an_edited_line_is_noticed_by_its_test(name):
    """The others are tried by ``make mutants``."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", EDITS[name].test]
    env = {**os.environ, "CROUPIER_EDIT": name}
    assert subprocess.run(command, env=env, capture_output=True, check=False).returncode == 1


def test_every_mutant_is_hunted():
    written = {
        mutant
        for module in SOURCES
        for mutant in vars(module).values()
        if getattr(mutant, "__module__", "") == module.__name__ and hasattr(mutant, "__wrapped__")
    }
    assert {hunt.mutant for hunt in HUNTS} == written


def test_every_mutant_was_killed():
    """What the reference page says is what the last ``make mutants`` found, of the mutants as they are now."""
    said = {hunt.name: hunt.said for hunt in HUNTS} | {name: edit.said for name, edit in EDITS.items()}
    assert {name: row["said"] for name, row in RECORDED.items()} == said
