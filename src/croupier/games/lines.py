"""Wins on lines, fast: only lines whose first three symbols can still pay are looked at after the third reel."""

from collections.abc import Sequence

from croupier.games.game import Json
from croupier.games.paytable import LinePay, Paytable
from croupier.games.reels import ReelSet

Key = tuple[str, str]
Alive = tuple[int, int, int, tuple[str, ...], dict[Key, LinePay | None]]
"""A line that may pay: its index, its rows on the last two reels, its first three symbols, pays known so far."""


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
        stop1, stop2, stop3 = self.reels.stops(head * self._tail)[:3]
        windows = self.reels.windows
        alive = []
        for line, rows in enumerate(self.lines):
            first = (windows[0][stop1][rows[0]], windows[1][stop2][rows[1]], windows[2][stop3][rows[2]])
            kinds = set(first) - {self.paytable.wild}
            if len(kinds) <= 1 and self.paytable.scatter not in kinds:
                alive.append((line, rows[3], rows[4], first, self._pays.setdefault(first, {})))
        return tuple(alive)


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
