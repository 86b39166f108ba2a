"""Another road to blackjack's return: hand by hand, by linearity of expectation."""

from collections.abc import Iterable
from fractions import Fraction

from croupier.games.catalogue.blackjack.expectation import Count, deals, finished_hands, split_hand, total, with_card
from croupier.games.catalogue.blackjack.strategy import Strategy


def mean_bet_and_win(strategy: Strategy, decks: int, ups: Iterable[int] = range(1, 11)) -> tuple[Fraction, Fraction]:
    """Units bet and won, on average, over rounds with one of the dealer cards `ups`; a few seconds for all of them.

    Another road to the mean of `outcomes`: the strategy does not look at the other hand of a split, so both hands
    have the same expectation and one is worked out alone, the other's first card being gone.
    """
    once, twice = Count(decks), Count(decks)
    for deal in deals():
        if deal.up not in ups:
            continue
        once.blackjacks(deal)
        if deal.natural:
            continue
        if strategy.splits_deal(deal.start, deal.up):
            card = deal.start.index(2) + 1
            for hand, orders in split_hand(card, deal.up, strategy).items():
                twice.settle(deal.up, with_card(hand, card), [(total(hand)[0], 2)], orders)
        else:
            for hand, bet, orders in finished_hands(deal.start, deal.up, strategy, may_double=True):
                once.settle(deal.up, hand, [(total(hand)[0], bet)], deal.orders * orders)
    mean_bet, mean_win = Fraction(0), Fraction(0)
    for times, part in ((1, once), (2, twice)):
        for (bet, win), chance in part.chances().items():
            mean_bet += times * bet * chance
            mean_win += times * win * chance
    return mean_bet, mean_win
