"""The slot's fast evaluation against the obvious one, on lines chosen by hand and on boards by chance."""

import tomllib
from pathlib import Path

import pytest

from croupier.games.catalogue import GAMES
from croupier.games.definition import parse, read_text
from croupier.games.game import Action, NotAllowedChoice
from croupier.games.rng import Recorded
from croupier.games.slot import Slot
from croupier.runtime.entropy import Seeded
from games.naive_slot import evaluate, window

HOARD = GAMES["krakens-hoard"]
SMALL = Path(__file__).with_name("small_slot.toml").read_text(encoding="utf-8")
TREES = {"krakens-hoard": tomllib.loads(read_text(HOARD.package, "game.toml")), "small": tomllib.loads(SMALL)}
SLOTS = {"krakens-hoard": HOARD, "small": Slot("", parse(SMALL))}


@pytest.mark.parametrize(
    ("symbols", "expected"),
    [
        ("K K K A Q", ("K", 3, 20)),
        ("K K K K Q", ("K", 4, 50)),
        ("K K K K K", ("K", 5, 200)),
        ("K K A K K", None),
        ("A K K K K", None),
        ("wild K K A Q", ("K", 3, 20)),
        ("K wild K wild Q", ("K", 4, 50)),
        ("K K wild Q Q", ("K", 3, 20)),
        ("wild wild K Q Q", ("K", 3, 20)),
        # Three wilds are worth more as wilds than as the four kings they begin.
        ("wild wild wild K Q", ("wild", 3, 100)),
        # But less than the four tridents, or the five.
        ("wild wild wild trident Q", ("trident", 4, 300)),
        ("wild wild wild trident trident", ("trident", 5, 2000)),
        ("wild wild wild wild trident", ("trident", 5, 2000)),
        ("wild wild wild wild K", ("wild", 4, 500)),
        ("wild wild wild wild wild", ("wild", 5, 2500)),
        # No symbol stands for a scatter, and a scatter for none.
        ("wild wild scatter K K", None),
        ("wild wild wild scatter K", ("wild", 3, 100)),
        ("K K scatter K K", None),
        ("K K K scatter K", ("K", 3, 20)),
        ("scatter scatter scatter scatter scatter", None),
    ],
)
def test_a_line(symbols, expected):
    pay = HOARD.definition.paytable().line(symbols.split())
    assert (pay and (pay.symbol, pay.count, pay.win)) == expected


@pytest.mark.parametrize("name", SLOTS)
@pytest.mark.parametrize("mode", ["base", "free"])
def test_random_boards_are_evaluated_alike(name, mode):
    tree, spinner = TREES[name], getattr(SLOTS[name], mode)
    rng, winning = Seeded(f"boards of {name} {mode}"), 0
    for _ in range(3000):
        shown = spinner.spin(rng.below(spinner.reels.cycle))
        rows = window(tree["strips"][mode], shown["stops"])
        lines, scatters, scatter_win = evaluate(tree, rows)
        times = tree["free_spins"]["multiplier"] if mode == "free" else 1
        assert [[rows[row][reel] for row in range(3)] for reel in range(5)] == shown["window"]
        assert {line["line"]: line["win"] for line in shown["lines"]} == {i: win * times for i, win in lines.items()}
        assert shown["win"] == (sum(lines.values()) + scatter_win) * times
        assert shown["scatters"] == (
            {"cells": shown["scatters"]["cells"], "count": scatters, "win": scatter_win * times}
            if scatter_win
            else None
        )
        for line in shown["lines"]:
            symbols = {rows[row][reel] for reel, row in line["cells"]}
            assert len(line["cells"]) == line["count"]
            assert symbols <= {line["symbol"], "wild"}
        winning += bool(lines)
    assert winning > 300


def test_every_stop_is_reached_by_exactly_one_number():
    reels = SLOTS["small"].base.reels
    assert len({tuple(reels.stops(number)) for number in range(reels.cycle)}) == reels.cycle


@pytest.mark.parametrize("name", SLOTS)
def test_a_round_shows_what_was_drawn(name):
    """From the drawn number to the window by plain division: nothing makes a loss look closer than it was."""
    tree, rng, shown = TREES[name], Seeded(f"shown {name}"), 0
    for _ in range(500):
        drawn = Recorded(rng)
        play = SLOTS[name].play(None, Action("bet"), drawn)
        spins = [reveal for reveal in play.reveals if reveal["kind"] == "spin"]
        assert len(spins) == len(drawn.draws)
        for reveal, (_, number) in zip(spins, drawn.draws, strict=True):
            stops = []
            for strip in reversed(tree["strips"][reveal["mode"]]):
                number, stop = divmod(number, len(strip.split()))  # noqa: PLW2901 - digits of a mixed radix
                stops.insert(0, stop)
            rows = window(tree["strips"][reveal["mode"]], stops)
            assert reveal["window"] == [[rows[row][reel] for row in range(3)] for reel in range(5)]
            shown += 1
    assert shown >= 500


def test_a_round_tells_the_whole_story_in_its_reveals():
    """Totals, spins left and awards are followed here by plain counting."""
    rng, features = Seeded("stories"), 0
    for _ in range(3000):
        play = HOARD.play(None, Action("bet"), rng)
        total, left, awarded, free_win = 0, 0, 0, 0
        for reveal in play.reveals:
            match reveal["kind"]:
                case "spin":
                    left -= reveal["mode"] == "free"
                    total += reveal["win"]
                    free_win += reveal["win"] if reveal["mode"] == "free" else 0
                    assert (reveal["total"], reveal["free_spins_left"]) == (total, left)
                case "free_spins_awarded":
                    left, awarded = left + reveal["count"], awarded + reveal["count"]
                    assert reveal["left"] == left
                case "free_spins_ended":
                    features += 1
                    assert reveal["win"] == free_win
        assert (play.finished, play.win, left) == (True, total, 0)
        assert awarded <= HOARD.definition.free_spins.max_spins
    assert features > 5


@pytest.mark.parametrize(
    ("state", "action", "says"),
    [
        (None, Action("spin"), "begins with bet"),
        (None, Action("bet", "turbo"), "no bet mode turbo"),
        *((None, Action("bet", "base", choice), "no choice") for choice in ({"line": 3}, {}, [], "", 0, False)),
        ({}, Action("bet"), "over"),
        ({}, Action("abandon"), "over"),
    ],
)
def test_what_a_slot_refuses(state, action, says):
    with pytest.raises(NotAllowedChoice, match=says):
        HOARD.price(state, action)


def test_the_price_of_a_spin_is_one_unit_a_line():
    assert HOARD.price(None, Action("bet")) == HOARD.modes["base"] == HOARD.scale == len(HOARD.rules["lines"])
