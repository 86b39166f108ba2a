"""Postings against a ledger kept by hand: each row is one round's life and who holds what at its end."""

import pytest

from croupier.domain.parties import SeatKey
from croupier.ledger.postings import account_of, balance_of, house, postings_between, promo, wallet
from croupier.rounds.events import FreeRound
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
        assert balance_of(account, postings_between(KEY, Round(), r)) == balance_of(account, step_by_step)


def test_a_late_yes_for_a_bet_that_was_undone_shows_both_movements():
    moved = learnt_late(rollback_effect="moved")
    assert [(p.source, p.destination, p.amount) for p in moved] == [
        ("wallet:casino/ana", "round:r", 100),
        ("round:r", "wallet:casino/ana", 100),
    ]


def test_a_late_yes_for_a_bet_that_was_not_found_shows_nothing_until_it_has_gone_back():
    assert learnt_late(rollback_effect="none") == ()


def learnt_late(rollback_effect):
    back = rollback_of_bet(rollback_effect)
    undone = Round(round_id="r", state="cancelled", transactions=(bet("b", 100, "reversed"), back))
    learnt = Round(round_id="r", state="cancelled", transactions=(bet("b", 100, "reversed", "moved"), back))
    return postings_between(KEY, undone, learnt)


def rollback_of_bet(effect):
    return Transaction("r", "rollback", 100, "s", "accepted", effect, reference="b")


# What one transition moves, word for word. Before and after: state of the bet, its effect, state of the round.
SPOKEN = {"wallet:casino/ana": "wallet", "round:r": "round", "house:casino": "house", "promo:casino": "promo"}
MOVES = [
    (("sending", "unsure", "betting"), ("accepted", "moved", "in_play"), ["wallet > round 100 bet"]),
    (("accepted", "moved", "in_play"), ("accepted", "moved", "closed"), ["round > house 100 close"]),
    (("accepted", "moved", "closed"), ("accepted", "moved", "closed"), []),
    (("accepted", "moved", "in_play"), ("reversed", "moved", "cancelled"), ["round > wallet 100 rollback"]),
    (("unknown", "unsure", "rolling_back"), ("reversed", "unsure", "cancelled"), []),
    (
        ("unknown", "unsure", "rolling_back"),
        ("reversed", "moved", "cancelled"),
        ["wallet > round 100 bet", "round > wallet 100 rollback"],
    ),
    (
        ("reversed", "unsure", "cancelled"),
        ("reversed", "moved", "cancelled"),
        ["wallet > round 100 bet", "round > wallet 100 rollback"],
    ),
    (("reversed", "moved", "cancelled"), ("reversed", "moved", "cancelled"), []),
    (("sending", "unsure", "betting"), ("declined", "none", "declined"), []),
]
FREE = FreeRound("spring", 1, 20, 10)


def spoken(postings):
    return [f"{SPOKEN[p.source]} > {SPOKEN[p.destination]} {p.amount} {p.cause}" for p in postings]


@pytest.mark.parametrize(("before", "after", "moved"), MOVES)
def test_each_transition_moves_what_it_says_and_no_more(before, after, moved):
    rounds = [
        Round(round_id="r", state=state, transactions=(bet("b", 100, of_bet, effect), rollback_of_bet("moved")))
        for of_bet, effect, state in (before, after)
    ]
    assert spoken(postings_between(KEY, *rounds)) == moved


@pytest.mark.parametrize(("before", "after", "moved"), MOVES)
def test_the_bet_of_a_free_round_is_paid_by_promotions(before, after, moved):
    """Its call names no amount; the round is worth its bet all the same, and what it keeps goes back to promotions."""
    rounds = [
        Round(
            round_id="r",
            state=state,
            transactions=(bet("b", 0, of_bet, effect), rollback_of_bet("moved")),
            free_round=FREE,
        )
        for of_bet, effect, state in (before, after)
    ]
    said = [
        line.replace("wallet", "promo").replace("house", "promo").replace("100", "20")
        .replace("rollback", "free_bet_return").replace(" bet", " free_bet")
        for line in moved
    ]  # fmt: skip
    assert spoken(postings_between(KEY, *rounds)) == said


@pytest.mark.parametrize(("won", "moved"), [(70, ["round > wallet 70 win", "promo > round 50 close"]),
                                            (20, ["round > wallet 20 win"]),
                                            (5, ["round > wallet 5 win", "round > promo 15 close"])])  # fmt: skip
def test_what_a_free_round_costs_is_what_its_promotion_has_given(won, moved):
    before = Round(round_id="r", state="paying", free_round=FREE,
                   transactions=(bet("b", 0, "accepted", "moved"), win(won, "sending")))  # fmt: skip
    after = Round(round_id="r", state="closed", free_round=FREE,
                  transactions=(bet("b", 0, "accepted", "moved"), win(won, "accepted")))  # fmt: skip
    assert spoken(postings_between(KEY, before, after)) == moved
    assert balance_of(promo(KEY), postings_between(KEY, Round(), after)) == -won
    assert balance_of(house(KEY), postings_between(KEY, Round(), after)) == 0


@pytest.mark.parametrize("state", ["sending", "pending", "conflict"])
def test_a_win_that_was_not_taken_moves_nothing(state):
    before = Round(round_id="r", state="paying", transactions=(bet("b", 100, "accepted", "moved"),))
    after = Round(round_id="r", state="paying", transactions=(*before.transactions, win(250, state)))
    assert postings_between(KEY, before, after) == ()
