"""What the maths of a game comes to: the figures that a PAR sheet prints."""

from collections.abc import Mapping
from fractions import Fraction

import msgspec

BANDS = (0, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000)
"""Lower edges of the win bands, in hundredths of the stake."""


class Band(msgspec.Struct, frozen=True):
    """Rounds that win at least `low` and less than `high` hundredths of the stake; equal: exactly that much."""

    low: int
    high: int
    chance: Fraction
    returned: Fraction
    """What such rounds pay, as a share of the stake."""


class Figures(msgspec.Struct, frozen=True):
    """One bet mode, or one kind of bet. Fractions of the stake unless said otherwise; `cost` in units.

    `variance` is of ``(win - rtp * bet) / mean bet``: of win/bet where every round costs the same.
    """

    cost: int
    rtp: Fraction
    hit_frequency: Fraction
    variance: Fraction
    max_win: int
    split: dict[str, Fraction] = {}
    """Where the RTP comes from; sums up to it."""
    frequencies: dict[str, Fraction] = {}
    """How often something comes, per round."""
    means: dict[str, Fraction] = {}
    bands: tuple[Band, ...] = ()


def of_outcomes(chances: Mapping[tuple[int, int], Fraction], cost: int, max_win: int) -> Figures:
    """Figures of a finite list of (units bet, units won) with their probabilities."""
    bet = sum((b * chance for (b, _), chance in chances.items()), Fraction(0))
    win = sum((w * chance for (_, w), chance in chances.items()), Fraction(0))
    rtp = win / bet
    square = sum(((w - rtp * b) ** 2 * chance for (b, w), chance in chances.items()), Fraction(0))
    by_win: dict[int, Fraction] = {}
    for (_, won), chance in sorted(chances.items(), key=lambda item: item[0][1]):
        by_win[won] = by_win.get(won, Fraction(0)) + chance
    return Figures(
        cost=cost,
        rtp=rtp,
        hit_frequency=sum((chance for won, chance in by_win.items() if won), Fraction(0)),
        variance=square / bet**2,
        max_win=max_win,
        bands=tuple(
            Band(100 * won // cost, 100 * won // cost, chance, chance * won / cost) for won, chance in by_win.items()
        ),
    )
