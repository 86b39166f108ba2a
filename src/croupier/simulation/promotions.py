"""The operator's free rounds: campaigns, of which some are small, end or are cancelled; or those that it counts."""

import asyncio
import random
from collections.abc import Callable, Mapping

import msgspec

from croupier.campaigns.campaign import Campaign
from croupier.domain.parties import SeatKey
from croupier.games.game import Game

MINUTE_US = 60_000_000
LIVES_MIN = (20, 240, 3 * 1440, 3 * 1440)
PROMISED = 0.35
"""How often a session is opened with a campaign."""
BONUS = 0.6
"""How often a session is opened for free rounds that the operator counts."""


class Promotions:
    """What `runtime.world.Grants` promises. Everybody is in every campaign of his currency."""

    def __init__(
        self,
        operator_id: str,
        games: Mapping[str, Game],
        now: Callable[[], int],
        rng: random.Random,
        *,
        operator_counts: bool = False,
    ) -> None:
        self.operator_counts = operator_counts
        self.now = now
        self.rng = rng
        self.campaigns: dict[str, Campaign] = {}
        start = now()
        staked = {game_id: game for game_id, game in games.items() if game.scale}
        for currency in ("EUR", "JPY") if staked and not operator_counts else ():
            for number in range(3):
                bet = rng.choice(next(iter(staked.values())).bet_levels(currency)[:4])
                rounds = rng.randint(2, 12)
                life = rng.choice(LIVES_MIN) * MINUTE_US
                campaign = Campaign(
                    operator_id=operator_id,
                    campaign_id=f"{currency}-{number}",
                    game_ids=tuple(staked),
                    rounds=rounds,
                    bet=bet,
                    currency=currency,
                    starts_at=start,
                    ends_at=start + life,
                    max_win=rng.choice((None, bet * rng.randint(1, rounds))),
                    cancelled_at=start + int(life * rng.random()) if rng.random() < 0.25 else None,
                )
                self.campaigns[campaign.campaign_id] = campaign
        self._currencies: dict[str, str] = {}
        self._greedy: set[str] = set()
        """Players with several windows: they play the longest campaign in all of them."""

    def knows(self, player_id: str, currency: str, *, windows: int) -> None:
        self._currencies[player_id] = currency
        if windows > 1:
            self._greedy.add(player_id)

    def counted(self) -> int:
        """How many free rounds the operator has counted for a new player."""
        return self.rng.choice((0, 3, 12, 40)) if self.operator_counts else 0

    def bonus(self) -> str | None:
        """The operator's name of its own free rounds, when a session is opened for them."""
        return "bonus-1" if self.operator_counts and self.rng.random() < BONUS else None

    def promise(self, key: SeatKey) -> str | None:
        """The campaign that the casino names when this player opens this game now."""
        greedy = key.player_id in self._greedy
        mine = [c for c in self.campaigns.values() if c.currency == self._currencies[key.player_id]]
        fitting = [c for c in mine if key.game_id in c.game_ids]
        if not fitting or (not greedy and self.rng.random() >= PROMISED):
            return None
        chosen = max(fitting, key=lambda c: (c.ends_at, c.rounds)) if greedy else self.rng.choice(fitting)
        return chosen.campaign_id

    async def granted(self, operator_id: str, campaign_id: str, player_id: str) -> Campaign | None:  # noqa: ARG002 - one operator
        await asyncio.sleep(self.rng.uniform(0.0002, 0.003))
        campaign = self.campaigns.get(campaign_id)
        if campaign is None or campaign.currency != self._currencies[player_id]:
            return None
        told = campaign.cancelled_at is not None and self.now() >= campaign.cancelled_at
        return campaign if told else msgspec.structs.replace(campaign, cancelled_at=None)
