"""Reel strips: from one drawn number to a window of symbols."""

from collections.abc import Sequence
from math import prod

ROWS = 3


class ReelSet:
    """Cyclic strips, all stops equally likely. A stop is the place on its strip that stands in the top row.

    All stops are one draw below `cycle`, the product of the strip lengths: mixed radix, the leftmost reel first.
    """

    def __init__(self, strips: Sequence[Sequence[str]]) -> None:
        self.strips = tuple(tuple(strip) for strip in strips)
        self.lengths = tuple(len(strip) for strip in self.strips)
        self.cycle = prod(self.lengths)
        self._last_first = self.lengths[::-1]
        self.windows: tuple[tuple[list[str], ...], ...] = tuple(
            tuple([strip[(stop + row) % len(strip)] for row in range(ROWS)] for stop in range(len(strip)))
            for strip in self.strips
        )
        """``windows[reel][stop]``: the symbols seen, top to bottom."""

    def stops(self, number: int) -> list[int]:
        """The stop of each reel for a number below `cycle`."""
        stops = []
        for length in self._last_first:
            number, stop = divmod(number, length)
            stops.append(stop)
        stops.reverse()
        return stops
