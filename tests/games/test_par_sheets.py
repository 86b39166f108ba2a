"""Golden PAR sheets: computed again and compared, so that a changed game shows old and new figures in review.

The whole of blackjack's sheet takes a minute: ``croupier verify --all`` computes it, test_blackjack_expectation.py
takes another road to its return.
"""

import tomllib
from fractions import Fraction
from pathlib import Path

import pytest

from croupier.games import par
from croupier.games.catalogue import GAMES
from croupier.games.definition import parse
from croupier.games.exact import slot_figures
from croupier.games.slot import Slot

SMALL = parse(Path(__file__).with_name("small_slot.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["krakens-hoard", "european-roulette"])
def test_golden_sheet(name):
    assert par.verify(GAMES[name]).differences == ()


@pytest.mark.parametrize("name", GAMES)
def test_golden_sheet_belongs_to_the_game(name):
    sheet, game = par.golden(GAMES[name]), GAMES[name]
    assert (sheet["game"], sheet["version"], sheet["rtp_method"]) == (game.game_id, game.version, game.rtp_method)
    assert sheet["fingerprint"] == game.fingerprint, "the game changed: a new version and `croupier verify --write`"


def sheet_of(tree):
    slot = Slot("", tree)
    return par.par_sheet(slot, {"base": slot_figures(slot)})


def with_strip(strip):
    strips = SMALL["strips"] | {"base": [strip, *SMALL["strips"]["base"][1:]]}
    return SMALL | {"strips": strips}


@pytest.mark.parametrize(
    ("tree", "figures"),
    [
        # One symbol of one strip.
        (with_strip("K K wild scatter"), {"mode.base.rtp", "mode.base.hit_frequency", "mode.base.variance"}),
        # Two stops exchanged: the return of a line is the same, the hit frequency is not.
        (with_strip("K A wild scatter"), {"mode.base.hit_frequency", "mode.base.variance"}),
        # The cap on wins taken away.
        (SMALL | {"max_win": 10**6}, {"mode.base.rtp", "mode.base.variance", "mode.base.max_win"}),
        # The cap on free spins moved.
        (SMALL | {"free_spins": SMALL["free_spins"] | {"max_spins": 6}}, {"mode.base.rtp"}),
        (SMALL | {"pays": SMALL["pays"] | {"K": {"3": 2, "4": 6, "5": 15}}}, {"mode.base.rtp"}),
    ],
)
def test_a_changed_game_is_seen(tree, figures):
    found = list(par.differences(sheet_of(SMALL), sheet_of(tree)))
    assert any("the game's behaviour changed under the version 1" in line for line in found)
    assert figures <= {line.split(": par.toml says ")[0] for line in found}


def test_a_difference_prints_old_and_new():
    old, new = {"version": "1", "mode": {"rtp": "24/25"}}, {"version": "1", "mode": {"rtp": "19/20"}}
    assert list(par.differences(old, new)) == ["mode.rtp: par.toml says 24/25, the analysis finds 19/20"]


def test_a_new_version_may_behave_in_another_way():
    old, new = sheet_of(SMALL), sheet_of(SMALL | {"max_win": 29, "game": SMALL["game"] | {"version": "2"}})
    assert not any("behaviour changed under" in line for line in par.differences(old, new))


def test_toml_keeps_the_sheet():
    sheet = sheet_of(SMALL)
    assert tomllib.loads(par.to_toml(sheet)) == sheet


@pytest.mark.parametrize(
    ("value", "text"), [("2/3", "0.666"), ("-2/3", "-0.666"), ("5", "5.000"), ("1/1000", "0.001"), ("1/1001", "0.000")]
)
def test_decimals_are_cut_not_rounded(value, text):
    assert par.decimal(Fraction(value), 3) == text


def test_square_root():
    assert par.root(Fraction(2), 10) == "1.4142135623"
