"""The contract between a game and the platform.

Everything is in *units*: `scale` units are one base stake, so a unit of a 1.00 EUR spin on 20 lines is 0.05 EUR.
A game whose choice carries its own amounts (roulette) has `scale` 0: its unit is one minor unit of the currency.
States, choices and reveals are plain JSON values (dict, list, str, int, bool, None): they live in the journal.
"""

from fractions import Fraction
from typing import Any, Protocol

import msgspec

from croupier.games.rng import Rng

Json = Any
"""A plain JSON value without floats."""

ABANDON = "abandon"
"""The action that ends a round whose player never came back: always free, by the game's published rule."""


class NotAllowedChoice(Exception):
    """The action or choice is not possible here. The text says what would be; nothing was drawn."""


class NotAllowedMode(NotAllowedChoice):
    """There is no such bet mode. The text says which there are."""


class Offer(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An action the player may take next and what it costs, in units."""

    action: str
    cost: int = 0


class Action(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What the player does. The opening action of every game is ``bet``."""

    name: str
    mode: str = "base"
    choice: Json = None


class Play(msgspec.Struct, frozen=True, gc=False):
    """Result of one action.

    `finished`: the round is over and `win` (units, the whole round's, stakes that come back included) is final;
    before that `win` is 0. `state`: all the game needs to go on. `reveals`: what to show for this action, in order.
    """

    finished: bool
    win: int
    state: Json
    reveals: tuple[dict[str, Json], ...]
    offers: tuple[Offer, ...] = ()


class Game(Protocol):
    game_id: str
    name: str
    kind: str
    version: str
    fingerprint: str
    scale: int
    modes: dict[str, int]
    """Bet mode -> cost in units. Empty when the choice carries the amounts."""
    features: tuple[str, ...]
    released_at: str
    volatility: str
    """``low``, ``medium`` or ``high``."""
    free_rounds: bool
    """Whether an operator may give rounds of it away: one bet opens a round, and nothing in it costs more."""
    max_win: int
    """Largest win of a round as a multiple of the stake."""
    rules: Json
    """What a client needs to explain and draw the game."""

    @property
    def rtp(self) -> dict[str, Fraction]:
        """Bet mode -> expected win / expected total bet, from the published PAR sheet."""
        ...

    @property
    def rtp_method(self) -> str: ...

    @property
    def hit_frequency(self) -> Fraction:
        """Share of rounds that win anything."""
        ...

    @property
    def variance(self) -> Fraction:
        """Of ``(win - rtp * bet) / mean bet`` of a round: gives the band of a measured RTP after n rounds."""
        ...

    def bet_levels(self, currency_code: str) -> tuple[int, ...]:
        """Stakes offered, in minor units, ascending, each a whole number of units. KeyError: unknown currency."""
        ...

    def amounts(self, choice: Json) -> tuple[int, ...]:
        """The stakes that an opening choice carries, in minor units; empty when `scale` is not 0."""
        ...

    def price(self, state: Json, action: Action) -> int:
        """Cost of the action in units; 0 = free. `state` is None for the opening action.

        NotAllowedChoice when the action is not possible in this state. Draws nothing.
        """
        ...

    def play(self, state: Json, action: Action, rng: Rng) -> Play:
        """Apply an action that `price` allowed and the player has paid for."""
        ...
