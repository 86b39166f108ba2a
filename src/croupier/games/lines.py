"""Wins on lines, fast: only lines whose first three symbols can still pay are looked at after the third reel."""

from collections.abc import Sequence

from croupier.games.game import Json
from croupier.games.paytable import LinePay, Paytable
from croupier.games.reels import ReelSet

Key = tuple[str, str]
Alive = tuple[int, int, int, tuple[str, ...], dict[Key, LinePay | None]]
"""A line that may pay: its index, its rows on the last two reels, its first three symbols, pays known so far."""


Begun = tuple[int, Sequence[int], str, str, str]
"""A line whose first two symbols are alike: its index and rows, the two, and which symbol they are (wild: any)."""


class LineWins:
    """Evaluates the lines of a five-reel window; every pay needs at least three symbols.

    What the first three stops decide is worked out once for each of their combinations, when it is first seen.
    """

    def __init__(self, reels: ReelSet, paytable: Paytable, lines: Sequence[Sequence[int]]) -> None:
        self.reels = reels
        self.paytable = paytable
        self.lines = lines
        self._tail = reels.lengths[3] * reels.lengths[4]
        self._alive: list[tuple[Alive, ...] | None] = [None] * (reels.cycle // self._tail)
        self._begun: list[tuple[Begun, ...] | None] = [None] * (reels.lengths[0] * reels.lengths[1])
        self._cells = [[[[reel, rows[reel]] for reel in range(count)] for count in range(6)] for rows in lines]
        self._pays: dict[tuple[str, ...], dict[Key, LinePay | None]] = {}

    def wins(self, number: int, multiplier: int) -> list[dict[str, Json]]:
        """The winning lines for one drawn number, in line order; ``win`` in units with the multiplier in it."""
        head, tail = divmod(number, self._tail)
        alive = self._alive[head]
        if alive is None:
            alive = self._alive[head] = self._possible(head)
        if not alive:
            return []
        windows = self.reels.windows
        stop4, stop5 = divmod(tail, self.reels.lengths[4])
        reel4, reel5 = windows[3][stop4], windows[4][stop5]
        won = []
        for line, row4, row5, first, pays in alive:
            key = (reel4[row4], reel5[row5])
            pay = pays[key] if key in pays else pays.setdefault(key, self.paytable.line((*first, *key)))
            if pay is not None:
                won.append(
                    {
                        "line": line,
                        "symbol": pay.symbol,
                        "count": pay.count,
                        "cells": self._cells[line][pay.count],
                        "win": pay.win * multiplier,
                    }
                )
        return won

    def _possible(self, head: int) -> tuple[Alive, ...]:
        """Lines whose first three symbols can pay, from those whose first two can."""
        pair, stop3 = divmod(head, self.reels.lengths[2])
        begun = self._begun[pair]
        if begun is None:
            begun = self._begun[pair] = self._two_alike(pair)
        third = self.reels.windows[2][stop3]
        wild, scatter = self.paytable.wild, self.paytable.scatter
        alive = []
        for line, rows, one, two, kind in begun:
            three = third[rows[2]]
            if three == wild or (three != scatter and kind in (wild, three)):
                first = (one, two, three)
                alive.append((line, rows[3], rows[4], first, self._pays.setdefault(first, {})))
        return tuple(alive)

    def _two_alike(self, pair: int) -> tuple[Begun, ...]:
        stop1, stop2 = divmod(pair, self.reels.lengths[1])
        first, second = self.reels.windows[0][stop1], self.reels.windows[1][stop2]
        wild, scatter = self.paytable.wild, self.paytable.scatter
        begun = []
        for line, rows in enumerate(self.lines):
            one, two = first[rows[0]], second[rows[1]]
            kinds = {one, two} - {wild}
            if len(kinds) <= 1 and scatter not in kinds:
                begun.append((line, rows, one, two, kinds.pop() if kinds else wild))
        return tuple(begun)


class Scatters:
    """Counts a symbol anywhere in the window."""

    def __init__(self, reels: ReelSet, symbol: str) -> None:
        self.counts = [[window.count(symbol) for window in windows] for windows in reels.windows]
        self._rows = [
            [[row for row, shown in enumerate(window) if shown == symbol] for window in windows]
            for windows in reels.windows
        ]

    def count(self, stops: Sequence[int]) -> int:
        # Written out, as in `Spinner.spin`: a loop over five reels costs as much as the rest of the spin.
        one, two, three, four, five = self.counts
        return one[stops[0]] + two[stops[1]] + three[stops[2]] + four[stops[3]] + five[stops[4]]

    def cells(self, stops: Sequence[int]) -> list[list[int]]:
        """``[reel, row]`` of each, left to right."""
        return [[reel, row] for reel, stop in enumerate(stops) for row in self._rows[reel][stop]]
