"""Two million rounds by fixed seeds against the exact figures: each result lies in its 99.9 % interval.

CROUPIER_SIMULATED_ROUNDS=20000000 plays ten times as many. A miss is settled by more rounds, never by another seed.
"""

import os
from fractions import Fraction
from functools import reduce
from operator import add
from pathlib import Path

import pytest

from croupier.games.catalogue import GAMES
from croupier.games.catalogue.analysis import roulette
from croupier.games.catalogue.players import Player
from croupier.games.definition import parse, read_text
from croupier.games.exact import slot_figures
from croupier.games.game import Action
from croupier.games.simulate import SimulationResult, simulate
from croupier.games.slot import Slot
from croupier.runtime.entropy import Seeded

ROUNDS = int(os.environ.get("CROUPIER_SIMULATED_ROUNDS", "2000000"))
HOARD, ROULETTE, BLACKJACK = (GAMES[name] for name in ("krakens-hoard", "european-roulette", "blackjack"))
SMALL = parse(Path(__file__).with_name("small_slot.toml").read_text(encoding="utf-8"))
SPIN = Player(Action("bet"))

pytestmark = pytest.mark.timeout(120 + ROUNDS // 10_000)


def test_the_hoard():
    """One total: few rounds carry much of the return, so a part of them says little."""
    result = reduce(add, (simulate(HOARD, ROUNDS // 10, Seeded("hoard", f"block {block}")) for block in range(5)))
    assert result.bet == result.rounds * HOARD.scale
    assert result.inside
    assert result.hits_fit(HOARD.hit_frequency)


# One bet of each kind; every other one of its kind covers as many pockets (test_roulette.py).
SPOTS = {spot["type"]: spot for spot in ROULETTE.spots}
CLAIMS = roulette(ROULETTE)


@pytest.mark.parametrize("kind", SPOTS)
def test_roulette(kind):
    opening = Action("bet", choice={"bets": [SPOTS[kind] | {"amount": 1}]})
    result = simulate(ROULETTE, ROUNDS * 4 // 10 // len(SPOTS), Seeded(f"roulette {kind}"), player=Player(opening))
    assert result.fits(CLAIMS[kind].rtp, CLAIMS[kind].variance)
    assert result.hits_fit(CLAIMS[kind].hit_frequency)


def test_blackjack():
    result = simulate(BLACKJACK, ROUNDS // 10, Seeded("blackjack"))
    assert result.inside
    assert result.hits_fit(BLACKJACK.hit_frequency)
    assert 22 * result.rounds < 10 * result.bet < 23 * result.rounds


class SmallSlot(Slot):
    """Unpublished: it claims nothing."""

    variance = Fraction(0)

    def __init__(self, tree):
        super().__init__("", tree)

    @property
    def rtp(self):
        return {"base": Fraction(0)}


def test_a_machine_that_meets_its_caps():
    slot, uncapped = SmallSlot(SMALL), SmallSlot(SMALL | {"max_win": 10**6})
    figures = slot_figures(slot)
    result = simulate(slot, 50_000, Seeded("small"), player=SPIN)
    assert result.fits(figures.rtp, figures.variance)
    # The control: the same rounds played without the cap on wins do not fit.
    other = simulate(uncapped, 50_000, Seeded("small"), player=SPIN)
    assert other.largest_win > 90 == result.largest_win
    assert not other.fits(figures.rtp, figures.variance)


class Biased:
    """One draw in ten that falls into the lower half is drawn again."""

    def __init__(self, seed):
        self.source, self.turn = Seeded(seed), Seeded(seed, "turn")

    def below(self, n):
        value = self.source.below(n)
        return self.source.below(n) if value < n // 2 and self.turn.below(10) == 0 else value


def test_a_biased_draw_is_seen():
    opening = Action("bet", choice={"bets": [{"type": "high", "amount": 1}]})
    result = simulate(ROULETTE, 60_000, Biased("biased"), player=Player(opening))
    assert not result.fits(CLAIMS["high"].rtp, CLAIMS["high"].variance)
    assert not result.hits_fit(CLAIMS["high"].hit_frequency)


def test_a_changed_symbol_is_seen():
    tree = parse(read_text(HOARD.package, "game.toml"))
    first, *others = tree["strips"]["base"]
    tree["strips"]["base"] = [first.replace("pearl", "wild"), *others]
    result = simulate(Slot(HOARD.package, tree), 60_000, Seeded("symbol"))
    assert not result.hits_fit(HOARD.hit_frequency)


def test_results_of_streams_add_up_in_any_order():
    parts = [simulate(HOARD, 500, Seeded("parts", f"block {block}")) for block in range(4)]
    total = reduce(add, parts)
    assert total == reduce(add, reversed(parts))
    assert (total.rounds, total.bet) == (2000, 40_000)
    assert total.largest_win == max(part.largest_win for part in parts)


def test_progress_is_told():
    told = []
    simulate(ROULETTE, 25_000, Seeded(1), told.append)
    assert told == [0, 10_000, 20_000, 25_000]


@pytest.mark.parametrize(("heads", "inside"), [(5000, True), (5164, True), (5165, False), (4836, True), (4835, False)])
def test_the_interval_is_the_one_it_says(heads, inside):
    """10,000 fair coins at two for one: the standard deviation of the sum is 100, 3.2905 of them are 329.05."""
    result = SimulationResult(Fraction(1), Fraction(1), rounds=10_000, bet=10_000, win=2 * heads, hits=heads)
    assert result.inside is inside is (result.low <= result.rtp <= result.high)
    assert result.hits_fit(Fraction(1, 2)) is inside
    assert Fraction("329.05") < (result.high - 1) * 10_000 < Fraction("329.06")
