"""Who plays each game when nobody is watching: simulations, demo data, load tests."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from croupier.games.catalogue.blackjack.strategy import decide
from croupier.games.catalogue.blackjack.table import Table
from croupier.games.game import Action, Json


class Player(NamedTuple):
    """How rounds are played: what opens each of them, and what follows in an open one, from its state."""

    opening: Action
    decide: Callable[[Json], Action] = lambda _state: Action("abandon")


def basic_strategy(state: Json) -> Action:
    return Action(decide(msgspec.convert(state, Table)))


ROULETTE_CHIPS = {
    "bets": [
        {"type": "red", "amount": 200},
        {"type": "dozen", "index": 2, "amount": 100},
        {"type": "corner", "numbers": [0, 1, 2, 3], "amount": 40},
        {"type": "split", "numbers": [17, 20], "amount": 20},
        {"type": "straight", "numbers": [7], "amount": 20},
    ]
}
"""A usual mix of bets, in minor units of a currency with two digits."""

PLAYERS: dict[str, Player] = {
    "krakens-hoard": Player(Action("bet")),
    "european-roulette": Player(Action("bet", choice=ROULETTE_CHIPS)),
    "blackjack": Player(Action("bet"), basic_strategy),
}
