"""Playing a game many times and asking whether the outcome fits what is claimed. Whole numbers throughout."""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import msgspec

from croupier.games.game import Action, Game, Json
from croupier.games.rng import Rng

Z_SQUARED = {"99": Fraction(66349, 10_000), "99.9": Fraction(108_276, 10_000)}
"""Squares of the two-sided normal quantiles: 2.5758 and 3.2905."""

STEP = 10_000
"""Rounds between two reports of progress."""


class Player(NamedTuple):
    """How rounds are played: what opens each of them, and what follows in an open one, from its state."""

    opening: Action
    decide: Callable[[Json], Action] = lambda _state: Action("abandon")


class SimulationResult(msgspec.Struct, frozen=True):
    """Sums over `rounds`, in units; `win_squares` sums win x win. Results of separate streams may be added."""

    rounds: int = 0
    bet: int = 0
    win: int = 0
    hits: int = 0
    win_squares: int = 0
    largest_win: int = 0

    def __add__(self, other: "SimulationResult") -> "SimulationResult":
        return SimulationResult(
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

    def fits(self, rtp: Fraction, variance: Fraction, confidence: str = "99.9") -> bool:
        """Whether the interval around the claimed RTP holds the measured one; `variance` as `Game.variance`."""
        mean_bet = Fraction(self.bet, self.rounds)
        deviation = self.win - rtp * self.bet
        return deviation**2 <= Z_SQUARED[confidence] * variance * mean_bet**2 * self.rounds

    def hits_fit(self, frequency: Fraction, confidence: str = "99.9") -> bool:
        """The same for the share of rounds that win anything."""
        deviation = self.hits - frequency * self.rounds
        return deviation**2 <= Z_SQUARED[confidence] * frequency * (1 - frequency) * self.rounds


def simulate(
    game: Game,
    rounds: int,
    rng: Rng,
    player: Player,
    progress: Callable[[int], None] = lambda _done: None,
) -> SimulationResult:
    """Play `rounds` whole rounds through the code that serves players; `progress` is told how many are done."""
    opening, price = player.opening, game.price(None, player.opening)
    bet, win, hits, squares, largest = 0, 0, 0, 0, 0
    for done in range(rounds):
        if done % STEP == 0:
            progress(done)
        bet += price
        play = game.play(None, opening, rng)
        while not play.finished:
            action = player.decide(play.state)
            bet += game.price(play.state, action)
            play = game.play(play.state, action, rng)
        if play.win:
            win += play.win
            hits += 1
            squares += play.win * play.win
            largest = max(largest, play.win)
    progress(rounds)
    return SimulationResult(rounds, bet, win, hits, squares, largest)
