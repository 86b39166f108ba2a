"""Measured return and its band, against floating-point statistics and against chance itself."""

import math
import random
from fractions import Fraction

import pytest

from croupier.ledger.returns import Played, band, measured, root


@pytest.mark.parametrize("value", [Fraction(0), Fraction(2), Fraction(1, 3), Fraction(10**20), Fraction(7, 10**6)])
def test_root(value):
    assert math.isclose(root(value), math.sqrt(value), rel_tol=1e-6, abs_tol=1e-9)


def test_twelve_digits_of_a_root_are_kept():
    assert root(Fraction(2)) == Fraction(1_414_213_562_373, 10**12)


def test_nothing_bet_has_no_return():
    assert measured([]) is None
    assert band([Played(0, 0, 0, Fraction(9, 10), Fraction(1))]) is None


def test_a_game_without_a_promise_has_no_band_and_still_a_return():
    parts = [Played(100, 90, 100, None, None)]
    assert measured(parts) == Fraction(9, 10)
    assert band(parts) is None


@pytest.mark.parametrize(("theory", "variance"), [(Fraction(9, 10), None), (None, Fraction(1))])
def test_half_a_promise_is_none(theory, variance):
    assert band([Played(100, 90, 100, theory, variance)]) is None


def test_the_variances_of_two_games_add_up():
    # 9 rounds of 1 and 16 of 1, each with variance 1: five units up or down are one standard deviation of 25 rounds.
    got = band([Played(9, 0, 9, Fraction(1), Fraction(1)), Played(16, 0, 16, Fraction(1), Fraction(1))])
    assert got.theory == 1
    assert got.high - 1 == 1 - got.low == Fraction(2576, 1000) * 5 / 25


def test_two_games_weigh_by_their_bets():
    fair, poor = Played(300, 0, 300, Fraction(1), Fraction(0)), Played(100, 0, 100, Fraction(1, 2), Fraction(0))
    got = band([fair, poor])
    assert (got.low, got.theory, got.high) == (Fraction(7, 8),) * 3


def test_the_band_holds_99_of_100_samples_of_a_fair_coin():
    # Double or nothing: return 1, variance of a round's return 1; stakes differ, so rounds weigh differently.
    chance, inside, samples = random.Random(7), 0, 2000
    for _ in range(samples):
        stakes = [chance.choice((1, 5, 20)) for _ in range(200)]
        wins = sum(2 * stake for stake in stakes if chance.random() < 0.5)
        part = Played(sum(stakes), wins, sum(s * s for s in stakes), Fraction(1), Fraction(1))
        expected = band([part])
        inside += expected.low <= measured([part]) <= expected.high
    # 99 % of 2000 is 1980, with a standard deviation of 4.4.
    assert 1958 <= inside <= 1998
