"""The game list, as this API shows it."""

from collections.abc import Iterable
from typing import Any

from croupier.games.game import Game

Item = dict[str, Any]

TYPES = {"slot": ("vs", "Video Slots"), "roulette": ("rl", "Roulette"), "blackjack": ("bj", "Blackjack")}


def shown(game: Game) -> Item:
    type_id, described = TYPES.get(game.kind, ("ot", game.kind.capitalize()))
    item: Item = {
        "gameID": game.game_id,
        "gameName": game.name,
        "gameTypeID": type_id,
        "typeDescription": described,
        "technology": "html5",
        "technologyID": "H5",
        "platform": "MOBILE,WEB",
        "aspectRatio": "16:9",
        "demoGameAvailable": True,
        "frbAvailable": game.free_rounds,
    }
    return item | ({"lines": lines_of(game)} if lines_of(game) else {})


def categories(games: Iterable[Game]) -> list[Item]:
    """All games, then those of each type."""
    listed = list(games)
    types = sorted({TYPES.get(game.kind, ("ot", game.kind.capitalize())) for game in listed})
    of_type = [
        {"categoryID": type_id, "categoryDesc": described, "lobbyGames": found}
        for type_id, described in types
        if (found := [item for item in map(shown, listed) if item["gameTypeID"] == type_id])
    ]
    return [{"categoryID": "all", "categoryDesc": "All games", "lobbyGames": [*map(shown, listed)]}, *of_type]


def lines_of(game: Game) -> int:
    lines = game.rules.get("lines") if isinstance(game.rules, dict) else None
    return len(lines) if isinstance(lines, list | tuple) else 0
