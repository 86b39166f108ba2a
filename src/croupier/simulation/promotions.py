"""The operator's free rounds: campaigns, of which some are small, end or are cancelled; or those that it counts.

Where its API hears of free rounds in one sum, players have issues of their own as well.
"""

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping

import msgspec

from croupier.campaigns.campaign import Campaign
from croupier.campaigns.claims import RETURN
from croupier.domain.parties import SeatKey
from croupier.games.game import Game
from croupier.rounds.events import BetRequested, FreeRoundsEnded
from croupier.store import formats
from croupier.store.records import Record

MINUTE_US = 60_000_000
LIVES_MIN = (20, 240, 3 * 1440, 3 * 1440)
ISSUES = 3
"""Of each player, where the operator hears of free rounds in one sum."""
ISSUES_LIVE_MIN = (3, 20, 240, 3 * 1440)
PROMISED = 0.35
"""How often a session is opened with a campaign."""
BONUS = 0.6
"""How often a session is opened for free rounds that the operator counts."""


class Promotions:
    """What `runtime.world.Grants` promises. Everybody is in every campaign of his currency, and has his own issues."""

    def __init__(
        self,
        operator_id: str,
        games: Mapping[str, Game],
        now: Callable[[], int],
        rng: random.Random,
        *,
        operator_counts: bool = False,
        sums: bool = False,
    ) -> None:
        self.operator_id = operator_id
        self.operator_counts = operator_counts
        self.sums = sums
        self.now = now
        self.rng = rng
        self.campaigns: dict[str, Campaign] = {}
        self.issues: dict[str, str] = {}
        """Campaign -> the player whom the operator has issued it to."""
        self.used: dict[str, int] = {}
        self.told: set[str] = set()
        """Of the issues, as records became durable."""
        self._staked = {game_id: game for game_id, game in games.items() if game.scale}
        # A free hand that can be doubled is more than the product gives; its sums are told of what it does give.
        self._free = {game_id: game for game_id, game in games.items() if game.free_rounds}
        for currency in ("EUR", "JPY") if self._staked and not operator_counts else ():
            for number in range(3):
                self._campaign(f"{currency}-{number}", currency)
        self._currencies: dict[str, str] = {}
        self._greedy: set[str] = set()
        """Players with several windows: they play the longest campaign in all of them."""

    def _campaign(self, campaign_id: str, currency: str, *, summed: bool = False) -> None:
        rng, start, games = self.rng, self.now(), self._free if summed else self._staked
        bet = rng.choice(next(iter(games.values())).bet_levels(currency)[:4])
        rounds = rng.randint(2, 12)
        life = rng.choice(ISSUES_LIVE_MIN if summed else LIVES_MIN) * MINUTE_US
        self.campaigns[campaign_id] = Campaign(
            operator_id=self.operator_id,
            campaign_id=campaign_id,
            game_ids=tuple(games),
            rounds=rounds,
            bet=bet,
            currency=currency,
            starts_at=start,
            ends_at=start + life,
            max_win=rng.choice((None, bet * rng.randint(1, rounds))),
            cancelled_at=start + int(life * rng.random()) if rng.random() < 0.25 else None,
            summed=summed,
        )

    def knows(self, player_id: str, currency: str, *, windows: int) -> None:
        self._currencies[player_id] = currency
        for number in range(ISSUES if self.sums and self._free else 0):
            name = f"issue-{number}-of-{player_id}"
            self._campaign(name, currency, summed=True)
            self.issues[name] = player_id
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
        mine = [c for c in self.campaigns.values() if self._has(key.player_id, c)]
        fitting = [c for c in mine if key.game_id in c.game_ids]
        if not fitting or (not greedy and self.rng.random() >= PROMISED):
            return None
        chosen = max(fitting, key=lambda c: (c.ends_at, c.rounds)) if greedy else self.rng.choice(fitting)
        return chosen.campaign_id

    def _has(self, player_id: str, campaign: Campaign) -> bool:
        if campaign.summed:
            return self.issues[campaign.campaign_id] == player_id
        return campaign.currency == self._currencies[player_id]

    def landed(self, record: Record) -> None:
        """As a projection, a record became durable: what is said of issues is never newer than the journal."""
        if not record.claims:
            return
        for event in formats.decode(record.format, record.payload):
            if isinstance(event, BetRequested | FreeRoundsEnded) and event.free_round is not None:
                free = event.free_round
                self.used[free.campaign_id] = free.number - free.returned
                if free.ended:
                    self.told.add(free.campaign_id)
        for claim in record.claims:
            if claim.kind == RETURN:
                self.used[claim.key.split("/")[1]] -= 1

    def made_anew(self, landed: Iterable[Record]) -> None:
        """From a journal that has lost its end."""
        self.used.clear()
        self.told.clear()
        for record in landed:
            self.landed(record)

    def ended_now(self) -> list[str]:
        """Issues whose sum the operator should be told of, and nobody has begun."""
        now = self.now()
        used = [(self.campaigns[name], self.used.get(name, 0)) for name in self.issues if name not in self.told]
        return [c.campaign_id for c, n in used if n and (n >= c.rounds or self._over(c, now))]

    def _over(self, c: Campaign, now: int) -> bool:
        return now >= c.ends_at or (c.cancelled_at is not None and now >= c.cancelled_at)

    async def ended(self, now: int) -> list[tuple[str, str, str]]:  # noqa: ARG002 - the operator's own clock
        await asyncio.sleep(self.rng.uniform(0.0002, 0.003))
        return [(self.operator_id, name, self.issues[name]) for name in self.ended_now()]

    async def granted(self, operator_id: str, campaign_id: str, player_id: str) -> Campaign | None:  # noqa: ARG002 - one operator
        await asyncio.sleep(self.rng.uniform(0.0002, 0.003))
        campaign = self.campaigns.get(campaign_id)
        if campaign is None or not self._has(player_id, campaign):
            return None
        told = campaign.cancelled_at is not None and self.now() >= campaign.cancelled_at
        return campaign if told else msgspec.structs.replace(campaign, cancelled_at=None)
