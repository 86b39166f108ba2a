"""Postings against a ledger kept by hand: each row is one round's life and who holds what at its end."""

import pytest

from croupier.domain.parties import SeatKey
from croupier.ledger.postings import account_of, balance_of, house, postings_between, postings_for, wallet
from croupier.rounds.round import Round, Transaction

KEY = SeatKey("casino", "ana", "krakens-hoard", "real")


def bet(name: str, amount: int, state: str, effect: str = "unsure") -> Transaction:
    return Transaction(name, "bet", amount, "s", state=state, effect=effect)


def win(amount: int, state: str) -> Transaction:
    return Transaction("w", "win", amount, "s", state=state)


# name, states the round went through (state, transactions), wallet, house
LIVES = [
    (
        "a losing spin",
        [("in_play", [bet("b", 100, "accepted", "moved")]), ("closed", [bet("b", 100, "accepted", "moved")])],
        -100,
        100,
    ),
    (
        "a winning spin",
        [
            ("betting", [bet("b", 100, "sending")]),
            ("paying", [bet("b", 100, "accepted", "moved"), win(250, "sending")]),
            ("closed", [bet("b", 100, "accepted", "moved"), win(250, "accepted")]),
        ],
        150,
        -150,
    ),
    ("the stake comes back", [("closed", [bet("b", 100, "accepted", "moved"), win(100, "accepted")])], 0, 0),
    ("a declined bet moves nothing", [("declined", [bet("b", 100, "declined", "none")])], 0, 0),
    (
        "a bet in doubt, rolled back",
        [("rolling_back", [bet("b", 100, "unknown")]), ("cancelled", [bet("b", 100, "reversed")])],
        0,
        0,
    ),
    (
        "an accepted bet, voided",
        [("in_play", [bet("b", 100, "accepted", "moved")]), ("cancelled", [bet("b", 100, "reversed", "moved")])],
        0,
        0,
    ),
    (
        "doubled, and the double was undone",
        [
            ("in_play", [bet("b", 100, "accepted", "moved")]),
            ("in_play", [bet("b", 100, "accepted", "moved"), bet("d", 100, "reversed")]),
            ("closed", [bet("b", 100, "accepted", "moved"), bet("d", 100, "reversed")]),
        ],
        -100,
        100,
    ),
    (
        "the wallet says late that it held the bet",
        [("cancelled", [bet("b", 100, "reversed")]), ("cancelled", [bet("b", 100, "reversed", "moved")])],
        0,
        0,
    ),
]


@pytest.mark.parametrize(
    ("states", "in_wallet", "in_house"), [life[1:] for life in LIVES], ids=[life[0] for life in LIVES]
)
def test_a_round_ends_with_every_coin_in_its_place(states, in_wallet, in_house):
    before, moved = Round(round_id="r"), []
    for state, transactions in states:
        after = Round(round_id="r", state=state, transactions=tuple(transactions))
        moved += postings_between(KEY, before, after)
        before = after

    assert balance_of(wallet(KEY), moved) == in_wallet
    assert balance_of(house(KEY), moved) == in_house
    if before.finished:
        assert balance_of(account_of(before), moved) == 0
    assert all(posting.amount > 0 for posting in moved)


@pytest.mark.parametrize("states", [life[1] for life in LIVES], ids=[life[0] for life in LIVES])
def test_the_whole_round_at_once_gives_the_same_balances(states):
    state, transactions = states[-1]
    r = Round(round_id="r", state=state, transactions=tuple(transactions))
    step_by_step, before = [], Round(round_id="r")
    for state, transactions in states:
        after = Round(round_id="r", state=state, transactions=tuple(transactions))
        step_by_step += postings_between(KEY, before, after)
        before = after

    for account in (wallet(KEY), house(KEY), account_of(r)):
        assert balance_of(account, postings_for(KEY, r)) == balance_of(account, step_by_step)


def test_a_late_yes_for_a_bet_that_was_undone_shows_both_movements():
    undone = Round(round_id="r", state="cancelled", transactions=(bet("b", 100, "reversed"),))
    learnt = Round(round_id="r", state="cancelled", transactions=(bet("b", 100, "reversed", "moved"),))

    moved = postings_between(KEY, undone, learnt)

    assert [(p.source, p.destination, p.amount) for p in moved] == [
        ("wallet:casino/ana", "round:r", 100),
        ("round:r", "wallet:casino/ana", 100),
    ]
