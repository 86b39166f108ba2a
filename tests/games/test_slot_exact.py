"""The analyser of slots: against brute force on a small machine, against another derivation on the real one."""

import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

from croupier.games.catalogue import GAMES
from croupier.games.definition import parse
from croupier.games.exact import (
    FreeSpinTotals,
    expected_spins,
    line_mean,
    scatter_counts,
    slot_figures,
    spin_outcomes,
)
from croupier.games.polynomial import multiply
from croupier.games.slot import Slot
from croupier.runtime.entropy import Seeded
from games.naive_slot import round_chances

HOARD = GAMES["krakens-hoard"]
SMALL = Path(__file__).with_name("small_slot.toml").read_text(encoding="utf-8")

# Cap on the win, cap on free spins, multiplier: from caps that are always in the way to one that is never met.
MACHINES = [(30, 5, 2), (5, 5, 2), (1, 2, 3), (12, 3, 1), (1000, 5, 2)]


@pytest.mark.parametrize(("max_win", "max_spins", "multiplier"), MACHINES)
def test_every_figure_equals_brute_force(max_win, max_spins, multiplier):
    tree = tomllib.loads(SMALL)
    tree["max_win"] = max_win
    tree["free_spins"] |= {"max_spins": max_spins, "multiplier": multiplier, "award": {"3": 2, "4": 2, "5": max_spins}}
    chances, stake = round_chances(tree), tree["scale"]
    assert sum(chances.values()) == 1
    figures = slot_figures(Slot("", tree))

    rtp = sum(Fraction(win, stake) * chance for win, chance in chances.items())
    assert figures.rtp == rtp
    assert figures.variance == sum((Fraction(win, stake) - rtp) ** 2 * chance for win, chance in chances.items())
    assert figures.hit_frequency == sum(chance for win, chance in chances.items() if win)
    assert figures.frequencies["win_cap"] == chances.get(max_win * stake, 0)
    assert sum(figures.split.values()) == rtp
    assert sum(band.chance for band in figures.bands) == 1
    assert sum(band.returned for band in figures.bands) == rtp
    for band in figures.bands[1:-1]:
        low, high = max(band.low * stake, 1), min(band.high, max_win * 100) * stake
        inside = [chance for win, chance in chances.items() if low <= win * 100 < high]
        assert band.chance == sum(inside)


def test_without_the_cap_both_roads_meet():
    """The control to the cases above: the cap is really in their figures, and nothing else is."""
    tree = parse(SMALL)
    tree["free_spins"]["award"] = {"3": 2, "4": 2, "5": 5}
    taken = {cap: slot_figures(Slot("", tree | {"max_win": cap})).split["win_cap"] for cap in (5, 10_000)}
    assert taken[5] < 0
    assert taken[10_000] == 0


@pytest.mark.parametrize("mode", ["base", "free"])
def test_full_cycle_equals_the_sum_over_symbols(mode):
    """Two derivations for the real strips that have only the pay table in common."""
    reels, paytable = getattr(HOARD, mode).reels, HOARD.definition.paytable()
    outcomes = spin_outcomes(reels, paytable, HOARD.definition.lines)
    assert sum(outcomes.values()) == reels.cycle
    mean = Fraction(sum(win * count for (win, _), count in outcomes.items()), reels.cycle)
    assert mean == line_mean(reels, paytable) * len(HOARD.definition.lines)
    scatters = {}
    for (_, seen), count in outcomes.items():
        scatters[seen] = scatters.get(seen, 0) + Fraction(count, reels.cycle)
    assert scatters == scatter_counts(reels, paytable.scatter)


def test_expected_spins_by_hand():
    """Two spins, each of which wins two more with a chance of 1/4, at most four in all."""
    # Nothing (9/16): 2 spins. Otherwise 4, because the second award is over the cap.
    assert expected_spins(2, 4, {2: Fraction(1, 4)}) == Fraction(9, 16) * 2 + Fraction(7, 16) * 4


def test_chain_of_two_coins():
    """Each spin pays 0 or 5 units: two of them pay 0, 5, 10 with 1, 2, 1 of four chances; 10 is cut off."""
    totals = FreeSpinTotals({(0, 0): 1, (5, 0): 1}, most=2, below=10)
    assert (totals.step, totals.denominator) == (5, 4)
    assert totals.after(2) == [1, 2]


def test_long_multiplication_equals_the_schoolbook():
    rng = Seeded("polynomials")
    for size in (1, 2, 7, 40):
        p = [rng.below(2**62) * rng.below(3) for _ in range(size)]
        q = [rng.below(2**63) for _ in range(rng.below(50) + 1)]
        expected = [0] * (len(p) + len(q) - 1)
        for i, a in enumerate(p):
            for j, b in enumerate(q):
                expected[i + j] += a * b
        found = multiply(p, q, 30)
        assert found + [0] * (min(30, len(expected)) - len(found)) == expected[:30]
