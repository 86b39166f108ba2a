"""A simulator that finds nothing may be blind: here are mistakes that it must see, with a seed that shows each."""

import dataclasses

import pytest

from croupier.simulation.faults import Quirks, mix_of
from croupier.simulation.world import simulate
from simulation import free_round_mutants, mutants, past_mistakes

ROUNDS = 60
NEARBY = 60
"""Seeds tried when the recorded one shows nothing any more: a new draw somewhere moves every world a little."""

# What is rare in a few rounds gets a world in which it is not.
ANY: dict[str, object] = {}
CRASHES = {"crash": 0.02, "pace_s": 2.0, "tend_s": 2.0, "processes": 1}
STALLS = {"stall": 0.02, "clock_steps": False}
FORGETFUL = {"outage": 6.0, "outage_s": 6000.0, "quirks": Quirks(id_retention_h=2)}
CONFLICTS = {"quirks": Quirks(conflicts=0.5)}
BAD_DISK = {"store": 0.3, "store_kinds": ("unavailable", "unknown_lost"), "store_weights": (1.0, 1.0)}
DROPS = {"drop": 0.2, "store": 0.2, "store_kinds": ("slow",), "store_weights": (1.0,)}

BAD_LUCK = {"no_randomness": 0.02, "heals": True, "crash": 0.0}
SEVERAL = {"processes": 3, "pause": 0.005}

# mutant, an invariant that must be among those found, the weather, the seed that shows it
KILLED = [
    (mutants.new_id_on_retry, "I-03", ANY, 0),
    (mutants.win_given_up, "I-10", ANY, 4),
    (mutants.rollback_given_up, "I-10", ANY, 12),
    (mutants.every_not_found_trusted, "I-01", ANY, 1),
    (mutants.shown_before_durable, "I-06", ANY, 0),
    (mutants.played_without_acceptance, "I-05", ANY, 0),
    (mutants.drawn_again_after_a_crash, "I-09", ANY, 1),
    (mutants.client_errors_taken_as_declines, "I-01", ANY, 1),
    (mutants.server_errors_taken_as_declines, "I-01", ANY, 1),
    (mutants.double_played_on_unknown, "I-05", ANY, 0),
    (mutants.whole_round_rolled_back_after_an_outcome, "I-07", ANY, 0),
    (mutants.session_checked_on_wins, "I-10", ANY, 2),
    (mutants.failed_double_kept, "I-05", ANY, 4),
    (free_round_mutants.free_round_used_twice, "I-13", ANY, 0),
    (free_round_mutants.free_rounds_counted_per_game, "I-13", ANY, 0),
    (free_round_mutants.free_round_given_back_while_in_doubt, "I-13", ANY, 0),
    (free_round_mutants.free_round_lost, "I-13", ANY, 0),
    (free_round_mutants.free_round_lost_with_its_record, "I-13", BAD_DISK, 0),
    (free_round_mutants.free_round_taken_outside_of_its_record, "I-13", ANY, 0),
    (mutants.second_round_beside_an_open_one, "I-11", ANY, 1),
    (mutants.suspended_round_goes_on_sending, "I-10", CONFLICTS, 0),
    (mutants.wins_in_another_currency, "I-10", ANY, 1),
    (mutants.bet_sent_after_its_rollback, "I-03", ANY, 0),
    (mutants.fence_not_checked, "I-03", STALLS, 1),
    (mutants.win_sent_after_retention, "I-08", FORGETFUL, 6),
    (mutants.rollback_posted_twice, "I-01", ANY, 1),
    (mutants.answer_credited_to_another_transaction, "I-01", ANY, 1),
    (mutants.operator_skew_left_out, "I-01", ANY, 1),
    (mutants.draws_not_kept, "I-04", ANY, 0),
    (past_mistakes.draw_kept_for_another_action, "error", BAD_DISK, 0),
    (past_mistakes.reload_gives_up_when_the_store_is_away, "error", BAD_DISK, 1),
    (past_mistakes.late_record_not_looked_for, "I-10", CRASHES, 35),
    (past_mistakes.decided_before_the_stream_was_read_again, "error", CRASHES, 0),
    (past_mistakes.disabled_operator_takes_doubles, "I-12", ANY, 13),
    (past_mistakes.doubtful_record_forgotten, "I-10", DROPS, 4),
    (past_mistakes.failed_draw_kept, "I-10", BAD_LUCK, 16),
    (past_mistakes.answer_held_against_the_next_round, "error", SEVERAL, 52),
]


def found(seed, weather):
    mix = dataclasses.replace(mix_of(seed), **weather)
    return {violation.invariant for violation in simulate(seed, ROUNDS, mix=mix).violations}


@pytest.mark.parametrize(("mutant", "invariant", "weather", "seed"), KILLED, ids=[row[0].__name__ for row in KILLED])
def test_mutant_is_killed(mutant, invariant, weather, seed):
    assert not found(seed, weather), "an honest run of this seed is clean"
    for nearby in (seed, *range(seed + 1, seed + NEARBY)):
        with mutant():
            if invariant in found(nearby, weather):
                return
    pytest.fail(f"{mutant.__doc__} went unseen for {NEARBY} seeds")


def test_every_mutant_is_hunted():
    written = {
        mutant
        for module in (mutants, free_round_mutants, past_mistakes)
        for mutant in vars(module).values()
        if getattr(mutant, "__module__", "") == module.__name__ and hasattr(mutant, "__wrapped__")
    }
    assert {row[0] for row in KILLED} == written
