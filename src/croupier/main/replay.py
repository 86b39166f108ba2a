"""Plays a stored round again: same game, same drawn numbers, step by step compared with what was shown then."""

import os
import time
from typing import Any

import msgspec

from croupier.domain.ids import locate_round
from croupier.games.catalogue import GAMES
from croupier.games.game import Action, Game, Json
from croupier.games.rng import Replay
from croupier.main.database import database
from croupier.main.settings import Settings
from croupier.rounds.round import Round
from croupier.runtime.past_round import past_round
from croupier.store.journal import PostgresJournal


async def replay_round(settings: Settings, round_id: str) -> tuple[list[dict[str, Any]] | None, list[str]]:
    """The steps, and a sentence for each difference. None when there is no such round."""
    place = locate_round(round_id)
    if place is None:
        return None, []
    async with database(settings) as dsn:
        journal = PostgresJournal(dsn, now=lambda: time.time_ns() // 1000, random=os.urandom, pool_size=1)
        await journal.open()
        try:
            seat = await journal.seat_by_id(place[0])
            r = None if seat is None else await past_round(journal, seat, place[1])
        finally:
            await journal.close()
    if seat is None or r is None or r.round_id != round_id:
        return None, []
    game = GAMES.get(seat.key.game_id)
    if game is None or game.version != r.game_version:
        return [], [f"{seat.key.game_id}@{r.game_version} is not installed here"]
    return _steps(game, r)


def _steps(game: Game, r: Round) -> tuple[list[dict[str, Any]], list[str]]:
    state: Json = None
    steps: list[dict[str, Any]] = []
    differences: list[str] = []
    for number, step in enumerate(r.steps, 1):
        choice = None if step.choice is None else msgspec.json.decode(step.choice)
        play = game.play(state, Action(step.action, r.mode, choice), Replay(step.draws))
        state = play.state
        shown = msgspec.json.decode(step.reveals)
        if msgspec.json.encode(play.reveals) != msgspec.json.encode(shown):
            differences.append(f"step {number} ({step.action}) shows something else than the stored round")
        if number == len(r.steps) and play.finished and play.win * r.unit != r.win:
            differences.append(f"the win is {play.win * r.unit} now, {r.win} in the stored round")
        steps.append({"action": step.action, "choice": choice, "reveals": shown})
    return steps, differences
