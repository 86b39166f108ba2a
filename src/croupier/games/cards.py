"""Playing cards as text, rank then suit (``AS``, ``10H``), and a shoe that is drawn from without replacement."""

from collections.abc import Iterable

from croupier.games.rng import Rng

RANKS = ("A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K")
SUITS = ("S", "H", "D", "C")
DECK = tuple(rank + suit for suit in SUITS for rank in RANKS)
"""The 52 cards in the order in which a draw counts them."""


def rank(card: str) -> str:
    """``"10H"`` -> ``"10"``."""
    return card[:-1]


class Shoe:
    """What is left of `decks` packs when the cards `gone` are on the table."""

    def __init__(self, decks: int, gone: Iterable[str] = ()) -> None:
        self._counts = dict.fromkeys(DECK, decks)
        self._left = decks * len(DECK)
        for card in gone:
            self._remove(card)

    def _remove(self, card: str) -> None:
        if not self._counts[card]:
            raise ValueError(f"more {card} on the table than in the shoe")
        self._counts[card] -= 1
        self._left -= 1

    def draw(self, rng: Rng) -> str:
        """One card, each of those left being equally likely: one draw below the number of cards left."""
        place = rng.below(self._left)
        for card, count in self._counts.items():
            if place < count:
                self._remove(card)
                return card
            place -= count
        raise AssertionError("the shoe is empty")
