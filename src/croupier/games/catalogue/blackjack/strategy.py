"""Basic strategy for these rules, as a table: six decks, dealer stands on soft 17 and peeks, no double after split.

A row is the player's hand, a column the dealer's card 2 3 4 5 6 7 8 9 10 A. ``h`` hit, ``s`` stand, ``d`` double or
else hit, ``D`` double or else stand, ``p`` split, ``.`` no split: play the total. Insurance is never taken.
"""

from collections.abc import Sequence
from typing import NamedTuple

from croupier.games.catalogue.blackjack.table import Table, total, value


class Strategy(NamedTuple):
    """Letters by total, and for pairs by the value of one of the two cards; total-dependent throughout."""

    hard: dict[int, str]
    soft: dict[int, str]
    pairs: dict[int, str]

    def wish(self, points: int, up: int, *, soft: bool) -> str:
        """The letter for a total against the dealer's card value `up` (1 is the ace)."""
        return (self.soft if soft else self.hard)[points][(up - 2) % 10]

    def splits(self, card: int, up: int) -> bool:
        return self.pairs[card][(up - 2) % 10] == "p"

    def splits_deal(self, hand: Sequence[int], up: int) -> bool:
        """Whether two cards, given as ten counts by value, are a pair to split."""
        return 2 in hand and self.splits(hand.index(2) + 1, up)

    def action(self, points: int, up: int, *, soft: bool, may_double: bool) -> str:
        """``hit``, ``stand`` or ``double``."""
        letter = self.wish(points, up, soft=soft)
        if letter in "dD":
            return "double" if may_double else "hit" if letter == "d" else "stand"
        return "hit" if letter == "h" else "stand"


BASIC = Strategy(
    hard={
        **dict.fromkeys(range(4, 9), "hhhhhhhhhh"),
        9: "hddddhhhhh",
        10: "ddddddddhh",
        11: "dddddddddh",
        12: "hhssshhhhh",
        **dict.fromkeys(range(13, 17), "ssssshhhhh"),
        **dict.fromkeys(range(17, 22), "ssssssssss"),
    },
    soft={
        12: "hhhhhhhhhh",
        13: "hhhddhhhhh",
        14: "hhhddhhhhh",
        15: "hhdddhhhhh",
        16: "hhdddhhhhh",
        17: "hddddhhhhh",
        18: "sDDDDsshhh",
        **dict.fromkeys(range(19, 22), "ssssssssss"),
    },
    pairs={
        1: "pppppppppp",
        2: "..pppp....",
        3: "..pppp....",
        4: "..........",
        5: "..........",
        6: ".pppp.....",
        7: "pppppp....",
        8: "pppppppppp",
        9: "ppppp.pp..",
        10: "..........",
    },
)

STAND = Strategy(
    hard=dict.fromkeys(range(4, 22), "s" * 10),
    soft=dict.fromkeys(range(12, 22), "s" * 10),
    pairs=dict.fromkeys(range(1, 11), "." * 10),
)
"""What `abandon` plays."""


def decide(table: Table) -> str:
    """The action that basic strategy takes next; it looks at nothing that the player cannot see."""
    if table.phase == "insurance":
        return "no_insurance"
    hand, up = table.hands[table.active], value(table.dealer[0])
    may_double = len(hand) == 2 and not table.is_split
    if may_double and value(hand[0]) == value(hand[1]) and BASIC.splits(value(hand[0]), up):
        return "split"
    points, soft = total(hand)
    return BASIC.action(points, up, soft=soft, may_double=may_double)
