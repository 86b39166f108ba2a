"""What the HTTP layer works with: put together once, in `main/app.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from croupier.domain.ids import text_of
from croupier.domain.parties import Mode, Operator
from croupier.domain.refusal import Refused
from croupier.games.game import Game
from croupier.runtime.directory import OperatorDirectory
from croupier.runtime.explanations import Explainer
from croupier.runtime.play_money import PlayMoney
from croupier.runtime.round_runner import RoundRunner
from croupier.runtime.world import World
from croupier.store.connect import Pool
from croupier.store.exchanges import ExchangeWriter
from croupier.store.registry import Registry


@dataclass(frozen=True, slots=True)
class Links:
    """Where things are, as absolute addresses without a slash at the end. `casino`: the demo casino, if it runs."""

    public: str
    casino: str | None = None


@dataclass(frozen=True, slots=True)
class Platform:
    world: World
    pool: Pool
    registry: Registry
    directory: OperatorDirectory
    runner: RoundRunner
    play_money: PlayMoney
    games: Mapping[str, Game]
    exchanges: ExchangeWriter
    explainer: Explainer
    replay_key: bytes = field(repr=False)
    links: Links
    home: str = ""
    """Which worker this is, see `player/forwarding.py`."""

    def now(self) -> int:
        """Microseconds since 1970, UTC."""
        return self.world.clock.now()

    def token(self, prefix: str) -> str:
        """A new secret of 256 bits."""
        return prefix + text_of(self.world.ids.random(32))

    def runner_for(self, mode: Mode) -> RoundRunner:
        return self.runner if mode == "real" else self.play_money.runner

    def game(self, game_id: str) -> Game:
        game = self.games.get(game_id)
        if game is None:
            raise Refused("unknown_game", f"There is no game {game_id!r}.", param="game_id")
        return game

    def enabled(self, operator: Operator) -> Operator:
        """The operator, when it takes new play."""
        if not operator.enabled:
            raise Refused("operator_disabled")
        return operator

    def open_to_play(self, operator: Operator) -> Operator:
        """The operator, when its players may play for money."""
        if not self.enabled(operator).open_to_play:
            raise Refused("not_compared" if operator.compare_from else "not_certified")
        return operator
