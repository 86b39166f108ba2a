"""The exact return of blackjack: against its sheet, against slow play card by card, against plain counting."""

from fractions import Fraction
from math import perm

import pytest

from croupier.games.catalogue import GAMES
from croupier.games.catalogue.blackjack.expectation import (
    DEALER_CARDS,
    EMPTY,
    Shoe,
    outcomes,
    split_hand,
    split_hands,
    with_card,
)
from croupier.games.catalogue.blackjack.strategy import BASIC, STAND
from croupier.games.figures import of_outcomes
from croupier.games.par import decimal, golden
from games import naive_blackjack
from games.blackjack_by_linearity import mean_bet_and_win

BLACKJACK = GAMES["blackjack"]


def test_the_sheet_by_linearity():
    """Hand by hand and card by card, as an exact fraction; of a split one hand is worked out and counted twice."""
    bet, win = mean_bet_and_win(BASIC, BLACKJACK.table_rules.decks)
    assert BLACKJACK.rtp["base"] == win / bet
    assert golden(BLACKJACK)["mode"]["base"]["means"] == {
        "total_bet": decimal(bet / 2),
        "house_edge_of_opening_bet": decimal((bet - win) / 2),
    }


def test_a_player_who_leaves_the_table():
    chances = outcomes(STAND, BLACKJACK.table_rules.decks)
    assert sum(chances.values()) == 1
    part = golden(BLACKJACK)["part"]["abandon"]
    assert Fraction(part["rtp"]) == of_outcomes(chances, 2, 4).rtp


def test_card_after_card_against_a_six():
    """A thirteenth of all rounds; aces and nines are split and both hands really played."""
    strategy = BASIC._replace(pairs=dict.fromkeys(range(1, 11), "." * 10) | {1: "p" * 10, 9: "p" * 10})
    bet, win = naive_blackjack.mean_bet_and_win(strategy, 6, up=6)
    assert mean_bet_and_win(strategy, 6, [6]) == (bet / 13, win / 13)


def test_blackjacks_come_as_often_as_two_cards_do():
    """P(ace and ten) by hand: 2 x 24/312 x 96/311; the player's is paid unless the dealer has one too."""
    natural = Fraction(2 * 24 * 96, 312 * 311)
    both = natural * Fraction(2 * 23 * 95, 310 * 309)
    assert outcomes(STAND, 6)[2, 5] == natural - both


@pytest.mark.parametrize("up", range(1, 11))
@pytest.mark.parametrize("taken", [(), (10, 10), (1, 1, 1, 7), (2, 2, 2, 2, 2, 2, 2)])
def test_the_dealer_ends_somewhere(up, taken):
    gone = with_card(EMPTY, up)
    for value in taken:
        gone = with_card(gone, value)
    shoe = Shoe(2)
    ways = sum(shoe.dealer(up, gone).values()) + shoe.dealer_blackjack(up, gone)
    assert ways == perm(104 - sum(gone), DEALER_CARDS)


def test_both_hands_of_a_split_are_all_pairs_of_one():
    one = split_hand(8, 6, BASIC)
    both = split_hands((0, 0, 0, 0, 0, 0, 0, 2, 0, 0), 6, BASIC)
    assert sum(both.values()) == sum(one.values()) ** 2
    assert {sum(cards) for cards, _, _ in both} == {sum(a) + sum(b) for a in one for b in one}


def test_aces_get_one_card_each():
    assert all(sum(hand) == 2 for hand in split_hand(1, 6, BASIC))
