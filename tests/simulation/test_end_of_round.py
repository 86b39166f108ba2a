"""The call for the end of a round, over the API that has it: what the auditor must see when it goes wrong."""

from unittest.mock import patch

from msgspec.structs import replace

from croupier.rounds import answers, lifecycle, transitions
from croupier.simulation.world import simulate
from croupier.wallet.outcome import Accepted

HONEST, SEED = transitions.settled, 2


def found(rounds: int = 40) -> set[str]:
    return {violation.invariant for violation in simulate(SEED, rounds, dialect="pragmatic").violations}


def never_told(r, at):
    return transitions.close(r, at), ()


def given_up(r, t, e):
    if t.kind == "end_round" and not isinstance(e.outcome, Accepted):
        return transitions.close(transitions.exchanged(r, replace(t, state="accepted"), e.at), e.at), ()
    return answered(r, t, e)


def told_with_the_win(r, e):
    """Both at once: the operator may hear of the end first."""
    after, commands = played(r, e)
    if not any(t.kind == "win" for t in after.transactions):
        return after, commands
    ended, more = HONEST(after, e.at)
    return ended, (*more, *commands)


def told_once(r, at):
    """The end follows its win, where it has not been told with it."""
    if any(t.kind == "end_round" for t in r.transactions):
        return transitions.close(r, at), ()
    return HONEST(r, at)


answered, played = answers._win_answered, lifecycle._game_played


def test_an_honest_round_is_clean_and_its_end_is_told():
    report = simulate(SEED, 40, dialect="pragmatic")
    assert not report.violations
    assert report.rounds >= 40


def test_an_end_that_is_never_told_is_missed():
    with patch.object(answers, "settled", never_told), patch.object(lifecycle, "settled", never_told):
        assert "I-10" in found()


def test_an_end_that_is_given_up_is_missed():
    with patch.object(answers, "_win_answered", given_up):
        assert "I-10" in found()


def test_an_end_that_is_told_before_the_win_is_taken_is_seen():
    with patch.object(lifecycle, "_game_played", told_with_the_win), patch.object(answers, "settled", told_once):
        assert "I-03" in found()
