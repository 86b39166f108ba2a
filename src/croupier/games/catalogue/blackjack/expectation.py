"""The exact distribution of (total bet, win) of a round of blackjack under a total-dependent strategy.

Only the ten card values matter. All cards of a round are the first cards of one shuffled shoe, so the chance of
seeing given values for player and dealer does not depend on the order in which the two draw: it is a product of
falling factorials of the counts of each value. So each final hand is counted once, with the number of orders in which
the strategy reaches it, and the dealer's draws are counted the same way against what the player has taken.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from math import perm
from operator import add, mul
from typing import NamedTuple

from croupier.games.catalogue.blackjack.strategy import Strategy

Hand = tuple[int, ...]
"""How many cards of each value: ace, 2, …, 9, ten-valued."""

Outcome = tuple[int, int]
"""Units bet in the whole round, units won."""

EMPTY: Hand = (0,) * 10
BUST = 22
DEALER_CARDS = 11
"""No dealer draws more than this beside the card shown: ten aces and a six stand behind an ace, for instance."""


def with_card(hand: Hand, value: int) -> Hand:
    return (*hand[: value - 1], hand[value - 1] + 1, *hand[value:])


@cache
def total(hand: Hand) -> tuple[int, bool]:
    """Best total, `BUST` when it is over 21, and whether an ace counts 11."""
    hard = sum(value * count for value, count in enumerate(hand, 1))
    if hand[0] and hard <= 11:
        return hard + 10, True
    return min(hard, BUST), False


@cache
def dealer_hands(up: int) -> dict[int, dict[Hand, int]]:
    """By final total: what the dealer draws to `up` -> in how many orders. Blackjacks are not among them."""
    finals: dict[int, Counter[Hand]] = {}
    level: Counter[Hand] = Counter({EMPTY: 1})
    while level:
        following: Counter[Hand] = Counter()
        for drawn, orders in level.items():
            for value in range(1, 11):
                more = with_card(drawn, value)
                points, _ = total(with_card(more, up))
                if drawn == EMPTY and points == 21:
                    continue
                if points >= 17:
                    finals.setdefault(points, Counter())[more] += orders
                else:
                    following[more] += orders
        level = following
    return {points: dict(hands) for points, hands in finals.items()}


class Products(NamedTuple):
    """`dealer_hands` as a tree of products: hands that begin alike share the work.

    `steps`: a value's parent and its factor, which is value index x (DEALER_CARDS + 1) + count. `ends`: by final total
    and number of cards, the places of finished hands and their orders.
    """

    steps: list[tuple[int, int]]
    ends: dict[tuple[int, int], tuple[list[int], list[int]]]


@cache
def dealer_products(up: int) -> Products:
    places: dict[tuple[int, ...], int] = {(): 0}
    steps: list[tuple[int, int]] = []
    ends: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    for points, hands in dealer_hands(up).items():
        for drawn, orders in hands.items():
            begun: tuple[int, ...] = ()
            for index, count in enumerate(drawn):
                if count:
                    factor = index * (DEALER_CARDS + 1) + count
                    parent, begun = places[begun], (*begun, factor)
                    if begun not in places:
                        places[begun] = len(places)
                        steps.append((parent, factor))
            where, times = ends.setdefault((points, sum(drawn)), ([], []))
            where.append(places[begun])
            times.append(orders)
    return Products(steps, ends)


class Shoe:
    """Counts ways to draw, from `decks` packs. Ways are of ordered physical cards: divide by `perm(size, cards)`."""

    def __init__(self, decks: int) -> None:
        self.counts = (*[4 * decks] * 9, 16 * decks)
        self.size = 52 * decks
        self._dealer: dict[tuple[int, Hand], dict[int, int]] = {}

    def ways(self, hand: Hand) -> int:
        """Ways to draw the cards of a hand in one given order of their values."""
        result = 1
        for have, taken in zip(self.counts, hand, strict=True):
            result *= perm(have, taken)
        return result

    def dealer(self, up: int, gone: Hand) -> dict[int, int]:
        """Final total -> ways among the ``perm(cards left, DEALER_CARDS)`` next draws; `gone` includes `up`.

        What is missing to all of them are the dealer's blackjacks.
        """
        key = (up, gone)
        if key not in self._dealer:
            left = [have - taken for have, taken in zip(self.counts, gone, strict=True)]
            falls = [perm(have, count) for have in left for count in range(DEALER_CARDS + 1)]
            plan, values = dealer_products(up), [1]
            for parent, factor in plan.steps:
                values.append(values[parent] * falls[factor])
            finals: dict[int, int] = {}
            for (points, cards), (where, times) in plan.ends.items():
                ways = sum(map(mul, times, map(values.__getitem__, where)))
                finals[points] = finals.get(points, 0) + ways * perm(sum(left) - cards, DEALER_CARDS - cards)
            self._dealer[key] = finals
        return self._dealer[key]

    def dealer_blackjack(self, up: int, gone: Hand) -> int:
        """Ways of the next draws in which the hole card makes a blackjack."""
        hole = {1: 10, 10: 1}.get(up)
        if not hole:
            return 0
        return (self.counts[hole - 1] - gone[hole - 1]) * perm(self.size - sum(gone) - 1, DEALER_CARDS - 1)

    def no_dealer_blackjack(self, up: int, gone: Hand) -> int:
        return perm(self.size - sum(gone), DEALER_CARDS) - self.dealer_blackjack(up, gone)


def finished_hands(start: Hand, up: int, strategy: Strategy, *, may_double: bool) -> Iterator[tuple[Hand, int, int]]:
    """Every hand in which the strategy ends from `start`: (hand, units bet on it, orders of the cards drawn)."""
    level: Counter[Hand] = Counter({start: 1})
    while level:
        following: Counter[Hand] = Counter()
        for hand, orders in level.items():
            points, soft = total(hand)
            action = "stand"
            if points < 21:
                action = strategy.action(points, up, soft=soft, may_double=may_double and sum(hand) == 2)
            for value in range(1, 11) if action != "stand" else ():
                if action == "double":
                    yield with_card(hand, value), 4, orders
                else:
                    following[with_card(hand, value)] += orders
            if action == "stand":
                yield hand, 2, orders
        level = following


def won(points: int, bet: int, dealer: int) -> int:
    """Units back for one hand that is no blackjack, against a dealer who has none."""
    if points == BUST or (dealer != BUST and points < dealer):
        return 0
    return bet if points == dealer else 2 * bet


class Deal(NamedTuple):
    """The player's first two cards in any order (`orders`: 1 or 2 of them) and the dealer's card."""

    start: Hand
    up: int
    orders: int
    natural: bool


def deals() -> Iterator[Deal]:
    for up in range(1, 11):
        for first in range(1, 11):
            for second in range(first, 11):
                start = with_card(with_card(EMPTY, first), second)
                yield Deal(start, up, 1 if first == second else 2, total(start)[0] == 21)


class Count:
    """Collects the ways in which rounds end, by the number of cards gone before the dealer draws."""

    def __init__(self, decks: int) -> None:
        self._shoe = Shoe(decks)
        self._tallies: dict[int, Counter[Outcome]] = {}

    def blackjacks(self, deal: Deal) -> None:
        """Rounds that end before the player acts: the dealer's blackjack and the player's."""
        shoe = self._shoe
        gone = with_card(deal.start, deal.up)
        ways = deal.orders * shoe.ways(gone)
        tally = self._tallies.setdefault(sum(gone), Counter())
        tally[2, 2 if deal.natural else 0] += ways * shoe.dealer_blackjack(deal.up, gone)
        if deal.natural:
            tally[2, 5] += ways * shoe.no_dealer_blackjack(deal.up, gone)

    def settle(self, up: int, taken: Hand, hands: list[tuple[int, int]], orders: int) -> None:
        """Every ending of a round in which the player has `taken` these cards; `hands`: (total, bet) of each."""
        gone = with_card(taken, up)
        ways = orders * self._shoe.ways(gone)
        bet = sum(stake for _, stake in hands)
        tally = self._tallies.setdefault(sum(gone), Counter())
        if all(points == BUST for points, _ in hands):
            tally[bet, 0] += ways * self._shoe.no_dealer_blackjack(up, gone)
            return
        for dealer, dealt in self._shoe.dealer(up, gone).items():
            tally[bet, sum(won(points, stake, dealer) for points, stake in hands)] += ways * dealt

    def chances(self) -> dict[Outcome, Fraction]:
        found: dict[Outcome, Fraction] = {}
        for cards, tally in sorted(self._tallies.items()):
            whole = perm(self._shoe.size, cards + DEALER_CARDS)
            for outcome, ways in sorted(tally.items()):
                found[outcome] = found.get(outcome, Fraction(0)) + Fraction(ways, whole)
        return found


def outcomes(strategy: Strategy, decks: int) -> dict[Outcome, Fraction]:
    """Probability of each (bet, win). Insurance is never taken. With splits it takes a minute."""
    count = Count(decks)
    for deal in deals():
        count.blackjacks(deal)
        if deal.natural:
            continue
        if strategy.splits_deal(deal.start, deal.up):
            for (gone, points, other), orders in split_hands(deal.start, deal.up, strategy).items():
                count.settle(deal.up, gone, [(points, 2), (other, 2)], orders)
        else:
            for hand, bet, orders in finished_hands(deal.start, deal.up, strategy, may_double=True):
                count.settle(deal.up, hand, [(total(hand)[0], bet)], deal.orders * orders)
    return count.chances()


def split_hand(card: int, up: int, strategy: Strategy) -> Counter[Hand]:
    """One hand after a split -> orders of the cards drawn to it: one on an ace, never a double or a second split."""
    hands: Counter[Hand] = Counter()
    for drawn in range(1, 11):
        start = with_card(with_card(EMPTY, card), drawn)
        if card == 1:
            hands[start] += 1
        else:
            for hand, _, orders in finished_hands(start, up, strategy, may_double=False):
                hands[hand] += orders
    return hands


def split_hands(start: Hand, up: int, strategy: Strategy) -> Counter[tuple[Hand, int, int]]:
    """Both hands after a split: (cards of both, total of one, of the other) -> orders.

    Totals below 17 are worth the same against a dealer who has none of them, so they count as 16.
    """
    one = [
        (hand, max(16, total(hand)[0]), orders) for hand, orders in split_hand(start.index(2) + 1, up, strategy).items()
    ]
    both: Counter[tuple[Hand, int, int]] = Counter()
    for hand, points, orders in one:
        for other, other_points, other_orders in one:
            low, high = sorted((points, other_points))
            both[tuple(map(add, hand, other)), low, high] += orders * other_orders
    return both
