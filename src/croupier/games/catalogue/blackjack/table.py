"""The cards on the table: totals, what is possible, what is left in the shoe. No draw happens here."""

from collections.abc import Sequence

import msgspec

from croupier.games.cards import rank
from croupier.games.game import Offer

VALUES = {"A": 1, **{str(n): n for n in range(2, 11)}, "J": 10, "Q": 10, "K": 10}
BET = 2
"""Units of the opening bet, of a double and of a split."""


def value(card: str) -> int:
    """1 for an ace, 10 for a picture."""
    return VALUES[rank(card)]


def total(cards: Sequence[str]) -> tuple[int, bool]:
    """Best total of a hand and whether an ace counts 11 in it."""
    hard = sum(value(card) for card in cards)
    soft = hard <= 11 and any(value(card) == 1 for card in cards)
    return (hard + 10, True) if soft else (hard, False)


class Table(msgspec.Struct):
    """The whole state of a round; `dealer` is the card shown and the hole card, then what the dealer drew.

    `phase`: ``insurance`` (the ace is shown, nobody has peeked), ``player`` (hand `active` to play) or ``done``.
    `bets`: units on each hand.
    """

    hands: list[list[str]]
    dealer: list[str]
    bets: list[int] = msgspec.field(default_factory=lambda: [BET])
    phase: str = "player"
    active: int = 0
    insured: bool = False

    @property
    def is_split(self) -> bool:
        return len(self.hands) == 2

    @property
    def cards(self) -> list[str]:
        """Every card that has left the shoe."""
        return [card for hand in (*self.hands, self.dealer) for card in hand]

    @property
    def has_blackjack(self) -> bool:
        """An ace and a ten-valued card as dealt; 21 after a split is only 21."""
        return not self.is_split and is_blackjack(self.hands[0])

    def offers(self, insurance_cost: int) -> tuple[Offer, ...]:
        """What the player may do next, with its cost in units."""
        if self.phase == "insurance":
            return (Offer("insurance", insurance_cost), Offer("no_insurance"))
        if self.phase != "player":
            return ()
        possible = [Offer("hit"), Offer("stand")]
        hand = self.hands[self.active]
        if len(hand) == 2 and not self.is_split:
            possible.append(Offer("double", BET))
            if value(hand[0]) == value(hand[1]):
                possible.append(Offer("split", BET))
        return tuple(possible)


def is_blackjack(cards: Sequence[str]) -> bool:
    return len(cards) == 2 and total(cards)[0] == 21
