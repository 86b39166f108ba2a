"""The shape of a slot's ``game.toml`` and what must hold in it before anybody plays."""

from collections.abc import Iterator

import msgspec

from croupier.games.definition import BadDefinition, Identity
from croupier.games.game import Json
from croupier.games.paytable import Paytable
from croupier.games.reels import ROWS, ReelSet

REELS = 5


class FreeSpins(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`award`: scatters seen -> spins won, in the base game and again in free spins, `max_spins` a round at most."""

    strips: str
    multiplier: int
    max_spins: int
    award: dict[str, int]


class SlotDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All pays are in units; `scale` units are the stake, one on each line. `max_win` is a multiple of the stake."""

    engine: int
    scale: int
    max_win: int
    wild: str
    scatter: str
    game: Identity
    lines: tuple[tuple[int, ...], ...]
    pays: dict[str, dict[str, int]]
    scatter_pays: dict[str, int]
    free_spins: FreeSpins
    strips: dict[str, tuple[str, ...]]

    def paytable(self) -> Paytable:
        return Paytable(
            lines={symbol: by_count(pays) for symbol, pays in self.pays.items()},
            scatters=by_count(self.scatter_pays),
            wild=self.wild,
            scatter=self.scatter,
        )

    def reels(self, name: str) -> ReelSet:
        return ReelSet([strip.split() for strip in self.strips[name]])


def by_count(table: dict[str, int]) -> dict[int, int]:
    """TOML's keys are text; counts of symbols are numbers."""
    return {int(count): value for count, value in table.items()}


def read(tree: dict[str, Json]) -> SlotDefinition:
    """The definition in a parsed tree. BadDefinition lists everything that is wrong with it."""
    try:
        definition = msgspec.convert(tree, SlotDefinition)
    except msgspec.ValidationError as error:
        raise BadDefinition([str(error)]) from error
    issues = list(_issues(definition))
    if issues:
        raise BadDefinition(issues)
    return definition


def _issues(d: SlotDefinition) -> Iterator[str]:
    if d.engine != 1:
        yield f"engine: {d.engine} is unknown; this is engine 1"
    if d.scale != len(d.lines):
        yield f"scale: {d.scale} units a stake, but there are {len(d.lines)} lines of one unit"
    if d.max_win < 1:
        yield "max_win: every game has a cap, a whole multiple of the stake"
    for index, rows in enumerate(d.lines):
        if len(rows) != REELS or not all(0 <= row < ROWS for row in rows):
            yield f"lines[{index}]: a row from 0 to {ROWS - 1} for each of the {REELS} reels"
    if len(set(d.lines)) != len(d.lines):
        yield "lines: two lines are the same"
    for symbol, pays in (*d.pays.items(), (d.scatter, d.scatter_pays)):
        for count, win in pays.items():
            if count not in ("3", "4", "5") or win < 1:
                yield f"pays.{symbol}.{count}: a count of 3, 4 or 5 and a win of at least one unit"
    for name, strips in d.strips.items():
        if len(strips) != REELS:
            yield f"strips.{name}: {len(strips)} strips for {REELS} reels"
        for reel, strip in enumerate(strips):
            symbols = strip.split()
            if len(symbols) < ROWS:
                yield f"strips.{name}[{reel}]: shorter than the window"
            for unknown in sorted(set(symbols) - set(d.pays) - {d.wild, d.scatter}):
                yield f"strips.{name}[{reel}]: {unknown} is neither in the pay table nor wild nor scatter"
    seen = {symbol for strips in d.strips.values() for strip in strips for symbol in strip.split()}
    for symbol in sorted({*d.pays, d.wild, d.scatter} - seen):
        yield f"pays.{symbol}: on no strip"
    for name in sorted({"base", d.free_spins.strips} - set(d.strips)):
        yield f"strips.{name}: missing"
    free = d.free_spins
    for count, award in free.award.items():
        if count not in d.scatter_pays or not 1 <= award <= free.max_spins:
            yield f"free_spins.award.{count}: scatters that pay, and from 1 to max_spins spins"
    if free.multiplier < 1:
        yield "free_spins.multiplier: a whole number from 1"
