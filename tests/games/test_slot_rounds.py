"""What the engine does with a round of a slot: both caps, and the same round from the same draws."""

from pathlib import Path

import pytest

from croupier.games.catalogue import GAMES
from croupier.games.catalogue.players import PLAYERS
from croupier.games.definition import parse
from croupier.games.game import Action
from croupier.games.rng import Recorded, Replay
from croupier.games.slot import Slot
from croupier.runtime.entropy import Seeded

SMALL = parse(Path(__file__).with_name("small_slot.toml").read_text(encoding="utf-8"))


def test_a_base_spin_that_pays_too_much_is_cut_and_ends_the_round(monkeypatch):
    slot, honest = Slot("", SMALL), Slot("", SMALL).base.spin
    monkeypatch.setattr(slot.base, "spin", lambda number: honest(number) | {"win": 10**9, "scatters": {"count": 5}})
    draws = Recorded(Seeded(1))
    play = slot.play(None, Action("bet"), draws)
    assert play.win == 90 == slot.max_win * slot.scale
    assert [reveal["kind"] for reveal in play.reveals] == ["spin", "win_cap"]
    assert play.reveals[0]["total"] == play.reveals[1]["win"] == 90
    assert len(draws.draws) == 1


def test_a_free_spin_that_pays_too_much_is_cut_and_ends_the_round(monkeypatch):
    slot, honest = Slot("", SMALL), Slot("", SMALL).free.spin
    monkeypatch.setattr(slot.free, "spin", lambda number: honest(number) | {"win": 89, "scatters": None})
    rounds = (slot.play(None, Action("bet"), Seeded(f"free {i}")) for i in range(10_000))
    play = next(play for play in rounds if play.reveals[0]["scatters"] and play.win == 90)
    kinds = [reveal["kind"] for reveal in play.reveals]
    before = play.reveals[0]["win"]
    assert before > 1
    assert kinds == ["spin", "free_spins_awarded", "spin", "win_cap", "free_spins_ended"]
    assert play.reveals[-1]["win"] == 90 - before
    assert play.reveals[2]["free_spins_left"] == play.reveals[1]["left"] - 1


def test_caps_hold_and_are_met():
    slot, rng, capped, longest = Slot("", SMALL), Seeded("caps"), 0, 0
    for _ in range(5000):
        play = slot.play(None, Action("bet"), rng)
        kinds = [reveal["kind"] for reveal in play.reveals]
        longest = max(longest, kinds.count("spin") - 1)
        capped += "win_cap" in kinds
        assert play.win <= 90
        assert ("win_cap" in kinds) == (play.win == 90)
    assert longest == 5
    assert capped > 50


@pytest.mark.parametrize("name", GAMES)
def test_a_round_is_played_again_from_its_draws(name):
    game, player = GAMES[name], PLAYERS[name]
    for i in range(300):
        draws = Recorded(Seeded(f"{name} {i}"))
        first = list(actions(game, player, draws))
        replay = Replay(draws.draws)
        assert list(actions(game, player, replay)) == first
        with pytest.raises(ValueError, match="the recorded draw was"):
            replay.below(2)


def actions(game, player, rng):
    play = game.play(None, player.opening, rng)
    yield play
    while not play.finished:
        play = game.play(play.state, player.decide(play.state), rng)
        yield play
