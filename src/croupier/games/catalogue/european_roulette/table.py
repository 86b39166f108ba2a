"""The layout: which sets of numbers each bet may cover.

The table has twelve rows of three (1-2-3 is the first) and the zero across the top of them.
"""

NUMBERS = range(1, 37)


def _straights() -> list[set[int]]:
    return [{n} for n in range(37)]


def _splits() -> list[set[int]]:
    beside = [{n, n + 1} for n in NUMBERS if n % 3]
    across = [{n, n + 3} for n in NUMBERS if n + 3 in NUMBERS]
    return [{0, 1}, {0, 2}, {0, 3}, *beside, *across]


def _streets() -> list[set[int]]:
    return [{0, 1, 2}, {0, 2, 3}, *({n, n + 1, n + 2} for n in range(1, 37, 3))]


def _corners() -> list[set[int]]:
    return [{0, 1, 2, 3}, *({n, n + 1, n + 3, n + 4} for n in range(1, 33) if n % 3)]


def _lines() -> list[set[int]]:
    return [set(range(n, n + 6)) for n in range(1, 32, 3)]


INSIDE: dict[str, tuple[frozenset[int], ...]] = {
    bet: tuple(frozenset(spot) for spot in spots)
    for bet, spots in {
        "straight": _straights(),
        "split": _splits(),
        "street": _streets(),
        "corner": _corners(),
        "line": _lines(),
    }.items()
}
"""Bets that say their ``numbers``."""

INDEXED: dict[str, dict[int, frozenset[int]]] = {
    "column": {i: frozenset(range(i, 37, 3)) for i in (1, 2, 3)},
    "dozen": {i: frozenset(range(12 * i - 11, 12 * i + 1)) for i in (1, 2, 3)},
}
"""Bets that say their ``index``, 1 to 3. The first column begins with 1, the first dozen ends with 12."""


def outside(red: frozenset[int]) -> dict[str, frozenset[int]]:
    """Bets that need nothing more than their type. The zero is in none of them."""
    return {
        "red": red,
        "black": frozenset(NUMBERS) - red,
        "even": frozenset(range(2, 37, 2)),
        "odd": frozenset(range(1, 37, 2)),
        "low": frozenset(range(1, 19)),
        "high": frozenset(range(19, 37)),
    }
