"""APIs whose wins name the round only: the wallet finds the bet that was taken in it."""

import pytest
from msgspec.structs import replace

from croupier.wallet.book import Book
from croupier.wallet.calls import Bet, Context, Rollback, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined

NOW = 1_800_000_000_000_000
ANA = Context("ana", "s1", "slot", "EUR")
BEA = replace(ANA, player_id="bea")
BET = Bet(ANA, "b_1", "rd_1", 100, NOW)
SECOND = replace(BET, transaction_id="b_2", amount=50)
WIN = Win(ANA, "w_1", "rd_1", 250, "")
BACK = Rollback(ANA, "r_1", "rd_1", "b_1", 100)
CONFLICT = Conflict("transaction_conflict")
NOT_FOUND = Declined("not_found", balance=1000)


@pytest.mark.parametrize(
    ("calls", "answer"),
    [
        ([BET, WIN], Accepted(1150, "op-2")),
        ([WIN], NOT_FOUND),
        ([BET, BACK, WIN], NOT_FOUND),
        ([replace(BET, amount=1001), WIN], NOT_FOUND),
        ([replace(BET, round_id="rd_2", amount=0), WIN], NOT_FOUND),
        ([replace(BET, context=BEA), WIN], NOT_FOUND),
        ([BET, SECOND, BACK, WIN], Accepted(1200, "op-4")),  # one bet of the round still stands
        ([BET, WIN, replace(WIN, transaction_id="w_2", amount=1)], Accepted(1151, "op-3")),
    ],
)
def test_the_bet_is_found_by_player_and_round(calls, answer):
    book = Book()
    for player in ("ana", "bea"):
        book.open_account(player, "EUR", 1000)
    assert [book.answer(call, NOW) for call in calls][-1] == answer


def test_the_first_bet_is_the_one_that_is_settled():
    book = Book()
    book.open_account("ana", "EUR", 1000)
    for call in (BET, SECOND, WIN):
        book.answer(call, NOW)
    assert [book.pages.entry(name).settled for name in ("b_1", "b_2")] == [True, False]
    assert book.answer(BACK, NOW) == CONFLICT
    assert book.answer(replace(BACK, transaction_id="r_2", bet_transaction_id="b_2"), NOW) == Accepted(1150, "op-4")
