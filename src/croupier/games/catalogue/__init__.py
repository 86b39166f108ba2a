"""The games that are offered, by id. A new game is a folder beside this file and a line below."""

from croupier.games.catalogue.blackjack.rules import Blackjack
from croupier.games.catalogue.european_roulette.rules import EuropeanRoulette
from croupier.games.game import Game
from croupier.games.slot import Slot

GAMES: dict[str, Game] = {
    game.game_id: game
    for game in (
        Slot("croupier.games.catalogue.krakens_hoard"),
        EuropeanRoulette(),
        Blackjack(),
    )
}
