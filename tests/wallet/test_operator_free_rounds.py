"""Free rounds that the operator's own wallet counts: it takes one instead of the stake, while it has one."""

import pytest
from msgspec.structs import replace

from croupier.wallet.book import Account, Book, MemoryPages
from croupier.wallet.calls import Balance, Bet, Context, EndRound, Rollback, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined

NOW = 1_800_000_000_000_000
ANA = Context("ana", "s1", "slot", "EUR", None, "spring")
SPIN = Bet(ANA, "b_1", "rd_1", 100, NOW, charge_free_round=True)
BACK = Rollback(ANA, "r_1", "rd_1", "b_1", 100)
CONFLICT = Conflict("transaction_conflict")


def told(free_rounds, *calls, balance=1000):
    """What each call is answered, and the account afterwards: balance, free rounds left."""
    book = Book(MemoryPages())
    book.pages.put_account(Account("ana", "EUR", balance, free_rounds=free_rounds))
    answers = [book.answer(call, NOW) for call in calls]
    after = book.pages.account("ana")
    return answers, (after.balance, after.free_rounds)


def spin(number):
    return replace(SPIN, transaction_id=f"b_{number}", round_id=f"rd_{number}")


def test_two_free_rounds_and_then_money():
    assert told(2, spin(1), spin(2), spin(3)) == (
        [
            Accepted(1000, "op-1", free_round_charged=True, free_rounds_left=1),
            Accepted(1000, "op-2", free_round_charged=True, free_rounds_left=0),
            Accepted(900, "op-3", free_round_charged=False, free_rounds_left=0),
        ],
        (900, 0),
    )


def test_a_repeat_takes_no_second_one():
    answers, left = told(2, SPIN, SPIN)
    assert answers[0] == answers[1]
    assert left == (1000, 1)


@pytest.mark.parametrize(
    ("free_rounds", "balance", "answer"),
    [
        (1, 0, Accepted(0, "op-1", free_round_charged=True, free_rounds_left=0)),
        (0, 99, Declined("insufficient_funds", balance=99)),
        (0, 100, Accepted(0, "op-1", free_round_charged=False, free_rounds_left=0)),
    ],
)
def test_who_has_one_needs_no_money(free_rounds, balance, answer):
    assert told(free_rounds, SPIN, balance=balance)[0] == [answer]


def test_a_stake_in_money_is_not_paid_with_a_free_round():
    bet = replace(SPIN, charge_free_round=False)
    assert told(1, bet) == ([Accepted(900, "op-1")], (900, 1))
    assert told(1, bet, balance=99) == ([Declined("insufficient_funds", balance=99)], (99, 1))


def test_its_rollback_gives_it_back_and_no_money():
    assert told(2, SPIN, BACK, BACK) == (
        [
            Accepted(1000, "op-1", free_round_charged=True, free_rounds_left=1),
            Accepted(1000, "op-2"),
            Accepted(1000, "op-2"),
        ],
        (1000, 2),
    )


def test_the_rollback_of_a_stake_that_was_paid_gives_money():
    answers, left = told(0, SPIN, BACK)
    assert answers[1] == Accepted(1000, "op-2")
    assert left == (1000, 0)


def test_the_same_id_for_another_round_is_a_conflict():
    answers, left = told(2, SPIN, replace(SPIN, round_id="rd_2"))
    assert answers[1] == CONFLICT
    assert left == (1000, 1)


def test_its_win_is_paid():
    win = Win(ANA, "w_1", "rd_1", 250, "b_1")
    assert told(1, SPIN, win, BACK) == (
        [
            Accepted(1000, "op-1", free_round_charged=True, free_rounds_left=0),
            Accepted(1250, "op-2"),
            CONFLICT,
        ],
        (1250, 0),
    )


@pytest.mark.parametrize("question", [Balance(ANA, "q_1"), EndRound(ANA, "e_1", "rd_1")])
def test_who_asks_about_a_bonus_hears_how_many_are_left(question):
    assert told(3, question)[0] == [Accepted(1000, free_rounds_left=3)]
    assert told(3, replace(question, context=replace(ANA, bonus_id=None)))[0] == [Accepted(1000)]
