"""Definitions: what is refused and in which words, and what makes a game another game."""

import copy
from pathlib import Path

import pytest

from croupier.domain.money import CURRENCIES
from croupier.games.bet_levels import DIVISOR, bet_levels
from croupier.games.catalogue import GAMES
from croupier.games.definition import BadDefinition, fingerprint, parse, read_text
from croupier.games.slot_definition import read

SMALL = Path(__file__).with_name("small_slot.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("rtp = 0.96", "rtp: 0.96 is a float"),
        ("[pays]\nK = {3 = 1.0}", "pays.K.3: 1.0 is a float"),
        ("weights = [1, 2.5]", r"weights\[1\]: 2.5 is a float"),
        ("[[a]]\nb = 1\n[[a]]\nb = 1e3", r"a\[1\].b: 1e3 is a float"),
        ("x = inf", "x: inf is a float"),
    ],
)
def test_no_float_gets_in(text, issue):
    with pytest.raises(BadDefinition, match=issue):
        parse(text)


def test_a_float_in_quotes_is_text():
    assert parse('share = "0.5"') == {"share": "0.5"}


def changed(path, value):
    """The small slot with one value put elsewhere; None takes it out."""
    tree = parse(SMALL)
    *parents, last = path
    place = tree
    for key in parents:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return tree


@pytest.mark.parametrize(
    ("path", "value", "issue"),
    [
        (["engine"], 2, "engine: 2 is unknown"),
        (["scale"], 20, "20 units a stake, but there are 3 lines"),
        (["max_win"], 0, "max_win: every game has a cap"),
        (["max_win"], None, "missing required field `max_win`"),
        (["free_spins", "max_spins"], None, "missing required field `max_spins`"),
        (["reels"], 6, "unknown field `reels`"),
        (["lines", 1], [0, 0, 0, 0, 3], r"lines\[1\]: a row from 0 to 2"),
        (["lines", 1], [0, 0, 0], r"lines\[1\]: a row from 0 to 2"),
        (["lines", 1], [0, 0, 0, 0, 0], "two lines are the same"),
        (["pays", "K", "2"], 1, "pays.K.2: a count of 3, 4 or 5"),
        (["pays", "K", "3"], 0, "pays.K.3: .* a win of at least one unit"),
        (["pays", "K", "3"], "2", r"Expected `int`, got `str` - at `\$.pays"),
        (["scatter_pays", "6"], 1, "pays.scatter.6"),
        (["pays", "Q"], {"3": 1}, "pays.Q: on no strip"),
        (["strips", "base", 0], "A K joker scatter", r"strips.base\[0\]: joker is neither"),
        (["strips", "base", 0], "A K", r"strips.base\[0\]: shorter than the window"),
        (["strips", "base"], ["A K wild scatter"], "1 strips for 5 reels"),
        (["free_spins", "strips"], "bonus", "strips.bonus: missing"),
        (["free_spins", "award", "2"], 4, "free_spins.award.2: scatters that pay"),
        (["free_spins", "award", "3"], 6, "free_spins.award.3: .* from 1 to max_spins"),
        (["free_spins", "multiplier"], 0, "free_spins.multiplier"),
    ],
)
def test_what_a_slot_definition_must_hold(path, value, issue):
    with pytest.raises(BadDefinition, match=issue):
        read(changed(path, value))


def test_all_faults_are_told_at_once():
    tree = changed(["engine"], 2) | {"max_win": 0}
    with pytest.raises(BadDefinition) as refused:
        read(tree)
    assert len(refused.value.issues) == 2


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["pays", "K", "3"], 3),
        (["strips", "base", 0], "K A wild scatter"),
        (["lines", 1], [2, 2, 2, 2, 2]),
        (["max_win"], 31),
        (["free_spins", "max_spins"], 6),
        (["game", "id"], "smaller"),
    ],
)
def test_whatever_changes_the_game_changes_its_fingerprint(path, value):
    assert fingerprint(changed(path, value)) != fingerprint(parse(SMALL))


def test_a_new_label_or_layout_of_the_file_is_the_same_game():
    tree = parse(SMALL)
    moved = {key: copy.deepcopy(tree[key]) for key in reversed(tree)}
    moved["game"]["version"] = "2"
    assert fingerprint(moved) == fingerprint(tree)
    assert fingerprint(tree, "def rules(): ...") != fingerprint(tree)


@pytest.mark.parametrize("name", GAMES)
def test_every_game_of_the_catalogue(name):
    game = GAMES[name]
    assert game.game_id == name
    assert len(game.fingerprint) == 64
    assert game.volatility in {"low", "medium", "high"}
    assert game.features
    assert game.rules
    assert set(game.rtp) == set(game.modes or ("base",))
    assert all(0 < rtp < 1 for rtp in game.rtp.values())
    assert 0 < game.hit_frequency < 1
    assert game.variance > 0
    assert read_text(game.package, "README.md").startswith(f"# {game.name}\n")


def test_fingerprints_differ():
    assert len({game.fingerprint for game in GAMES.values()}) == len(GAMES)


@pytest.mark.parametrize("code", CURRENCIES)
def test_bet_levels_divide_into_units(code):
    levels = bet_levels(code)
    assert 12 <= len(levels) <= 14
    assert list(levels) == sorted(set(levels))
    assert all(level % DIVISOR == 0 for level in levels)
    for game in GAMES.values():
        assert DIVISOR % max(game.scale, 1) == 0
        assert game.bet_levels(code) == levels


def test_minor_digits():
    """By hand, from ISO 4217; and what casinos count crypto with."""
    told = {
        "EUR": 2,
        "JPY": 0,
        "KRW": 0,
        "ISK": 0,
        "XOF": 0,
        "HUF": 2,
        "KWD": 3,
        "IQD": 3,
        "CLP": 0,
        "IDR": 2,
        "USDT": 6,
    }
    assert {code: CURRENCIES[code].exponent for code in told} == told
    assert not {"XXX", "XAU", "CLF", "HRK", "DEM"} & set(CURRENCIES), "metals, funds and those of the past"


def test_bet_levels_in_euro():
    assert bet_levels("EUR") == (20, 40, 60, 100, 160, 200, 400, 600, 1000, 2000, 4000, 6000, 10000)


def test_no_bet_levels_for_an_unknown_currency():
    with pytest.raises(KeyError):
        bet_levels("XXX")
