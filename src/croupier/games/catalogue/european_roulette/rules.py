"""One spin settles every bet on the table. The only draw is the pocket: below 37.

The stake is in the choice: ``{"bets": [{"type", "numbers"? | "index"?, "amount"}]}``, amounts in minor units.
Equal bets are kept apart, in the order in which they were placed: each is a chip of its own and settles alone.
"""

import msgspec

from croupier.games import definition
from croupier.games.catalogue.european_roulette.table import INDEXED, INSIDE, outside
from croupier.games.game import Action, Json, NotAllowedChoice, NotAllowedMode, Play
from croupier.games.published import CatalogueGame
from croupier.games.rng import Rng

PACKAGE = "croupier.games.catalogue.european_roulette"
AMOUNT_MAX = 2**53 - 1


class Bet(msgspec.Struct, frozen=True):
    """One chip: `placed` as the player named it, the pockets it covers, its amount in minor units."""

    placed: dict[str, Json]
    covers: frozenset[int]
    type: str
    amount: int


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    max_bets: int
    max_win: int


class Wheel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pockets: int
    red: frozenset[int]


class RouletteDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    game: definition.Identity
    limits: Limits
    wheel: Wheel
    pays: dict[str, int]


class EuropeanRoulette(CatalogueGame):
    """A `Game` without a bet mode: its unit is one minor unit of the currency."""

    kind = "roulette"
    rtp_method = "exact: closed form for every bet, 36/37 whatever is placed"
    scale = 0

    def __init__(self) -> None:
        tree = definition.parse(definition.read_text(PACKAGE, "game.toml"))
        sources = [definition.read_text(PACKAGE, name) for name in ("rules.py", "table.py")]
        self.definition = d = msgspec.convert(tree, RouletteDefinition)
        super().__init__(PACKAGE, d.game, definition.fingerprint(tree, *sources))
        self.modes: dict[str, int] = {}
        self.max_win = d.limits.max_win
        self.pays = d.pays
        self.outside = outside(d.wheel.red)
        self.spots: list[dict[str, Json]] = [
            {"type": name, "numbers": sorted(spot)} for name, spots in INSIDE.items() for spot in spots
        ]
        self.spots += [{"type": name, "index": index} for name, indexes in INDEXED.items() for index in indexes]
        self.spots += [{"type": name} for name in self.outside]
        """Every bet that can be placed, without an amount."""
        self.rules: Json = {
            "bets": {name: {"pays": pays} for name, pays in d.pays.items()},
            "pockets": d.wheel.pockets,
            "red": sorted(d.wheel.red),
            "max_bets": d.limits.max_bets,
            "max_win": d.limits.max_win,
        }

    def amounts(self, choice: Json) -> tuple[int, ...]:
        """The amount of each bet; the platform wants multiples of the lowest bet level. NotAllowedChoice as `price`."""
        return tuple(bet.amount for bet in self.bets(choice))

    def price(self, state: Json, action: Action) -> int:
        if state is not None:
            raise NotAllowedChoice("the round is over; a new one begins with bet")
        if action.name != "bet":
            raise NotAllowedChoice(f"a round begins with bet, not {action.name}")
        if action.mode != "base":
            raise NotAllowedMode(f"roulette has no bet mode {action.mode}")
        return sum(bet.amount for bet in self.bets(action.choice))

    def play(self, state: Json, action: Action, rng: Rng) -> Play:  # noqa: ARG002 - one action
        pocket = rng.below(self.definition.wheel.pockets)
        settled = []
        total = 0
        for bet in self.bets(action.choice):
            win = bet.amount * (self.pays[bet.type] + 1) if pocket in bet.covers else 0
            total += win
            settled.append({**bet.placed, "win": win})
        reveals: tuple[dict[str, Json], ...] = (
            {"kind": "roulette_spin", "pocket": pocket, "color": self.color(pocket)},
            {"kind": "bets_settled", "bets": settled, "win": total},
        )
        return Play(finished=True, win=total, state={}, reveals=reveals)

    def covered(self, kind: str) -> int:
        """How many pockets one bet of a kind covers."""
        if kind in INSIDE:
            return len(INSIDE[kind][-1])
        return len(INDEXED[kind][1] if kind in INDEXED else self.outside[kind])

    def color(self, pocket: int) -> str:
        return "green" if pocket == 0 else "red" if pocket in self.definition.wheel.red else "black"

    def bets(self, choice: Json) -> list[Bet]:
        """The bets of a choice in the order given. NotAllowedChoice says which bet is wrong and what would be right."""
        if not isinstance(choice, dict) or not isinstance(choice.get("bets"), list) or set(choice) != {"bets"}:
            raise NotAllowedChoice('the choice is {"bets": [...]}')
        placed, most = choice["bets"], self.definition.limits.max_bets
        if not 1 <= len(placed) <= most:
            raise NotAllowedChoice(f"a round takes from 1 to {most} bets, not {len(placed)}")
        return [self._bet(index, bet) for index, bet in enumerate(placed)]

    def _bet(self, index: int, placed: Json) -> Bet:
        where = f"bets[{index}]"
        if not isinstance(placed, dict):
            raise NotAllowedChoice(f"{where}: a bet is an object with type and amount")
        kind = placed.get("type")
        if not isinstance(kind, str) or kind not in self.pays:
            raise NotAllowedChoice(f"{where}.type: one of {', '.join(self.pays)}")
        member = "numbers" if kind in INSIDE else "index" if kind in INDEXED else None
        unknown = sorted(str(name) for name in set(placed) - {"type", "amount", member})
        if unknown:
            raise NotAllowedChoice(f"{where}: a {kind} bet has no {', '.join(unknown)}")
        amount = placed.get("amount")
        if type(amount) is not int or not 0 < amount <= AMOUNT_MAX:
            raise NotAllowedChoice(f"{where}.amount: a whole number of minor units, at least 1")
        if member == "numbers":
            covers = _inside(where, kind, placed.get("numbers"))
        elif member == "index":
            number = placed.get("index")
            if type(number) is not int or number not in INDEXED[kind]:
                raise NotAllowedChoice(f"{where}.index: 1, 2 or 3 says which {kind}")
            covers = INDEXED[kind][number]
        else:
            covers = self.outside[kind]
        return Bet(placed, covers, kind, amount)


def _inside(where: str, kind: str, numbers: Json) -> frozenset[int]:
    spots = INSIDE[kind]
    count = len(spots[-1])
    if not isinstance(numbers, list) or not all(type(n) is int and 0 <= n <= 36 for n in numbers):
        raise NotAllowedChoice(f"{where}.numbers: a list of whole numbers from 0 to 36")
    covers = frozenset(numbers)
    if len(covers) != len(numbers):
        raise NotAllowedChoice(f"{where}.numbers: the same number twice")
    if covers not in _SPOTS[kind]:
        if len(numbers) != count and not (kind == "corner" and len(numbers) == 4):
            raise NotAllowedChoice(f"{where}.numbers: a {kind} covers {count} numbers, not {len(numbers)}")
        raise NotAllowedChoice(f"{where}.numbers: {sorted(covers)} do not lie together on the table as a {kind}")
    return covers


_SPOTS = {kind: frozenset(spots) for kind, spots in INSIDE.items()}
