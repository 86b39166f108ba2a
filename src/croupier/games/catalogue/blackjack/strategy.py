"""Basic strategy for these rules, as a table: six decks, dealer stands on soft 17 and peeks, no double after split.

A row is the player's hand, a column the dealer's card 2 3 4 5 6 7 8 9 10 A. ``h`` hit, ``s`` stand, ``d`` double or
else hit, ``D`` double or else stand, ``p`` split, ``.`` no split: play the total. Insurance is never taken.
"""

from croupier.games.catalogue.blackjack.table import Table, total, value

HARD: dict[int, str] = {
    **dict.fromkeys(range(4, 9), "hhhhhhhhhh"),
    9: "hddddhhhhh",
    10: "ddddddddhh",
    11: "dddddddddh",
    12: "hhssshhhhh",
    **dict.fromkeys(range(13, 17), "ssssshhhhh"),
    **dict.fromkeys(range(17, 22), "ssssssssss"),
}
SOFT: dict[int, str] = {
    12: "hhhhhhhhhh",
    13: "hhhddhhhhh",
    14: "hhhddhhhhh",
    15: "hhdddhhhhh",
    16: "hhdddhhhhh",
    17: "hddddhhhhh",
    18: "sDDDDsshhh",
    **dict.fromkeys(range(19, 22), "ssssssssss"),
}
PAIRS: dict[int, str] = {
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
}
"""By the value of one card of the pair."""


def wish(points: int, up: int, *, soft: bool) -> str:
    """The table's letter for a total against the dealer's card value `up` (1 is the ace)."""
    return (SOFT if soft else HARD)[points][(up - 2) % 10]


def splits(card: int, up: int) -> bool:
    return PAIRS[card][(up - 2) % 10] == "p"


def decide(table: Table) -> str:
    """The action that basic strategy takes next; it looks at nothing that the player cannot see."""
    if table.phase == "insurance":
        return "no_insurance"
    hand, up = table.hands[table.active], value(table.dealer[0])
    may_double = len(hand) == 2 and not table.is_split
    if may_double and value(hand[0]) == value(hand[1]) and splits(value(hand[0]), up):
        return "split"
    points, soft = total(hand)
    letter = wish(points, up, soft=soft)
    if letter in "dD":
        return "double" if may_double else "hit" if letter == "d" else "stand"
    return "hit" if letter == "h" else "stand"
