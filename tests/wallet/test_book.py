"""The operator's book: conversations, and money that adds up whatever is said in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croupier.wallet.book import Book
from croupier.wallet.calls import Bet, Context, Rollback, Win
from croupier.wallet.outcome import Accepted
from wallet.book_steps import EXPIRES_AT, PLAYERS, START, shown, steps
from wallet.book_stories import STORIES


def opened() -> Book:
    book = Book()
    for player_id, blocked in PLAYERS.items():
        book.open_account(player_id, "EUR", START, blocked=blocked)
    return book


@pytest.mark.parametrize("name", STORIES)
def test_story(name: str):
    book = opened()
    for line, call, at, expected in steps(STORIES[name]):
        assert shown(book.answer(call, at)) == expected, line


def test_references_are_the_operators_own_and_the_same_on_a_repeat():
    book, who = opened(), Context("p", "s", "g", "EUR")
    first, other = (Bet(who, name, "rd", 10, EXPIRES_AT) for name in ("b1", "b2"))
    answers = [book.answer(call, 0) for call in (first, other, first)]
    assert answers[0] == answers[2]
    assert len({answer.operator_reference for answer in answers if isinstance(answer, Accepted)}) == 2


ids = st.integers(0, 3)
says = st.lists(
    st.tuples(st.sampled_from(["bet", "win", "roll"]), ids, st.integers(0, 600), st.sampled_from("pq")), max_size=25
)


@given(says)
def test_money_adds_up(said):
    """Whatever comes twice, in which order: the balance is what the *first* accepted answers moved, and never negative.

    The oracle keeps no accounts: it reads the effects off the answers alone.
    """
    book = opened()
    moved = {"p": {}, "q": {}}
    for verb, n, amount, player in said:
        who = Context(player, "s", "g", "EUR")
        call = {
            "bet": Bet(who, f"b{n}", f"rd{n}", amount, EXPIRES_AT),
            "win": Win(who, f"w{n}", f"rd{n}", amount, f"b{n}"),
            "roll": Rollback(who, f"r{n}", f"rd{n}", f"b{n}", amount),
        }[verb]
        outcome = book.answer(call, 0)
        if isinstance(outcome, Accepted):
            stake = -moved[player].get(f"b{n}", 0)
            effect = {"bet": -amount, "win": amount, "roll": stake}[verb]
            moved[player].setdefault(call.id, effect)
            assert moved[player][call.id] == effect or verb == "roll", "a repeat with other content was accepted"
    for player, effects in moved.items():
        assert book.balance(player) == START + sum(effects.values()) >= 0
        assert all(effects.get(f"w{n}", 0) == 0 or effects.get(f"r{n}", 0) == 0 for n in range(4)), (
            "both paid and refunded"
        )
