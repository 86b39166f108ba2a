"""The games an operator can offer."""

from croupier.api.platform import Platform
from croupier.dialects.actions import FindGame, ListGames
from croupier.domain.parties import Operator
from croupier.games.game import Game


async def list_games(platform: Platform, _: Operator, __: ListGames) -> tuple[Game, ...]:
    return tuple(game for _, game in sorted(platform.games.items()))


async def find_game(platform: Platform, _: Operator, wanted: FindGame) -> Game:
    return platform.game(wanted.game_id)
