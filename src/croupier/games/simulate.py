"""Playing a game many times and asking whether the outcome fits what is claimed. Whole numbers throughout."""

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

import msgspec

from croupier.games.catalogue.players import PLAYERS, Player
from croupier.games.game import Game
from croupier.games.rng import Rng

Z_SQUARED = Fraction(108_276, 10_000)
"""Square of the normal quantile of a two-sided interval of 99.9 %: 3.2905."""

STEP = 10_000
"""Rounds between two reports of progress."""


class SimulationResult(msgspec.Struct, frozen=True):
    """Sums over `rounds`, in units; `win_squares` sums win x win. Results of separate streams may be added.

    `expected` and `variance` are the game's claims; for a mix of roulette bets the variance is an upper bound.
    """

    expected: Fraction
    variance: Fraction
    rounds: int
    bet: int
    win: int
    hits: int
    win_squares: int = 0
    largest_win: int = 0

    def __add__(self, other: "SimulationResult") -> "SimulationResult":
        return SimulationResult(
            expected=self.expected,
            variance=self.variance,
            rounds=self.rounds + other.rounds,
            bet=self.bet + other.bet,
            win=self.win + other.win,
            hits=self.hits + other.hits,
            win_squares=self.win_squares + other.win_squares,
            largest_win=max(self.largest_win, other.largest_win),
        )

    @property
    def rtp(self) -> Fraction:
        return Fraction(self.win, self.bet)

    @property
    def hit_frequency(self) -> Fraction:
        return Fraction(self.hits, self.rounds)

    @property
    def inside(self) -> bool:
        """Whether the measured return lies in the 99.9 % interval around the expected one."""
        return self.fits(self.expected, self.variance)

    @property
    def low(self) -> Fraction:
        """Lower end of that interval, to twelve places."""
        return self.expected - self._half_width()

    @property
    def high(self) -> Fraction:
        return self.expected + self._half_width()

    def _half_width(self) -> Fraction:
        square = Z_SQUARED * self.variance / self.rounds
        return Fraction(isqrt(square.numerator * 10**24 // square.denominator), 10**12)

    def fits(self, rtp: Fraction, variance: Fraction) -> bool:
        """The same for any claim; `variance` as `Game.variance`. No root is drawn, so it is exact."""
        mean_bet = Fraction(self.bet, self.rounds)
        deviation = self.win - rtp * self.bet
        return deviation**2 <= Z_SQUARED * variance * mean_bet**2 * self.rounds

    def hits_fit(self, frequency: Fraction) -> bool:
        """The same for the share of rounds that win anything."""
        deviation = self.hits - frequency * self.rounds
        return deviation**2 <= Z_SQUARED * frequency * (1 - frequency) * self.rounds


def simulate(
    game: Game,
    rounds: int,
    rng: Rng,
    progress: Callable[[int], None] = lambda _done: None,
    player: Player | None = None,
) -> SimulationResult:
    """Play `rounds` whole rounds through the code that serves players; `progress` is told how many are done.

    Without a `player` it is the game's usual one, of `catalogue/players.py`.
    """
    opening, decide = player or PLAYERS[game.game_id]
    price = game.price(None, opening)
    bet, win, hits, squares, largest = 0, 0, 0, 0, 0
    for done in range(rounds):
        if done % STEP == 0:
            progress(done)
        bet += price
        play = game.play(None, opening, rng)
        while not play.finished:
            action = decide(play.state)
            bet += game.price(play.state, action)
            play = game.play(play.state, action, rng)
        if play.win:
            win += play.win
            hits += 1
            squares += play.win * play.win
            largest = max(largest, play.win)
    progress(rounds)
    return SimulationResult(
        expected=game.rtp[opening.mode],
        variance=game.variance,
        rounds=rounds,
        bet=bet,
        win=win,
        hits=hits,
        win_squares=squares,
        largest_win=largest,
    )
