"""Return to player, measured against what the game promises. Exact: whole numbers and fractions, no floats."""

from fractions import Fraction
from math import isqrt

import msgspec

NORMAL_99 = Fraction(2576, 1000)
"""Half width of the middle 99 % of a normal distribution, in standard deviations."""


class Played(msgspec.Struct, frozen=True):
    """Rounds of one game in one currency. Amounts in minor units; `variance` of a round's return per unit staked."""

    bets: int
    wins: int
    bets_squared: int
    theory: Fraction | None
    variance: Fraction | None


class Band(msgspec.Struct, frozen=True):
    """What the return should be, and between which values it lies in 99 of 100 cases."""

    theory: Fraction
    low: Fraction
    high: Fraction


def measured(parts: list[Played]) -> Fraction | None:
    """Wins over bets; None when nothing was bet."""
    bets = sum(p.bets for p in parts)
    return Fraction(sum(p.wins for p in parts), bets) if bets else None


def band(parts: list[Played]) -> Band | None:
    """None when nothing was bet, or when a game among them makes no promise."""
    bets = sum(p.bets for p in parts)
    if not bets:
        return None
    expected, variance = Fraction(0), Fraction(0)
    for part in parts:
        if part.theory is None or part.variance is None:
            return None
        expected += part.theory * part.bets
        # Independent rounds: the variance of their sum is the sum over rounds of stake² x variance per unit.
        variance += part.variance * part.bets_squared
    half = NORMAL_99 * root(variance) / bets
    theory = expected / bets
    return Band(theory, max(Fraction(0), theory - half), theory + half)


def root(value: Fraction, digits: int = 12) -> Fraction:
    """Square root, cut after `digits` decimal digits."""
    scale = 10 ** (2 * digits)
    return Fraction(isqrt(value.numerator * scale // value.denominator), 10**digits)
