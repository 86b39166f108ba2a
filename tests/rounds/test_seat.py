"""A seat's stream: its session, what it carries over, and that a round keeps all that was asked for."""

import uuid

import pytest
from msgspec.structs import replace

from croupier.domain.parties import Seat, SeatKey, Session
from croupier.rounds.commands import PlayGame, SendCall
from croupier.rounds.events import (
    ActionRequested,
    BetRequested,
    FreeRound,
    FreeRoundsEnded,
    GamePlayed,
    SeatCarried,
    SeatClosed,
    SessionEnded,
    SessionOpened,
    Terms,
    WalletAnswered,
)
from croupier.rounds.round import Pending, Step
from croupier.rounds.seat import SeatState, apply, call_of, carried
from croupier.rounds.transitions import NotAllowed
from croupier.wallet.calls import Context, Win
from croupier.wallet.outcome import Accepted

SEAT = Seat(uuid.UUID(int=7), SeatKey("casino", "ana", "table", "real"))
ANA = Session("ses_1", "EUR", "en", 1, 1_000_000)
LATER = replace(ANA, session_id="ses_2")
SEATED = SeatState(SEAT, ANA)
TERMS = Terms(bet_attempts=2, zero_win=True)
BET = BetRequested(10, "rd_1", "r1", "ses_1", "b_1", "1.0.0", "buy", b"red", 200, 20, 2000, 900, TERMS)
DOUBLE = ActionRequested(30, "r2", "ses_1", "double", b"left", 150, "b_2", 950)


def after(*events, before=SEATED):
    """The seat after these events, and what the last one commands."""
    commands = ()
    for event in events:
        before, commands = apply(before, event)
    return before, commands


def accepted(at, transaction_id):
    return WalletAnswered(at, transaction_id, at - 1, Accepted(1000, "op-1"))


@pytest.mark.parametrize(
    ("events", "session", "ended"),
    [
        ((SessionOpened(1, ANA),), ANA, None),
        ((SessionOpened(1, ANA), SessionEnded(2, "ses_1", "expired")), ANA, "expired"),
        # The first reason stays; and the end of another session, which comes late, is not about this one.
        (
            (SessionOpened(1, ANA), SessionEnded(2, "ses_1", "expired"), SessionEnded(3, "ses_1", "operator")),
            ANA,
            "expired",
        ),
        ((SessionOpened(1, ANA), SessionEnded(2, "ses_0", "replaced")), ANA, None),
        ((SessionEnded(2, "ses_1", "expired"),), None, None),
        ((SessionOpened(1, ANA), SessionEnded(2, "ses_1", "expired"), SessionOpened(3, LATER)), LATER, None),
        ((SessionOpened(1, ANA), SeatClosed(2, "next")), None, None),
    ],
)
def test_whose_session_it_is(events, session, ended):
    state, commands = after(*events, before=SeatState(SEAT))
    assert (state.session, state.session_ended, commands) == (session, ended, ())


def test_nobody_sits_down_at_a_closed_seat():
    closed, _ = after(SeatClosed(2, "next"))
    assert closed.moved_to == "next"
    with pytest.raises(NotAllowed, match="SessionOpened in state closed seat"):
        apply(closed, SessionOpened(3, LATER))


def test_who_starts_to_read_at_a_round_knows_what_came_before():
    told = SeatCarried(LATER, "expired", 41, "rd_41")
    state, commands = after(told, before=SeatState(SEAT))
    assert (state, commands) == (SeatState(SEAT, LATER, "expired", None, 41, "rd_41"), ())
    assert carried(state) == told


def test_a_round_keeps_all_that_was_asked_for():
    state, commands = after(BET)
    r = state.round
    assert (r.round_id, r.state, r.game_version, r.mode, r.choice) == ("rd_1", "betting", "1.0.0", "buy", b"red")
    assert (r.stake, r.unit, r.terms, r.opened_at, r.changed_at) == (200, 20, TERMS, 10, 10)
    assert r.pending == Pending(10, "r1", "bet", b"red", 2000, "b_1")
    assert (state.rounds, state.last_round_id, commands) == (1, "rd_1", (SendCall("b_1"),))


def test_an_action_is_kept_as_it_was_asked_for_and_played():
    goes_on = GamePlayed(20, "bet", ((5, 3),), finished=False, win=0, win_id=None, state=b"s", reveals=b"cards")
    asked, commands = after(BET, accepted(15, "b_1"), goes_on, DOUBLE)
    assert asked.round.pending == Pending(30, "r2", "double", b"left", 150, "b_2")
    assert commands == (SendCall("b_2"),)
    drawn = GamePlayed(40, "double", ((9, 1),), finished=False, win=0, win_id=None, state=b"t", reveals=b"more")
    played, _ = after(accepted(35, "b_2"), drawn, before=asked)
    assert played.round.steps == (
        Step(20, "r1", "bet", b"red", 2000, ((5, 3),), b"cards"),
        Step(40, "r2", "double", b"left", 150, ((9, 1),), b"more"),
    )
    free, commands = after(replace(DOUBLE, at=50, request_id="r3", cost=0, transaction_id=None), before=played)
    assert free.round.pending == Pending(50, "r3", "double", b"left", 0, None)
    assert (free.round.changed_at, commands) == (50, (PlayGame(),))


def test_the_sum_of_free_rounds_is_told_for_the_session_of_the_last_one():
    free = FreeRound("spring", 11, 0, 10, won=300, local=True, summed=True, ended="played")
    state, commands = after(
        FreeRoundsEnded(50, "rd_9", ANA, "b_9", "w_9", "1.0.0", free), before=SeatState(SEAT, LATER)
    )
    r = state.round
    assert (r.round_id, r.session, r.game_version, r.mode) == ("rd_9", ANA, "1.0.0", "settlement")
    assert (state.rounds, state.last_round_id, commands) == (1, "rd_9", (SendCall("w_9"),))
    assert call_of(state, r.transactions[-1]) == Win(
        Context("ana", "ses_1", "table", "EUR", None, None),
        *("w_9", "rd_9", 300, "b_9"),
        campaign_id="spring",
        free_rounds_left=0,
        made_at=50,
        free_rounds_ended="played",
    )
