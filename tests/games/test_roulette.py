"""Roulette: every bet of the layout against all 37 pockets, and what is not a bet."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croupier.games.catalogue import GAMES
from croupier.games.game import Action, NotAllowedChoice
from croupier.games.rng import Replay

ROULETTE = GAMES["european-roulette"]
SPOTS = ROULETTE.spots

# How many different bets there are, how many pockets each covers, what it pays to one.
LAYOUT = {
    "straight": (37, 1, 35),
    "split": (60, 2, 17),
    "street": (14, 3, 11),
    "corner": (23, 4, 8),
    "line": (11, 6, 5),
    "column": (3, 12, 2),
    "dozen": (3, 12, 2),
    **dict.fromkeys(("red", "black", "even", "odd", "low", "high"), (1, 18, 1)),
}

# Written down from the layout, not computed.
RED = {1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36}


def spin(bets, pocket):
    action = Action("bet", choice={"bets": bets})
    return ROULETTE.play(None, action, Replay([(37, pocket)]))


def winning_pockets(spot):
    return {pocket for pocket in range(37) if spin([spot | {"amount": 10}], pocket).win}


@pytest.mark.parametrize("kind", LAYOUT)
def test_number_of_bets_pockets_and_pays(kind):
    count, pockets, pays = LAYOUT[kind]
    spots = [spot for spot in SPOTS if spot["type"] == kind]
    assert len(spots) == count == len({str(spot) for spot in spots})
    for spot in spots:
        wins = [spin([spot | {"amount": 10}], pocket).win for pocket in range(37)]
        assert sorted(wins) == [0] * (37 - pockets) + [10 * (pays + 1)] * pockets
        # What all 37 pockets together give back for 37 bets of 10.
        assert Fraction(sum(wins), 370) == Fraction(36, 37) == ROULETTE.rtp["base"]


@pytest.mark.parametrize(
    ("spot", "wins"),
    [
        ({"type": "straight", "numbers": [0]}, {0}),
        ({"type": "split", "numbers": [0, 3]}, {0, 3}),
        ({"type": "street", "numbers": [0, 1, 2]}, {0, 1, 2}),
        ({"type": "street", "numbers": [34, 35, 36]}, {34, 35, 36}),
        ({"type": "corner", "numbers": [0, 1, 2, 3]}, {0, 1, 2, 3}),
        ({"type": "corner", "numbers": [36, 35, 33, 32]}, {32, 33, 35, 36}),
        ({"type": "line", "numbers": [31, 32, 33, 34, 35, 36]}, {31, 32, 33, 34, 35, 36}),
        ({"type": "column", "index": 1}, {1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34}),
        ({"type": "column", "index": 3}, {3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36}),
        ({"type": "dozen", "index": 2}, {13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24}),
        ({"type": "red"}, RED),
        ({"type": "black"}, set(range(1, 37)) - RED),
        ({"type": "even"}, set(range(2, 37, 2))),
        ({"type": "odd"}, set(range(1, 37, 2))),
        ({"type": "low"}, set(range(1, 19))),
        ({"type": "high"}, set(range(19, 37))),
    ],
)
def test_a_bet_covers(spot, wins):
    assert winning_pockets(spot) == wins


def test_the_zero_loses_every_outside_bet():
    outside = [spot | {"amount": 20} for spot in SPOTS if "numbers" not in spot]
    assert spin(outside, 0).win == 0


def test_colours():
    shown = {pocket: spin([{"type": "odd", "amount": 1}], pocket).reveals[0] for pocket in range(37)}
    assert {pocket for pocket, reveal in shown.items() if reveal["color"] == "red"} == RED
    assert shown[0] == {"kind": "roulette_spin", "pocket": 0, "color": "green"}


def test_many_bets_are_settled_each_alone_in_their_order():
    bets = [
        {"type": "straight", "numbers": [17], "amount": 20},
        {"type": "black", "amount": 100},
        {"type": "straight", "numbers": [17], "amount": 40},
        {"type": "dozen", "index": 1, "amount": 20},
    ]
    play = spin(bets, 17)
    assert play.reveals[1] == {
        "kind": "bets_settled",
        "bets": [bets[0] | {"win": 720}, bets[1] | {"win": 200}, bets[2] | {"win": 1440}, bets[3] | {"win": 0}],
        "win": 2360,
    }
    assert (play.finished, play.win, play.offers) == (True, 2360, ())


def test_price_and_amounts():
    bets = [{"type": "red", "amount": 30}, {"type": "red", "amount": 5}]
    assert ROULETTE.price(None, Action("bet", choice={"bets": bets})) == 35
    assert ROULETTE.amounts({"bets": bets}) == (30, 5)


STRAIGHT = {"type": "straight", "numbers": [7], "amount": 20}
DOZEN = {"type": "dozen", "index": 1, "amount": 20}


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (None, 'the choice is {"bets"'),
        ([STRAIGHT], 'the choice is {"bets"'),
        ({"bets": [STRAIGHT], "neighbours": 2}, 'the choice is {"bets"'),
        ({"bets": {}}, 'the choice is {"bets"'),
        ({"bets": []}, "from 1 to 200 bets, not 0"),
        ({"bets": [STRAIGHT] * 201}, "from 1 to 200 bets, not 201"),
        ({"bets": [STRAIGHT, 7]}, r"bets\[1\]: a bet is an object"),
        ({"bets": [{"amount": 5}]}, r"bets\[0\].type: one of straight, split"),
        ({"bets": [{"type": "voisins", "amount": 5}]}, r"bets\[0\].type: one of"),
        ({"bets": [{"type": ["red"], "amount": 5}]}, r"bets\[0\].type: one of"),
        ({"bets": [STRAIGHT | {"color": "red"}]}, "a straight bet has no color"),
        ({"bets": [{"type": "red", "numbers": [1], "amount": 5}]}, "a red bet has no numbers"),
        ({"bets": [{"type": "dozen", "numbers": [1], "amount": 5}]}, "a dozen bet has no numbers"),
        ({"bets": [{"type": "red"}]}, "amount: a whole number"),
        *(({"bets": [STRAIGHT | {"amount": wrong}]}, "amount: a whole number") for wrong in (0, -20, 2.0, "20", True)),
        ({"bets": [STRAIGHT | {"amount": 2**53}]}, "amount: a whole number"),
        *(
            ({"bets": [STRAIGHT | {"numbers": wrong}]}, "whole numbers from 0")
            for wrong in (7, [37], [-1], ["7"], [7.0])
        ),
        ({"bets": [{"type": "straight", "amount": 5}]}, "whole numbers from 0 to 36"),
        ({"bets": [STRAIGHT | {"numbers": []}]}, "a straight covers 1 numbers, not 0"),
        ({"bets": [STRAIGHT | {"numbers": [7, 8]}]}, "a straight covers 1 numbers, not 2"),
        ({"bets": [{"type": "split", "numbers": [7, 7], "amount": 5}]}, "the same number twice"),
        ({"bets": [{"type": "split", "numbers": [3, 4], "amount": 5}]}, "do not lie together on the table as a split"),
        ({"bets": [{"type": "split", "numbers": [0, 4], "amount": 5}]}, "do not lie together"),
        ({"bets": [{"type": "street", "numbers": [2, 3, 4], "amount": 5}]}, "do not lie together"),
        ({"bets": [{"type": "street", "numbers": [0, 1, 3], "amount": 5}]}, "do not lie together"),
        ({"bets": [{"type": "corner", "numbers": [3, 4, 6, 7], "amount": 5}]}, "do not lie together"),
        ({"bets": [{"type": "corner", "numbers": [1, 2, 3], "amount": 5}]}, "a corner covers 4 numbers, not 3"),
        ({"bets": [{"type": "line", "numbers": [2, 3, 4, 5, 6, 7], "amount": 5}]}, "do not lie together"),
        *(
            ({"bets": [{"type": "dozen", "index": wrong, "amount": 5}]}, "index: 1, 2 or 3")
            for wrong in (0, 4, "1", True)
        ),
        ({"bets": [{"type": "column", "amount": 5}]}, "index: 1, 2 or 3 says which column"),
    ],
)
def test_what_is_not_a_bet(choice, says):
    with pytest.raises(NotAllowedChoice, match=says):
        ROULETTE.price(None, Action("bet", choice=choice))


@pytest.mark.parametrize("action", [Action("spin"), Action("abandon"), Action("bet", "turbo", {"bets": [STRAIGHT]})])
def test_what_does_not_open_a_round(action):
    with pytest.raises(NotAllowedChoice):
        ROULETTE.price(None, action)


@given(
    placed=st.lists(st.tuples(st.sampled_from(SPOTS), st.integers(1, 1000)), min_size=1, max_size=20),
    pocket=st.integers(0, 36),
    times=st.integers(1, 100),
)
def test_the_stake_never_changes_the_outcome(placed, pocket, times):
    """The same draw at a hundred times the stake: the same pocket, a hundred times the win."""
    small = spin([spot | {"amount": amount} for spot, amount in placed], pocket)
    large = spin([spot | {"amount": amount * times} for spot, amount in placed], pocket)
    assert large.reveals[0] == small.reveals[0]
    assert large.win == small.win * times == sum(bet["win"] for bet in large.reveals[1]["bets"])
