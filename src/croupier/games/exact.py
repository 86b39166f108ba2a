"""Exact figures of a slot: no sampling, no float, both caps included. All wins here are whole units.

1. `spin_outcomes`: how many stops give which win and how many scatters, over the full cycle of a reel set.
2. `FreeSpinTotals`: the distribution of what a chain of free spins pays, retriggers and the cap on spins included.
3. `slot_figures`: both joined and cut at the win cap.

`line_mean` and `expected_spins` reach the mean on another road; the tests hold the two against each other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import accumulate, pairwise, product
from math import gcd, prod
from typing import NamedTuple

from croupier.games.figures import BANDS, Band, Figures
from croupier.games.paytable import Paytable
from croupier.games.polynomial import Polynomial, add, multiply
from croupier.games.reels import ReelSet
from croupier.games.slot import Slot, Spinner


def line_mean(reels: ReelSet, paytable: Paytable) -> Fraction:
    """Expected pay of one line, in units: the sum over all combinations of five symbols.

    Every row of a strip sees each of its symbols equally often, so the answer is the same for every line.
    """
    counts = [Counter(strip) for strip in reels.strips]
    paid = 0
    for first in product(*counts[:3]):
        kinds = set(first) - {paytable.wild}
        if len(kinds) > 1 or paytable.scatter in kinds:
            continue
        for last in product(*counts[3:]):
            pay = paytable.line(first + last)
            if pay is not None:
                paid += pay.win * prod(map(Counter.__getitem__, counts, first + last))
    return Fraction(paid, reels.cycle)


def scatter_counts(reels: ReelSet, scatter: str) -> dict[int, Fraction]:
    """Probability of each number of scatters in the window: one reel after the other."""
    chances = {0: Fraction(1)}
    for windows in reels.windows:
        shown = Counter(window.count(scatter) for window in windows)
        following: dict[int, Fraction] = {}
        for have, chance in chances.items():
            for more, stops in shown.items():
                following[have + more] = following.get(have + more, Fraction(0)) + chance * Fraction(
                    stops, len(windows)
                )
        chances = following
    return chances


def expected_spins(start: int, most: int, retrigger: Mapping[int, Fraction]) -> Fraction:
    """Mean number of free spins played after `start` were won; `retrigger`: spins won again -> chance a spin."""

    @cache
    def mean(left: int, awarded: int) -> Fraction:
        if not left:
            return Fraction(0)
        result = 1 + (1 - sum(retrigger.values(), Fraction(0))) * mean(left - 1, awarded)
        for won, chance in retrigger.items():
            more = min(won, most - awarded)
            result += chance * mean(left - 1 + more, awarded + more)
        return result

    return mean(start, start)


def spin_outcomes(reels: ReelSet, paytable: Paytable, lines: Sequence[Sequence[int]]) -> Counter[tuple[int, int]]:
    """``(win on all lines, scatters) -> number of stops`` over the full cycle; sums to `reels.cycle`.

    Reel by reel, and everything that looks alike from here on is counted together: what a line still can pay is a
    tuple of pays by the last symbol, and once it is the same for every symbol the line is settled.
    """
    windows = reels.windows
    symbols = sorted({symbol for strip in reels.strips for symbol in strip} | {paytable.wild})
    place = {symbol: index for index, symbol in enumerate(symbols)}
    scattered = [[window.count(paytable.scatter) for window in column] for column in windows]

    @cache
    def pays_by_last(first: tuple[str, ...]) -> tuple[int, ...]:
        found = (paytable.line((*first, last)) for last in symbols)
        return tuple(0 if pay is None else pay.win for pay in found)

    @cache
    def may_pay(first: tuple[str, ...]) -> bool:
        return any(any(pays_by_last((*first, fourth))) for fourth in symbols)

    # Lines that can still pay after three reels, each by its first symbols and the rows it takes next.
    heads: Counter[tuple[int, tuple[tuple[tuple[str, ...], int, int], ...]]] = Counter()
    for stops in product(*(range(length) for length in reels.lengths[:3])):
        shown = [windows[reel][stop] for reel, stop in enumerate(stops)]
        alive = []
        for rows in lines:
            first: tuple[str, ...] = (shown[0][rows[0]], shown[1][rows[1]], shown[2][rows[2]])
            if may_pay(first):
                alive.append((first, rows[3], rows[4]))
        heads[sum(scattered[reel][stop] for reel, stop in enumerate(stops)), tuple(sorted(alive))] += 1

    # After four reels: what is won for certain, and (pays by last symbol, row) of each line still open.
    fourth: Counter[tuple[int, int, tuple[tuple[tuple[int, ...], int], ...]]] = Counter()
    for (scatters, alive_lines), count in heads.items():
        for stop, window in enumerate(windows[3]):
            settled, open_lines = 0, []
            for begin, row4, row5 in alive_lines:
                pays = pays_by_last((*begin, window[row4]))
                if min(pays) == max(pays):
                    settled += pays[0]
                else:
                    open_lines.append((pays, row5))
            fourth[settled, scatters + scattered[3][stop], tuple(sorted(open_lines))] += count

    outcomes: Counter[tuple[int, int]] = Counter()
    for (settled, scatters, open_tuple), count in fourth.items():
        for stop, window in enumerate(windows[4]):
            win = settled + sum(pays[place[window[row]]] for pays, row in open_tuple)
            outcomes[win, scatters + scattered[4][stop]] += count
    return outcomes


def spin_results(spinner: Spinner, slot: Slot) -> Counter[tuple[int, int]]:
    """``(win of the spin with scatters and multiplier, free spins won) -> number of stops``."""
    paytable = slot.definition.paytable()
    results: Counter[tuple[int, int]] = Counter()
    for (win, scatters), count in spin_outcomes(spinner.reels, paytable, slot.definition.lines).items():
        paid = (win + paytable.scatters.get(scatters, 0)) * spinner.multiplier
        results[paid, slot.awards.get(scatters, 0)] += count
    return results


class FreeSpinTotals:
    """Distribution of what free spins pay, as whole weights over a common denominator.

    `spin`: ``(win, spins won again) -> weight``. Index i of a polynomial stands for a win of ``i * step`` units;
    wins of `below` units and more are left out, because whoever asks cuts there anyway.
    """

    def __init__(self, spin: Mapping[tuple[int, int], int], most: int, below: int) -> None:
        self.cycle = sum(spin.values())
        self.step = gcd(*(win for win, _ in spin))
        self.most = most
        self._size = -(-below // self.step)
        self._by_award: dict[int, Polynomial] = {}
        for (win, award), count in spin.items():
            weights = self._by_award.setdefault(award, [0] * self._size)
            if win < below:
                weights[win // self.step] += count
        self._known: dict[tuple[int, int], Polynomial] = {}

    @property
    def denominator(self) -> int:
        """Weights of a whole chain sum up to this, wins from `below` on included."""
        weights: int = self.cycle**self.most
        return weights

    def after(self, won: int) -> Polynomial:
        """Weights of the total of a chain that begins with `won` spins."""
        return self._totals(won, won)

    def _totals(self, left: int, awarded: int) -> Polynomial:
        # The chain from here may still grow to left + most - awarded spins: its weights are over cycle to that power,
        # however many of them are played.
        if not left:
            return [self.cycle ** (self.most - awarded)]
        key = (left, awarded)
        if key not in self._known:
            parts: dict[int, Polynomial] = {}
            for award, weights in self._by_award.items():
                more = min(award, self.most - awarded)
                parts[more] = add(parts.get(more, []), weights)
            total: Polynomial = []
            for more, weights in parts.items():
                total = add(total, multiply(weights, self._totals(left - 1 + more, awarded + more), self._size))
            self._known[key] = total
        return self._known[key]


class Moments(NamedTuple):
    """Of the rounds that win less than some limit: their chance, and their part of E[win] and E[win squared]."""

    chance: Fraction
    mean: Fraction
    square: Fraction


class Rounds:
    """The distribution of the win of a whole round, in units, asked only below the win cap."""

    def __init__(self, base: Mapping[tuple[int, int], int], free: FreeSpinTotals) -> None:
        self._base = base
        self._free = free
        self._whole = sum(base.values()) * free.denominator
        # Per award: running sums of weight, weight x total, weight x total squared of the chains it begins.
        self._running = {award: self._sums(award) for _, award in base}

    def _sums(self, award: int) -> tuple[list[int], list[int], list[int]]:
        weights, step = self._free.after(award), self._free.step
        return (
            [0, *accumulate(weights)],
            [0, *accumulate(weight * i * step for i, weight in enumerate(weights))],
            [0, *accumulate(weight * (i * step) ** 2 for i, weight in enumerate(weights))],
        )

    def below(self, limit: int) -> Moments:
        chance, mean, square = 0, 0, 0
        for (win, award), count in self._base.items():
            if win >= limit:
                continue
            sums = self._running[award]
            end = min(-(-(limit - win) // self._free.step), len(sums[0]) - 1)
            weight, first, second = (running[end] for running in sums)
            chance += count * weight
            mean += count * (first + win * weight)
            square += count * (second + 2 * win * first + win * win * weight)
        return Moments(Fraction(chance, self._whole), Fraction(mean, self._whole), Fraction(square, self._whole))


def slot_figures(slot: Slot) -> Figures:
    """Everything about one paid spin of the base mode, with its free spins, as exact fractions of the stake."""
    cap, most = slot.max_win * slot.scale, slot.definition.free_spins.max_spins
    free = FreeSpinTotals(spin_results(slot.free, slot), most, cap)
    rounds = Rounds(spin_results(slot.base, slot), free)
    chance, mean, square = rounds.below(cap)
    at_cap = 1 - chance
    rtp = (mean + at_cap * cap) / slot.scale
    parts, triggered, spins = _parts(slot)
    return Figures(
        cost=slot.scale,
        max_win=slot.max_win,
        rtp=rtp,
        hit_frequency=1 - rounds.below(1).chance,
        variance=(square + at_cap * cap * cap) / slot.scale**2 - rtp**2,
        split={**parts, "win_cap": rtp - sum(parts.values())},
        frequencies={"free_spins": triggered, "win_cap": at_cap},
        means={"free_spins_per_trigger": spins / triggered, "free_spins_win": parts["free_spins"] / triggered},
        bands=tuple(_bands(slot, rounds)),
    )


def _bands(slot: Slot, rounds: Rounds) -> Iterator[Band]:
    cap = slot.max_win * 100
    edges = [*(low for low in BANDS if low < cap), cap]
    before = rounds.below(1)
    yield Band(0, 0, before.chance, before.mean)
    for low, high in pairwise(edges):
        upto = rounds.below(high * slot.scale // 100)
        yield Band(low, high, upto.chance - before.chance, (upto.mean - before.mean) / slot.scale)
        before = upto
    yield Band(cap, cap, 1 - before.chance, (1 - before.chance) * slot.max_win)


def _parts(slot: Slot) -> tuple[dict[str, Fraction], Fraction, Fraction]:
    """Where the return comes from, the chance of free spins and their mean number in any round.

    By linearity, on the other road: no distribution is needed, and the win cap is not in it.
    """
    paytable, most = slot.definition.paytable(), slot.definition.free_spins.max_spins

    def scatter_mean(chances: Mapping[int, Fraction]) -> Fraction:
        paid = (chances.get(count, Fraction(0)) * pay for count, pay in paytable.scatters.items())
        return sum(paid, Fraction(0)) / slot.scale

    in_base, in_free = (scatter_counts(mode.reels, paytable.scatter) for mode in (slot.base, slot.free))
    free_spin = (line_mean(slot.free.reels, paytable) + scatter_mean(in_free)) * slot.free.multiplier
    retrigger: dict[int, Fraction] = {}
    triggered, spins = Fraction(0), Fraction(0)
    for count, award in slot.awards.items():
        retrigger[award] = retrigger.get(award, Fraction(0)) + in_free.get(count, Fraction(0))
    for count, award in slot.awards.items():
        chance = in_base.get(count, Fraction(0))
        triggered += chance
        spins += chance * expected_spins(award, most, retrigger)
    parts = {
        "base_lines": line_mean(slot.base.reels, paytable),
        "base_scatter": scatter_mean(in_base),
        "free_spins": spins * free_spin,
    }
    return parts, triggered, spins
