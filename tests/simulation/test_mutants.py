"""A simulator that finds nothing may be blind: here are mistakes that it must see, with a seed that shows each."""

import pytest

from croupier.simulation.world import simulate
from simulation import mutants, past_mistakes

ROUNDS = 60
NEARBY = 60
"""Seeds tried when the recorded one shows nothing any more: a new draw somewhere moves every world a little."""

# mutant, the seed that shows it, an invariant that must be among those found
KILLED = [
    (mutants.new_id_on_retry, 0, "I-03"),
    (mutants.win_given_up, 1, "I-10"),
    (mutants.rollback_given_up, 0, "I-10"),
    (mutants.every_not_found_trusted, 1, "I-10"),
    (mutants.shown_before_durable, 0, "I-06"),
    (mutants.played_without_acceptance, 0, "I-05"),
    (mutants.drawn_again_after_a_crash, 2, "I-09"),
    (mutants.client_errors_taken_as_declines, 0, "I-01"),
    (mutants.server_errors_taken_as_declines, 0, "I-01"),
    (mutants.double_played_on_unknown, 0, "I-05"),
    (mutants.whole_round_rolled_back_after_an_outcome, 0, "I-07"),
    (mutants.session_checked_on_wins, 6, "I-10"),
    (mutants.failed_double_kept, 4, "I-05"),
    (mutants.second_round_beside_an_open_one, 4, "I-11"),
    (mutants.suspended_round_goes_on_sending, 1, "I-10"),
    (mutants.wins_in_another_currency, 1, "I-10"),
    (mutants.bet_sent_after_its_rollback, 0, "I-03"),
    (mutants.fence_not_checked, 16, "I-03"),
    (mutants.win_sent_after_retention, 48, "I-08"),
    (mutants.answer_credited_to_another_transaction, 1, "I-01"),
    (mutants.operator_skew_left_out, 1, "I-10"),
    (mutants.draws_not_kept, 0, "I-04"),
    (past_mistakes.draw_kept_for_another_action, 2, "error"),
    (past_mistakes.reload_gives_up_when_the_store_is_away, 9, "error"),
    (past_mistakes.late_record_not_looked_for, 182, "I-10"),
    (past_mistakes.decided_before_the_stream_was_read_again, 76, "error"),
    (past_mistakes.disabled_operator_takes_doubles, 1, "I-12"),
    (past_mistakes.doubtful_record_forgotten, 44, "I-10"),
]


def found(seed):
    return {violation.invariant for violation in simulate(seed, ROUNDS).violations}


@pytest.mark.parametrize(("mutant", "seed", "invariant"), KILLED, ids=[mutant.__name__ for mutant, _, _ in KILLED])
def test_mutant_is_killed(mutant, seed, invariant):
    assert not found(seed), "an honest run of this seed is clean"
    for nearby in (seed, *range(seed + 1, seed + NEARBY)):
        with mutant():
            if invariant in found(nearby):
                return
    pytest.fail(f"{mutant.__doc__} went unseen for {NEARBY} seeds")


def test_every_mutant_is_hunted():
    written = {
        mutant
        for module in (mutants, past_mistakes)
        for mutant in vars(module).values()
        if getattr(mutant, "__module__", "") == module.__name__ and hasattr(mutant, "__wrapped__")
    }
    assert {mutant for mutant, _, _ in KILLED} == written
