"""Where rounds and games meet: the machine knows money and order, a game knows symbols and pays."""

from collections.abc import Mapping

import msgspec

from croupier.domain.ids import win_id
from croupier.domain.refusal import Refused
from croupier.games.game import Action, Game, Json, NotAllowedChoice, NotAllowedMode, Play
from croupier.games.rng import Recorded, Rng
from croupier.rounds.events import CheckFailed, GamePlayed, GameUnavailable
from croupier.rounds.round import Round
from croupier.runtime.world import Ids

_json = msgspec.json.Encoder()


def encoded(value: Json) -> bytes | None:
    return None if value is None else _json.encode(value)


def decoded(raw: bytes | None) -> Json:
    return None if raw is None else msgspec.json.decode(raw)


class GameTable:
    """Prices and plays the pending action of a round. Draws only from `outcomes`."""

    def __init__(self, games: Mapping[str, Game], outcomes: Rng, ids: Ids) -> None:
        self.games = games
        self.outcomes = outcomes
        self.ids = ids

    def game(self, game_id: str) -> Game:
        game = self.games.get(game_id)
        if game is None:
            raise Refused("unknown_game", f"There is no game {game_id!r}.", param="game_id")
        return game

    def unit(self, game: Game, stake: int) -> int:
        """Minor units per game unit. The bet ladder holds only stakes that divide."""
        if not game.scale:
            return 1
        if stake % game.scale:
            raise Refused("bet_not_allowed", f"The bet must be a multiple of {game.scale}.", param="bet")
        return stake // game.scale

    def price(self, game: Game, state: bytes, action: Action, unit: int) -> int:
        """Minor units that the action costs. Refused when the game does not allow it."""
        try:
            return game.price(decoded(state), action) * unit
        except NotAllowedMode as no:
            raise Refused("choice_not_allowed", str(no), param="mode") from no
        except NotAllowedChoice as no:
            code = "choice_not_allowed" if state == b"null" or action.choice is not None else "stale_action"
            raise Refused(code, str(no), param="choice" if code == "choice_not_allowed" else "action") from no

    def play(self, game_id: str, r: Round, at: int) -> GamePlayed | GameUnavailable | CheckFailed:
        """The event that follows from the round's pending action; errors of the game become events too."""
        pending = r.pending
        assert pending is not None, "only a pending action is played"
        try:
            game = self.games[game_id]
            if game.version != r.game_version:
                raise LookupError(f"{game_id}@{r.game_version} is not installed")
            rng = Recorded(self.outcomes)
            action = Action(pending.action, r.mode, decoded(pending.choice))
            play = game.play(decoded(r.game_state), action, rng)
            return self._event(r, play, pending.action, tuple(rng.draws), at)
        except Exception as error:  # noqa: BLE001 - a game is a plug-in: whatever it raises, the bet is not lost
            why = f"{type(error).__name__}: {error}"
            return CheckFailed(at, why) if r.steps else GameUnavailable(at, why)

    def _event(self, r: Round, play: Play, action: str, draws: tuple[tuple[int, int], ...], at: int) -> GamePlayed:
        if play.win < 0 or (play.win and not play.finished):
            raise ValueError("a win is a whole number of units, told when the round is finished")
        win = play.win * r.unit
        if r.free_round is not None and r.free_round.win_max is not None:
            win = min(win, r.free_round.win_max)
        later = r.free_round is not None and r.free_round.summed
        owed = play.finished and not later and (win > 0 or r.terms.zero_win)
        return GamePlayed(
            at=at,
            action=action,
            draws=draws,
            finished=play.finished,
            win=win,
            win_id=win_id(self.ids.random(16)) if owed else None,
            state=_json.encode(play.state),
            reveals=_json.encode(play.reveals),
            offers=tuple((offer.action, offer.cost * r.unit) for offer in play.offers),
        )
