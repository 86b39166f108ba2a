"""How the exact figures of each game of the catalogue are found. Bet mode or kind of bet -> figures."""

from collections.abc import Callable
from fractions import Fraction

import msgspec

from croupier.games.catalogue.blackjack import expectation
from croupier.games.catalogue.blackjack.rules import Blackjack
from croupier.games.catalogue.blackjack.strategy import BASIC, STAND
from croupier.games.catalogue.european_roulette.rules import EuropeanRoulette
from croupier.games.exact import slot_figures
from croupier.games.figures import Figures, of_outcomes
from croupier.games.game import Game
from croupier.games.slot import Slot


def slot(game: Slot) -> dict[str, Figures]:
    return {"base": slot_figures(game)}


def roulette(game: EuropeanRoulette) -> dict[str, Figures]:
    """Each kind of bet by closed form: n of 37 pockets pay k + 1 times the amount.

    ``base`` stands for any choice. Its RTP is that of every bet; its variance is the largest, a straight's, because
    a mix of bets never varies more than its most varying bet; its hit frequency is that of one even-money bet.
    """
    pockets = game.definition.wheel.pockets
    bets = {}
    for kind, pays in game.pays.items():
        covered = Fraction(game.covered(kind), pockets)
        bets[kind] = of_outcomes({(1, pays + 1): covered, (1, 0): 1 - covered}, cost=1, max_win=pays + 1)
    straight, even_money = bets["straight"], bets["red"]
    if {figures.rtp for figures in bets.values()} != {straight.rtp}:
        raise AssertionError("the bets of one table differ in RTP: publish each of them")
    base = msgspec.structs.replace(straight, hit_frequency=even_money.hit_frequency, bands=())
    return {"base": base, **bets}


def blackjack(game: Blackjack) -> dict[str, Figures]:
    """Under basic strategy; ``abandon`` is the same shoe with a player who stands on every hand."""
    decks, cost = game.table_rules.decks, game.scale
    chances = expectation.outcomes(BASIC, decks)
    figures = of_outcomes(chances, cost, game.max_win)
    bet = sum((b * chance for (b, _), chance in chances.items()), Fraction(0)) / cost
    means = {"total_bet": bet, "house_edge_of_opening_bet": bet - bet * figures.rtp}
    stand = of_outcomes(expectation.outcomes(STAND, decks), cost, game.max_win)
    return {"base": msgspec.structs.replace(figures, means=means), "abandon": stand}


def figures_of(game: Game) -> dict[str, Figures]:
    """Exact figures, computed now; at once (roulette), in seconds (slots), in a minute (blackjack)."""
    analyse: dict[type, Callable[..., dict[str, Figures]]] = {
        Slot: slot,
        EuropeanRoulette: roulette,
        Blackjack: blackjack,
    }
    return analyse[type(game)](game)
