"""What the maths of a game comes to: the figures that a PAR sheet prints."""

from fractions import Fraction

import msgspec

BANDS = (0, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000)
"""Lower edges of the win bands, in hundredths of the stake."""


class Band(msgspec.Struct, frozen=True):
    """Rounds that win from `low` up to, not including, `high` hundredths of the stake (equal: exactly that much)."""

    low: int
    high: int
    chance: Fraction
    returned: Fraction
    """Part of the RTP that such rounds pay."""


class Figures(msgspec.Struct, frozen=True):
    """One bet mode, or one kind of bet. Fractions of the stake unless said otherwise; `cost` in units."""

    cost: int
    rtp: Fraction
    hit_frequency: Fraction
    variance: Fraction
    max_win: int
    split: dict[str, Fraction] = {}
    """Where the RTP comes from; sums up to it."""
    frequencies: dict[str, Fraction] = {}
    """How often a feature comes, per round."""
    means: dict[str, Fraction] = {}
    bands: tuple[Band, ...] = ()
