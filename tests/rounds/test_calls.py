"""What is asked of the wallet for each transaction, word for word: whom it is about, and what it carries."""

import uuid

import pytest
from msgspec.structs import replace

from croupier.domain.parties import Seat, SeatKey, Session
from croupier.rounds.events import FreeRound
from croupier.rounds.round import Round, Step, Transaction
from croupier.rounds.seat import SeatState, call_of, context_of
from croupier.wallet.calls import Bet, Context, EndRound, Rollback, Win

KEY = SeatKey("casino", "ana", "krakens-hoard", "real")
FIRST = Session("s1", "EUR", "en", 0, 9, operator_token="token-1")
SECOND = Session("s2", "EUR", "en", 5, 14, operator_token="token-2")
ANA_1 = Context("ana", "s1", "krakens-hoard", "EUR", "token-1", None)
ANA_2 = Context("ana", "s2", "krakens-hoard", "EUR", "token-2", None)

BET = Transaction("b_1", "bet", 100, "s1", first_sent_at=3, expires_at=30)
DOUBLE = Transaction("b_2", "bet", 50, "s2", first_sent_at=6, expires_at=36)
WIN = Transaction("w_1", "win", 250, "s1", reference="b_1", first_sent_at=12)
BACK = Transaction("r_2", "rollback", 50, "s1", reference="b_2", first_sent_at=13)
END = Transaction("e_1", "end_round", 0, "s1", reference="b_1", first_sent_at=14)
SPRING = FreeRound("spring", number=3, bet=20, total=10, returned=1)


def call(t, now=FIRST, opening=FIRST, **more):
    """The call for this transaction; `now`: the player's session by now, `opening`: the one that opened the round."""
    r = Round("rd_1", state="betting", session=opening, transactions=(BET, DOUBLE, WIN, BACK, END), **more)
    return call_of(SeatState(Seat(uuid.UUID(int=7), KEY), session=now, round=r), t)


@pytest.mark.parametrize(
    ("t", "asked"),
    [
        (BET, Bet(ANA_1, "b_1", "rd_1", 100, 30, made_at=3)),
        (DOUBLE, Bet(ANA_2, "b_2", "rd_1", 50, 36, made_at=6)),
        (WIN, Win(ANA_1, "w_1", "rd_1", 250, "b_1", made_at=12)),
        (replace(WIN, reference=None), Win(ANA_1, "w_1", "rd_1", 250, "", made_at=12)),
        (BACK, Rollback(ANA_1, "r_2", "rd_1", "b_2", 50, round_closed=False, made_at=13)),
        (END, EndRound(ANA_1, "e_1", "rd_1", made_at=14)),
    ],
    ids=lambda what: what.kind if isinstance(what, Transaction) else "",
)
def test_a_round_whose_player_has_opened_the_game_anew(t, asked):
    """Each bet names the session in which it was asked for; wins and rollbacks the one that opened the round."""
    assert call(t, now=SECOND) == asked


@pytest.mark.parametrize("now", [None, SECOND])
def test_a_session_that_is_over_still_names_its_own_token(now):
    assert call(BET, now=now).context == ANA_1


def test_the_bet_of_a_free_round_names_its_campaign_and_its_double_does_not():
    free = {"free_round": SPRING}
    assert call(BET, **free) == Bet(ANA_1, "b_1", "rd_1", 100, 30, "spring", free_rounds_left=8, made_at=3)
    assert call(DOUBLE, now=SECOND, **free) == Bet(ANA_2, "b_2", "rd_1", 50, 36, made_at=6)
    assert call(WIN, **free) == Win(
        ANA_1, "w_1", "rd_1", 250, "b_1", campaign_id="spring", free_rounds_left=8, made_at=12
    )


@pytest.mark.parametrize(
    ("t", "mode", "free", "charges"),
    [
        (BET, "base", None, True),
        (BET, "bonus_buy", None, False),  # the operator would take a free round for it
        (BET, "base", SPRING, False),
        (DOUBLE, "base", None, False),
    ],
)
def test_where_the_operator_counts_free_rounds_a_plain_bet_asks_for_one(t, mode, free, charges):
    bonus = replace(FIRST, bonus_id="b-7")
    asked = call(t, now=bonus, opening=bonus, mode=mode, free_round=free)
    assert asked.charge_free_round is charges
    assert asked.context.bonus_id == "b-7"


def test_whom_a_call_is_about():
    assert context_of(KEY, replace(SECOND, bonus_id="b-7"), "s1") == replace(ANA_2, session_id="s1", bonus_id="b-7")


STEP = Step(4, "q1", "bet", None, 100, (), b"[]")


@pytest.mark.parametrize(
    ("transactions", "cause", "steps", "closes"),
    [
        ((BET, BACK), "unknown_bet", (), True),
        ((BET, DOUBLE, BACK), "unknown_bet", (STEP,), False),  # the hand goes on without its double
        ((BET, DOUBLE, BACK), "void", (STEP,), True),
        ((BET, BACK, DOUBLE), "void", (STEP,), False),  # another rollback follows
    ],
)
def test_the_last_rollback_says_that_the_round_is_over(transactions, cause, steps, closes):
    r = Round("rd_1", state="rolling_back", session=FIRST, transactions=transactions, cause=cause, steps=steps)
    asked = call_of(SeatState(Seat(uuid.UUID(int=7), KEY), session=FIRST, round=r), BACK)
    assert asked.round_closed is closes
