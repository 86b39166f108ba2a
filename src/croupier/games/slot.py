"""A slot with lines, scatters and free spins, from its definition: engine 1.

Draw order, fixed for this engine: one draw for the base spin, then one for each free spin, each below the cycle of
its reel set (see `reels.ReelSet`). A round is one action; it ends when no free spin is left or the win cap is met.
"""

from croupier.games import definition, slot_definition
from croupier.games.game import Action, Json, NotAllowedChoice, NotAllowedMode, Play
from croupier.games.lines import LineWins, Scatters
from croupier.games.paytable import Paytable
from croupier.games.published import CatalogueGame
from croupier.games.reels import ReelSet
from croupier.games.rng import Rng


class Spinner:
    """Evaluates one reel set in one mode: a drawn number in, the ``spin`` reveal out."""

    def __init__(self, mode: str, reels: ReelSet, paytable: Paytable, lines: LineWins, multiplier: int) -> None:
        self.mode = mode
        self.reels = reels
        self.multiplier = multiplier
        self._lines = lines
        self._scatters = Scatters(reels, paytable.scatter)
        self._scatter_pays = paytable.scatters

    def spin(self, number: int) -> dict[str, Json]:
        """All wins in units, multiplied already; ``win`` is the sum of the lines' and the scatters'."""
        one, two, three, four, five = self.reels.windows
        stops = self.reels.stops(number)
        won = self._lines.wins(number, self.multiplier)
        win = 0
        for line in won:
            win += line["win"]
        scatters = None
        count = self._scatters.count(stops)
        if count in self._scatter_pays:
            scatter_win = self._scatter_pays[count] * self.multiplier
            win += scatter_win
            scatters = {"cells": self._scatters.cells(stops), "count": count, "win": scatter_win}
        return {
            "kind": "spin",
            "mode": self.mode,
            "stops": stops,
            "window": [one[stops[0]], two[stops[1]], three[stops[2]], four[stops[3]], five[stops[4]]],
            "lines": won,
            "scatters": scatters,
            "multiplier": self.multiplier,
            "win": win,
        }


class Slot(CatalogueGame):
    """A `Game` made of one definition. `package` is where its files lie."""

    kind = "slot"
    free_rounds = True
    rtp_method = "exact: every stop of every reel, every chain of free spins, both caps"

    def __init__(self, package: str, tree: dict[str, Json] | None = None) -> None:
        tree = tree or definition.parse(definition.read_text(package, "game.toml"))
        self.definition = d = slot_definition.read(tree)
        super().__init__(package, d.game, definition.fingerprint(tree))
        self.scale, self.max_win = d.scale, d.max_win
        self.modes = {"base": d.scale}
        self.awards = slot_definition.by_count(d.free_spins.award)
        self.base = self._spinner("base", "base", 1)
        self.free = self._spinner("free", d.free_spins.strips, d.free_spins.multiplier)
        self.rules: Json = {
            "lines": [list(rows) for rows in d.lines],
            "pays": d.pays,
            "scatter_pays": d.scatter_pays,
            "free_spins": d.free_spins.award,
            "free_multiplier": d.free_spins.multiplier,
            "max_free_spins": d.free_spins.max_spins,
            "max_win": d.max_win,
        }

    def _spinner(self, mode: str, strips: str, multiplier: int) -> Spinner:
        reels, paytable = self.definition.reels(strips), self.definition.paytable()
        return Spinner(mode, reels, paytable, LineWins(reels, paytable, self.definition.lines), multiplier)

    def price(self, state: Json, action: Action) -> int:
        if state is not None:
            raise NotAllowedChoice("the round is over; a new one begins with bet")
        if action.name != "bet":
            raise NotAllowedChoice(f"a round begins with bet, not {action.name}")
        if action.mode not in self.modes:
            raise NotAllowedMode(f"there is no bet mode {action.mode}; there is {', '.join(self.modes)}")
        if action.choice is not None:
            raise NotAllowedChoice("a spin has no choice")
        return self.modes[action.mode]

    def play(self, state: Json, action: Action, rng: Rng) -> Play:  # noqa: ARG002 - one action, one mode
        cap = self.max_win * self.scale
        reveals: list[dict[str, Json]] = []
        spinner, total, left, awarded, free_win = self.base, 0, 0, 0, 0
        while True:
            spun = spinner.spin(rng.below(spinner.reels.cycle))
            # The one place where the cap is applied; the analyser (games/exact.py) cuts the same sum.
            won = min(spun["win"], cap - total)
            total += won
            free_win += won if spinner is self.free else 0
            spun["total"], spun["free_spins_left"] = total, left
            reveals.append(spun)
            if total == cap:
                reveals.append({"kind": "win_cap", "win": cap})
                break
            more = self._award(spun, awarded)
            if more:
                left, awarded = left + more, awarded + more
                reveals.append({"kind": "free_spins_awarded", "count": more, "left": left})
            if not left:
                break
            spinner, left = self.free, left - 1
        if spinner is self.free:
            reveals.append({"kind": "free_spins_ended", "win": free_win})
        return Play(finished=True, win=total, state={}, reveals=tuple(reveals))

    def _award(self, spun: dict[str, Json], awarded: int) -> int:
        """Free spins that this window wins, within the most a round may have."""
        if spun["scatters"] is None:
            return 0
        return min(self.awards.get(spun["scatters"]["count"], 0), self.definition.free_spins.max_spins - awarded)
