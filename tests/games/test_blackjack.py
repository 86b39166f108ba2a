"""Blackjack: conversations as text, laws under random play, and the strategy that its return is stated for."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from croupier.games.catalogue import GAMES
from croupier.games.catalogue.blackjack.strategy import decide
from croupier.games.catalogue.blackjack.table import Table, total
from croupier.games.game import Action, NotAllowedChoice
from croupier.runtime.entropy import Seeded
from games.blackjack_story import play, stories

BLACKJACK = GAMES["blackjack"]
STORIES = stories(Path(__file__).with_name("blackjack_stories.txt"))


@pytest.mark.parametrize("title", STORIES)
def test_story(title):
    assert play(STORIES[title]) == STORIES[title]


def test_every_action_and_every_reveal_is_in_a_story():
    text = "\n".join(line for story in STORIES.values() for line in story)
    for needed in ("bet", "hit", "stand", "double", "split", "insurance", "no_insurance", "abandon"):
        assert f"\n> {needed}\n" in text
    for result in ("blackjack", "win", "push", "lose", "bust"):
        assert f" {result} with " in text


@pytest.mark.parametrize(
    ("action", "says"),
    [
        (Action("hit"), "begins with bet"),
        (Action("abandon"), "begins with bet"),
        (Action("bet", "turbo"), "no bet mode turbo"),
        *((Action("bet", "base", choice), "takes no choice") for choice in ({"hands": 2}, {}, [], "", 0, False)),
    ],
)
def test_what_cannot_open_a_round(action, says):
    with pytest.raises(NotAllowedChoice, match=says):
        BLACKJACK.price(None, action)


def fold(table, reveal):
    """A client's view of the table, kept up by reveals alone."""
    match reveal["kind"]:
        case "deal" | "split":
            table |= {name: [list(cards) for cards in reveal[name]] for name in ("hands",)}
            table.setdefault("dealer", list(reveal.get("dealer", [])))
        case "card":
            table["hands"][reveal["hand"]].append(reveal["card"])
            assert total(table["hands"][reveal["hand"]]) == (reveal["total"], reveal["soft"])
        case "dealer_reveal" | "dealer_card":
            table["dealer"].append(reveal["card"])
            assert total(table["dealer"])[0] == reveal["total"]


def test_laws_under_random_play():
    """Whatever is played: money adds up, the hole card stays hidden, reveals tell the table, the shoe holds."""
    rng, choices, seen = Seeded("cards"), Seeded("choices"), Counter()
    for _ in range(4000):
        result, bet, shown = BLACKJACK.play(None, Action("bet"), rng), 2, {}
        reveals = list(result.reveals)
        while True:
            assert msgspec.json.decode(msgspec.json.encode(result.state)) == result.state
            for reveal in result.reveals:
                fold(shown, reveal)
            assert shown["hands"] == result.state["hands"]
            assert shown["dealer"] == (result.state["dealer"] if result.finished else result.state["dealer"][:1])
            if result.finished:
                break
            assert result.win == 0
            open_to = [*result.offers, msgspec.structs.replace(result.offers[0], action="abandon", cost=0)]
            # Mostly what is offered; to leave the table is rare.
            offer = open_to[choices.below(len(result.offers) + (choices.below(10) == 0))]
            assert BLACKJACK.price(result.state, Action(offer.action)) == offer.cost
            bet += offer.cost
            seen[offer.action] += 1
            result = BLACKJACK.play(result.state, Action(offer.action), rng)
            reveals += result.reveals
        paid = [r["win"] for r in reveals if r["kind"] in {"hand_result", "insurance_result"}]
        assert sum(paid) == result.win <= BLACKJACK.max_win * BLACKJACK.scale
        assert bet == sum(result.state["bets"]) + result.state["insured"]
        assert max(Counter(Table(**result.state).cards).values()) <= 6
    assert min(seen.values()) > 30
    assert len(seen) == 7


@pytest.mark.parametrize(
    ("hand", "dealer", "expected"),
    [
        ("10H 6C", "10D", "hit"),
        ("10H 6C", "6D", "stand"),
        ("10H 2C", "3D", "hit"),
        ("10H 2C", "4D", "stand"),
        ("6H 5C", "10D", "double"),
        ("6H 5C", "AD", "hit"),
        ("AH 7C", "2D", "stand"),
        ("AH 7C", "3D", "double"),
        ("AH 7C", "9D", "hit"),
        ("AH 3C 4D", "3D", "stand"),
        ("AH 6C", "3D", "double"),
        ("AH 2C 4D", "3D", "hit"),
        ("8H 8C", "10D", "split"),
        ("AH AC", "AD", "split"),
        ("9H 9C", "7D", "stand"),
        ("9H 9C", "9D", "split"),
        ("5H 5C", "9D", "double"),
        ("10H KC", "6D", "stand"),
    ],
)
def test_strategy_by_example(hand, dealer, expected):
    assert decide(Table([hand.split()], [dealer, "2C"])) == expected


def test_after_a_split_the_strategy_neither_splits_nor_doubles():
    split = Table([["8H", "3D"], ["8C", "8S"]], ["6D", "2C"], bets=[2, 2])
    assert decide(split) == "hit"
    split.active = 1
    assert decide(split) == "stand"


def test_the_strategy_does_not_see_the_hole_card():
    for hole in ("2C", "10C", "AC"):
        assert decide(Table([["10H", "6C"]], ["10D", hole])) == "hit"
        assert decide(Table([["10H", "6C"]], ["AD", hole], phase="insurance")) == "no_insurance"
