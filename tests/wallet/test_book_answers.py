"""The model wallet's answers word for word, and what it writes down: the stories of `test_book` see money only."""

import pytest
from msgspec.structs import replace

from croupier.wallet.book import Book, MemoryPages
from croupier.wallet.calls import Batch, Bet, Context, Prize, Rollback, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined

NOW = 1_800_000_000_000_000
ANA = Context("ana", "s1", "slot", "EUR", None)
BEA = replace(ANA, player_id="bea")
BET = Bet(ANA, "b_1", "rd_1", 100, NOW)
WIN = Win(ANA, "w_1", "rd_1", 250, "b_1")
BACK = Rollback(ANA, "r_1", "rd_1", "b_1", 100)
PRIZE = Prize(ANA, "p_1", "", 30)
CONFLICT = Conflict("transaction_conflict")


@pytest.fixture
def book():
    pages = MemoryPages()
    book = Book(pages)
    assert book.pages is pages
    for player in ("ana", "bea"):
        book.open_account(player, "EUR", 1000)
    return book


def told(book, *calls):
    """What the last of these calls is answered."""
    return [book.answer(call, NOW) for call in calls][-1]


def written(book, name):
    entry = book.pages.entry(name)
    return entry.kind, entry.state, entry.amount, entry.reference, entry.outcome


@pytest.mark.parametrize(
    ("calls", "answer"),
    [
        ([BET], Accepted(900, "op-1")),
        ([BET, BET], Accepted(900, "op-1")),
        ([BET, replace(BET, amount=99)], CONFLICT),
        ([BET, replace(BET, context=BEA)], CONFLICT),
        ([BET, BACK, BET], Declined("already_rolled_back", balance=1000)),
        ([BACK, BET], Declined("already_rolled_back", balance=1000)),
        ([BACK, replace(BET, context=BEA)], CONFLICT),
        ([replace(BET, amount=1001)], Declined("insufficient_funds", balance=1000)),
        ([replace(BET, amount=1001), replace(BET, amount=1001)], Declined("insufficient_funds", balance=1000)),
        ([replace(BET, expires_at=NOW - 30_000_001)], Declined("expired", balance=1000)),
        ([replace(BET, expires_at=NOW - 30_000_000)], Accepted(900, "op-1")),
        ([BET, WIN], Accepted(1150, "op-2")),
        ([BET, WIN, WIN], Accepted(1150, "op-2")),
        ([BET, WIN, replace(WIN, amount=251)], CONFLICT),
        ([BET, WIN, replace(WIN, bet_transaction_id="b_2")], CONFLICT),
        ([WIN], Declined("not_found", balance=1000)),
        ([replace(WIN, amount=1)], Declined("not_found", balance=1000)),
        ([replace(WIN, amount=0)], Accepted(1000, "op-1")),
        ([BET, replace(WIN, context=BEA)], CONFLICT),
        ([BET, BACK, WIN], CONFLICT),
        ([BET, WIN, replace(WIN, transaction_id="w_2", bet_transaction_id="w_1")], CONFLICT),
        ([BET, BACK], Accepted(1000, "op-2")),
        ([BET, BACK, BACK], Accepted(1000, "op-2")),
        ([BET, BACK, replace(BACK, bet_transaction_id="b_2")], CONFLICT),
        ([BET, BACK, replace(BACK, context=BEA)], CONFLICT),
        ([BET, replace(BACK, context=BEA)], CONFLICT),
        ([BET, WIN, BACK], CONFLICT),
        ([BET, WIN, replace(BACK, transaction_id="r_2", bet_transaction_id="w_1")], CONFLICT),
        ([BACK], Accepted(1000, "op-1")),
        ([replace(BET, amount=1001), BACK], Accepted(1000, "op-1")),
    ],
)
def test_each_call_is_answered(book, calls, answer):
    assert told(book, *calls) == answer


def of(*calls):
    return Batch(ANA, "x_1", "rd_1", calls)


def undoing(name, of="b_1"):
    return replace(BACK, transaction_id=name, bet_transaction_id=of)


DEAR = replace(BET, amount=1001)
BET_2, WIN_OF_2 = replace(BET, transaction_id="b_2"), replace(WIN, bet_transaction_id="b_2")
BOTH = of(BET, WIN)
LIST = of(undoing("r_1"), undoing("r_2", "w_1"))
AGAIN = of(undoing("s_1"), undoing("s_2", "w_1"), undoing("s_3", "b_9"))


@pytest.mark.parametrize(
    ("calls", "answer"),
    [
        ([PRIZE], Accepted(1030, "op-1")),
        ([PRIZE, PRIZE], Accepted(1030, "op-1")),
        ([PRIZE, replace(PRIZE, amount=31)], CONFLICT),
        ([BET, WIN, replace(PRIZE, round_id="rd_1")], Accepted(1180, "op-3")),
        ([replace(PRIZE, transaction_id="w_1"), BET, WIN], CONFLICT),
        ([BOTH], Accepted(1150, "op-2")),
        ([BOTH, BOTH], Accepted(1150, "op-2")),
        ([of(DEAR, WIN)], Declined("insufficient_funds", balance=1000)),
        ([of(DEAR, WIN), PRIZE], Accepted(1030, "op-1")),
        ([BET, BOTH], Accepted(1150, "op-2")),
        ([BET, replace(WIN, transaction_id="w_2"), of(BET_2, replace(WIN_OF_2, amount=9))], Accepted(1059, "op-4")),
        ([BET, WIN, of(BET_2, WIN_OF_2)], CONFLICT),
        ([of(BET, replace(WIN, bet_transaction_id="b_2"))], CONFLICT),
        ([of(BET, replace(WIN, round_id="rd_2"))], CONFLICT),
        ([of(BET, replace(WIN, transaction_id="b_1"))], CONFLICT),
        ([of(BET, replace(WIN, transaction_id="b_1")), PRIZE], Accepted(1030, "op-1")),
        ([replace(BET_2, amount=30), of(BET, replace(WIN, transaction_id="b_2")), PRIZE], Accepted(1000, "op-2")),
        ([of(WIN, BET)], Conflict("not_possible")),
        ([BET, WIN, LIST], Accepted(1000, "op-3")),
        ([BET, WIN, LIST, LIST], Accepted(1000, "op-4")),
        ([BET, WIN, LIST, AGAIN], Accepted(1000, "op-4")),
        ([AGAIN, replace(BET, transaction_id="b_9")], Declined("already_rolled_back", balance=1000)),
        ([DEAR, LIST], Accepted(1000, "op-1")),
        ([BET, replace(LIST, context=BEA)], CONFLICT),
        ([BET, WIN, replace(BET, transaction_id="b_2", amount=1100), of(undoing("r_2", "w_1"))],
         Declined("insufficient_funds", balance=50)),
        ([BET, BACK, of(undoing("s_1", "r_1"))], CONFLICT),
    ],
)  # fmt: skip
def test_several_movements_at_once_and_prizes(book, calls, answer):
    """What only other platforms send: a bet with its win, a list of rollbacks, a prize without a bet."""
    assert told(book, *calls) == answer


def test_a_list_is_written_down(book):
    told(book, BET, WIN, AGAIN)
    assert [written(book, name)[:3] for name in ("b_1", "w_1", "b_9", "s_1", "s_2")] == [
        ("bet", "reversed", 100), ("win", "reversed", 250), ("bet", "tombstone", 0), ("rollback", "done", 100),
        ("rollback", "done", 0),
    ]  # fmt: skip


def test_what_is_written_down(book):
    told(book, BET, WIN, replace(BET, transaction_id="b_2", amount=5000), replace(BACK, bet_transaction_id="b_3"))
    assert written(book, "b_1") == ("bet", "taken", 100, "", Accepted(900, "op-1"))
    assert book.pages.entry("b_1").settled
    assert written(book, "w_1") == ("win", "done", 250, "b_1", Accepted(1150, "op-2"))
    assert written(book, "b_2") == ("bet", "declined", 5000, "", Declined("insufficient_funds", balance=1150))
    assert written(book, "b_3") == ("bet", "tombstone", 0, "", Declined("already_rolled_back"))
    assert written(book, "r_1") == ("rollback", "done", 0, "b_3", Accepted(1150, "op-3"))


def test_a_reversed_bet_is_written_down(book):
    told(book, BET, BACK)
    assert written(book, "b_1")[:4] == ("bet", "reversed", 100, "")
    assert written(book, "r_1")[:4] == ("rollback", "done", 100, "b_1")


def test_a_stranger_has_no_balance(book):
    with pytest.raises(KeyError, match="carl"):
        book.balance("carl")
