"""A second way to the return of blackjack: card after card in the order of the table, with fractions.

It shares nothing with the analysis but the letters of the strategy, and knows no trick: both hands of a split are
really played one after the other.
"""

from fractions import Fraction
from functools import cache


def best(hard, ace):
    return hard + 10 if ace and hard <= 11 else hard


def without(counts, value):
    return tuple(count - (i == value - 1) for i, count in enumerate(counts))


def draws(counts):
    """(value, chance, what is left) of the next card."""
    whole = sum(counts)
    return [(i + 1, Fraction(count, whole), without(counts, i + 1)) for i, count in enumerate(counts) if count]


@cache
def dealer(hard, ace, counts):
    """Chance of each final total, 22 for a bust, from a hand that is to be played."""
    total = best(hard, ace)
    if total >= 17:
        return {min(total, 22): Fraction(1)}
    found = {}
    for value, chance, left in draws(counts):
        for final, part in dealer(hard + value, ace or value == 1, left).items():
            found[final] = found.get(final, 0) + chance * part
    return found


def mean_bet_and_win(strategy, decks, up):
    """Units bet and won on average when the dealer shows `up`, a card that cannot become a blackjack."""
    assert 2 <= up <= 9

    def settle(hands, counts):
        """The dealer's turn against (total, bet) of each hand."""
        win = Fraction(0)
        for final, chance in dealer(up, False, counts).items():
            for total, bet in hands:
                beaten = total > 21 or (final <= 21 and total < final)
                win += chance * (0 if beaten else bet if total == final else 2 * bet)
        return win

    @cache
    def play(hand, counts, settled, waiting):
        """(bet, win) from a hand in play; `settled`: hands that are over, `waiting`: cards of the other split hand."""
        hard, ace, cards = hand
        total = best(hard, ace)
        is_split = bool(settled or waiting)
        action = "stand"
        if total < 21:
            soft = ace and hard <= 11
            action = strategy.action(total, up, soft=soft, may_double=cards == 2 and not is_split)
        if action == "stand":
            over = (*settled, (total, 2))
            if waiting:
                return play((sum(waiting), 1 in waiting, 2), counts, over, ())
            return Fraction(sum(bet for _, bet in over)), settle(over, counts)
        bet, win = Fraction(0), Fraction(0)
        for value, chance, left in draws(counts):
            if action == "double":
                b, w = Fraction(4), settle(((best(hard + value, ace or value == 1), 4),), left)
            else:
                b, w = play((hard + value, ace or value == 1, cards + 1), left, settled, waiting)
            bet, win = bet + chance * b, win + chance * w
        return bet, win

    def deal(first, second, counts):
        if {first, second} == {1, 10}:
            return Fraction(2), Fraction(5)
        if first != second or not strategy.splits(first, up):
            return play((first + second, 1 in {first, second}, 2), counts, (), ())
        bet, win = Fraction(0), Fraction(0)
        for one, chance, rest in draws(counts):
            for two, other, left in draws(rest):
                if first == 1:
                    totals = tuple((best(1 + card, ace=True), 2) for card in (one, two))
                    b, w = Fraction(4), settle(totals, left)
                else:
                    b, w = play((first + one, 1 in {first, one}, 2), left, (), (second, two))
                bet, win = bet + chance * other * b, win + chance * other * w
        return bet, win

    counts = without((*[4 * decks] * 9, 16 * decks), up)
    total_bet, total_win = Fraction(0), Fraction(0)
    for first, chance, rest in draws(counts):
        for second, other, left in draws(rest):
            bet, win = deal(first, second, left)
            total_bet, total_win = total_bet + chance * other * bet, total_win + chance * other * win
    return total_bet, total_win
