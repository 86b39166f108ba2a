"""What every game of the catalogue has: its identity, and the claims of the golden PAR sheet beside its code."""

import tomllib
from fractions import Fraction
from functools import cached_property

import msgspec

from croupier.games import bet_levels
from croupier.games.definition import Identity, read_text
from croupier.games.game import Json


class Published(msgspec.Struct, frozen=True):
    """Figures for lists, help pages and reports; `par.verify` proves them."""

    rtp: dict[str, Fraction]
    hit_frequency: Fraction
    variance: Fraction


def published(package: str) -> Published:
    """Read from the ``par.toml`` of a game's package."""
    sheet = tomllib.loads(read_text(package, "par.toml"))
    base = sheet["mode"]["base"]
    return Published(
        rtp={mode: Fraction(figures["rtp"]) for mode, figures in sheet["mode"].items()},
        hit_frequency=Fraction(base["hit_frequency"]),
        variance=Fraction(base["variance"]),
    )


class CatalogueGame:
    """The part of a `Game` that is the same for all of them. `package` is where its files lie."""

    scale: int
    free_rounds = False

    def __init__(self, package: str, identity: Identity, fingerprint: str) -> None:
        self.package = package
        self.fingerprint = fingerprint
        self.game_id = identity.id
        self.name = identity.name
        self.version = identity.version
        self.released_at = identity.released_at
        self.volatility = identity.volatility
        self.features = identity.features

    @cached_property
    def _published(self) -> Published:
        return published(self.package)

    @property
    def rtp(self) -> dict[str, Fraction]:
        return self._published.rtp

    @property
    def hit_frequency(self) -> Fraction:
        return self._published.hit_frequency

    @property
    def variance(self) -> Fraction:
        return self._published.variance

    def bet_levels(self, currency_code: str) -> tuple[int, ...]:
        return bet_levels.bet_levels(currency_code)

    def amounts(self, choice: Json) -> tuple[int, ...]:  # noqa: ARG002 - only a game whose choice carries amounts reads it
        return ()
