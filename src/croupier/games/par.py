"""PAR sheets: the golden ``par.toml`` beside each game, from exact figures, and its proof by computing them again."""

import tomllib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from importlib.resources import files
from math import isqrt
from pathlib import Path

import msgspec

from croupier.games.catalogue.analysis import figures_of
from croupier.games.definition import read_text
from croupier.games.figures import Figures
from croupier.games.game import Game, Json
from croupier.games.published import CatalogueGame

DIGITS = 12
"""Decimal places of figures printed for people; the fractions beside them are exact."""

RARE = 18
"""Decimal places of what may be very rare."""


class Verification(msgspec.Struct, frozen=True):
    """`differences`: one sentence for each figure that is not what the golden sheet says; none = `ok`."""

    game_id: str
    version: str
    fingerprint: str
    method: str
    differences: tuple[str, ...]
    sheet: dict[str, Json]

    @property
    def ok(self) -> bool:
        return not self.differences


def verify(game: Game) -> Verification:
    """Compute everything again and compare it with ``par.toml``."""
    sheet = par_sheet(game, figures_of(game))
    return Verification(
        game.game_id, game.version, game.fingerprint, game.rtp_method, tuple(differences(golden(game), sheet)), sheet
    )


def write(game: Game, sheet: Mapping[str, Json]) -> Path:
    """Make the sheet the golden one: for whoever changed the game on purpose. Its path."""
    path = Path(str(files(folder(game)))) / "par.toml"
    path.write_text(to_toml(sheet), encoding="utf-8")
    return path


def folder(game: Game) -> str:
    """The package in which the game's files lie."""
    if not isinstance(game, CatalogueGame):
        raise TypeError(f"{game.game_id} has no folder in the catalogue")
    return game.package


def golden(game: Game) -> dict[str, Json]:
    """The sheet that is published with the game; empty when there is none yet."""
    try:
        return tomllib.loads(read_text(folder(game), "par.toml"))
    except FileNotFoundError:
        return {}


def differences(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[str]:
    """``name: par.toml says …, the analysis finds …`` for each figure that differs."""
    before, after = dict(_flat(old)), dict(_flat(new))
    if before.get("version") == after.get("version") and before.get("fingerprint") != after.get("fingerprint"):
        yield f"the game's behaviour changed under the version {after['version']}: give it a new one"
    for name in sorted(before.keys() | after.keys()):
        was, is_now = before.get(name, "nothing"), after.get(name, "nothing")
        if was != is_now:
            yield f"{name}: par.toml says {_short(was)}, the analysis finds {_short(is_now)}"


def par_sheet(game: Game, figures: Mapping[str, Figures]) -> dict[str, Json]:
    """The sheet as plain values: exact fractions as ``"p/q"``, decimals as text cut after `DIGITS` places."""
    modes = {name: _figures(one) for name, one in figures.items() if name in {"base", *game.modes}}
    parts = {name: _figures(one) for name, one in figures.items() if name not in modes}
    head = {
        "game": game.game_id,
        "version": game.version,
        "fingerprint": game.fingerprint,
        "rtp_method": game.rtp_method,
    }
    return {**head, "mode": modes, **({"part": parts} if parts else {})}


def _figures(one: Figures) -> dict[str, Json]:
    sheet: dict[str, Json] = {
        "cost": one.cost,
        "max_win": one.max_win,
        "rtp": str(one.rtp),
        "rtp_percent": decimal(one.rtp * 100),
        "hit_frequency": str(one.hit_frequency),
        "hit_percent": decimal(one.hit_frequency * 100),
        "variance": str(one.variance),
        "standard_deviation": root(one.variance),
        "split": {name: decimal(part) for name, part in one.split.items()},
        "frequencies": {name: decimal(part, RARE) for name, part in one.frequencies.items()},
        "means": {name: decimal(mean) for name, mean in one.means.items()},
        "bands": [
            {
                "from": decimal(Fraction(band.low, 100), 2),
                "to": decimal(Fraction(band.high, 100), 2),
                "chance": decimal(band.chance, RARE),
                "returned": decimal(band.returned, RARE),
            }
            for band in one.bands
        ],
    }
    return {name: value for name, value in sheet.items() if value not in ({}, [])}


def decimal(value: Fraction, places: int = DIGITS) -> str:
    """A fraction as decimal text, cut (not rounded) after `places`."""
    sign, scaled = "-" if value < 0 else "", abs(value.numerator) * 10**places // value.denominator
    digits = str(scaled).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def root(value: Fraction, places: int = DIGITS) -> str:
    """The square root as decimal text, cut after `places`."""
    return decimal(Fraction(isqrt(value.numerator * 10 ** (2 * places) // value.denominator), 10**places), places)


def to_toml(sheet: Mapping[str, Json]) -> str:
    """TOML with its keys in the order given: text, whole numbers, tables and lists of tables."""
    head = "# Golden: written by `croupier verify --write`, computed again by the tests. Fractions are exact.\n"
    return head + "\n".join(_lines(sheet, "")) + "\n"


def _lines(table: Mapping[str, Json], path: str) -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, int | str):
            yield f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"'
    for key, value in table.items():
        if isinstance(value, dict) and value:
            name = f"{path}{key}"
            if any(isinstance(inner, int | str) for inner in value.values()):
                yield ""
                yield f"[{name}]"
            yield from _lines(value, name + ".")
        elif isinstance(value, list):
            for row in value:
                yield ""
                yield f"[[{path}{key}]]"
                yield from _lines(row, f"{path}{key}.")


def _flat(value: Json, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _flat(child, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _flat(child, f"{path}[{index}]")
    else:
        yield path, str(value)


def _short(text: str) -> str:
    """Long fractions are shown by their value."""
    if len(text) <= 60 or "/" not in text:
        return text
    return f"{decimal(Fraction(text))}… (a fraction of {len(text)} characters)"
