"""Conversations with the blackjack table as text.

``>`` an action, ``<`` what is shown, ``?`` what is offered then, ``!`` a refusal, ``=`` the end.
The first line of a story names the cards in the order in which they leave the shoe.
"""

from itertools import pairwise
from pathlib import Path

from croupier.games.catalogue import GAMES
from croupier.games.game import Action, NotAllowedChoice

BLACKJACK = GAMES["blackjack"]


class StackedShoe:
    """A source that makes the next cards leave a six-deck shoe, and counts cards in its own way."""

    def __init__(self, cards):
        ranks = ["A", *map(str, range(2, 11)), "J", "Q", "K"]
        self.left = [rank + suit for suit in "SHDC" for rank in ranks for _ in range(6)]
        self.cards = list(cards)

    def below(self, n):
        assert n == len(self.left), "one card is missing or was drawn twice"
        place = self.left.index(self.cards.pop(0))
        del self.left[place]
        return place


def stories(path: Path):
    """Title -> lines, blank lines and comments left out."""
    lines = [line.rstrip() for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    starts = [i for i, line in enumerate(lines) if line and not line.startswith((">", "<", "?", "=", "!", "shoe"))]
    return {lines[a]: [line for line in lines[a + 1 : b] if line] for a, b in pairwise([*starts, len(lines)])}


def play(story):
    """What really happens when a story's shoe is dealt and its actions are taken."""
    shoe, state, bet = StackedShoe(story[0].split()[1:]), None, 0
    told = [story[0]]
    for name in (line[2:] for line in story if line.startswith("> ")):
        told.append(f"> {name}")
        try:
            cost = BLACKJACK.price(state, Action(name))
        except NotAllowedChoice as refusal:
            told.append(f"! {refusal}")
            continue
        bet += cost
        result = BLACKJACK.play(state, Action(name), shoe)
        state = result.state
        told += [f"< {shown(reveal)}" for reveal in result.reveals]
        if result.finished:
            told.append(f"= bet {bet}, win {result.win}")
        else:
            told.append("? " + ", ".join(f"{o.action} {o.cost}" if o.cost else o.action for o in result.offers))
    assert not shoe.cards, f"never drawn: {shoe.cards}"
    return told


def shown(reveal):
    r = dict(reveal)
    match r.pop("kind"):
        case "deal":
            return f"deal {' '.join(r['hands'][0])} against {' '.join(r['dealer'])}"
        case "insurance_offered" | "insurance_taken" as kind:
            return kind.replace("_", " ")
        case "peek":
            return "peek: blackjack" if r["blackjack"] else "peek: nothing"
        case "card":
            return f"hand {r['hand']} gets {r['card']}: {'soft ' if r['soft'] else ''}{r['total']}"
        case "doubled":
            return f"hand {r['hand']} doubled"
        case "split":
            return "split " + " and ".join(" ".join(hand) for hand in r["hands"])
        case "active_hand":
            return f"hand {r['hand']} to play"
        case "dealer_reveal":
            return f"dealer shows {r['card']}: {r['total']}"
        case "dealer_card":
            return f"dealer draws {r['card']}: {r['total']}"
        case "insurance_result":
            return f"insurance pays {r['win']}"
        case "hand_result":
            return f"hand {r['hand']} {r['result']} with {r['total']}, pays {r['win']}"
        case other:
            raise AssertionError(f"no such reveal: {other}")
