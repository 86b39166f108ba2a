"""Probe amounts, and the expressions of rules: ``B0 - 2*bet + win``."""

import re

import msgspec

from croupier.diagnosis.ledgers import Transaction, deviations

CANDIDATES = ((163, 279, 57), (171, 367, 83), (269, 483, 157), (327, 611, 193))
"""Bet, win, other, in minor units."""

TIMES = 70
"""The largest sum that any rule plays with at once, in bets."""

_TERM = re.compile(r"\s*([+-]?)\s*(?:(\d+)\s*\*\s*)?([A-Za-z]\w*|\d+)\s*")


class Amounts(msgspec.Struct, frozen=True):
    """Minor units. `b0`: the baselines of the rule's players, by label. `unit`: the API's smallest amount."""

    bet: int
    win: int
    other: int
    b0: dict[str, int]
    unit: int = 1

    def value(self, expression: str) -> int:
        """ValueError for what is no sum of known names and numbers."""
        names = {"bet": self.bet, "win": self.win, "other": self.other, "unit": self.unit}
        names["B0"] = self.b0.get("p", 0)
        names |= {f"{player}0": balance for player, balance in self.b0.items()}
        total, at = 0, 0
        while at < len(expression):
            found = _TERM.match(expression, at)
            if found is None or (found[3] not in names and not found[3].isdigit()):
                raise ValueError(f"{expression!r} is no sum of {', '.join(names)} and numbers")
            term = int(found[2] or 1) * (names[found[3]] if found[3] in names else int(found[3]))
            total += -term if found[1] == "-" else term
            at = found.end()
        return total


def chosen(b0: int, step: int = 1) -> tuple[int, int, int] | None:
    """Bet, win and other for this baseline, multiples of the dialect's `step`; None when it is too low.

    No two bugs that are known leave the same balance with them.
    """
    for candidate in CANDIDATES:
        bet, win, other = (amount * step for amount in candidate)
        if b0 >= TIMES * bet and not clashes(bet, win, other):
            return bet, win, other
    return None


def clashes(bet: int, win: int, other: int) -> list[tuple[str, str]]:
    """Pairs of bugs that these amounts cannot tell apart."""
    seen: dict[int, str] = {}
    found = []
    for one in (
        Transaction(kind="bet", amount=bet, effect=-bet),
        Transaction(kind="win", amount=win, effect=win),
        Transaction(kind="bet", amount=other, effect=-other),
    ):
        for code, words, off in deviations(one):
            if off in seen and seen[off] != code:
                found.append((seen[off], f"{code} {words}"))
            seen.setdefault(off, code)
    return found
