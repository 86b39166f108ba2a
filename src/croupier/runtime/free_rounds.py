"""Free rounds at the moment of a bet: whether this session's next bet is one, and which."""

from collections.abc import Mapping

import msgspec

from croupier.campaigns.campaign import (
    Campaign,
    Standing,
    State,
    ended,
    grant_key,
    left,
    next_use,
    standing_after,
    state_of,
)
from croupier.campaigns.claims import USE
from croupier.domain.ids import locate_round
from croupier.domain.parties import SeatKey, Session
from croupier.rounds.events import FreeRound
from croupier.rounds.round import Round
from croupier.runtime.live_seat import LiveSeat
from croupier.runtime.operators import Operators
from croupier.runtime.past_round import past_round
from croupier.runtime.world import World
from croupier.store.records import LastClaim
from croupier.wallet.dialect import Dialect


class Granted(msgspec.Struct, frozen=True):
    """`settled`: the last free round has ended, so that the next may begin."""

    campaign: Campaign
    standing: Standing
    settled: bool
    local: bool = False

    def state(self, now: int) -> State:
        return state_of(self.campaign, self.standing, now)

    @property
    def left(self) -> int:
        return left(self.campaign, self.standing)

    def use(self) -> FreeRound:
        return next_use(self.campaign, self.standing, local=self.local)


class Ended(msgspec.Struct, frozen=True):
    """Free rounds whose sum is due. `key`, `session`, `game_version`: of the last of them."""

    key: SeatKey
    session: Session
    game_version: str
    free_round: FreeRound


class FreeRounds:
    def __init__(self, world: World, operators: Operators, dialects: Mapping[str, Dialect]) -> None:
        self.world = world
        self.operators = operators
        self.dialects = dialects

    async def of(self, live: LiveSeat) -> Granted | None:
        """What the seat's session was promised; None without a promise. Asks the store, so only where one was made."""
        session = live.state.session
        if session is None or session.campaign_id is None:
            return None
        key = live.state.seat.key
        campaign = await self.world.grants.granted(key.operator_id, session.campaign_id, key.player_id)
        if campaign is None or key.game_id not in campaign.game_ids:
            return None
        free_bets = self.dialects[self.operators.get(key.operator_id).dialect].abilities.free_bets
        if free_bets in ("none", "absent"):
            return None
        standing, settled = await self._standing(live, campaign.campaign_id)
        return Granted(campaign, standing, settled, local=free_bets == "local")

    async def ended(self, operator_id: str, campaign_id: str, player_id: str) -> Ended | None:
        """The sum that the operator's wallet is to be told of; None when it is not due, or was told."""
        campaign = await self.world.grants.granted(operator_id, campaign_id, player_id)
        if campaign is None or not campaign.summed:
            return None
        whose = grant_key(SeatKey(operator_id, player_id, "", "real"), campaign_id)
        last = await self.world.journal.last_claim(USE, whose)
        if last is None:
            return None
        key, r = await self._use(last)
        due = ended(campaign, standing_after(r), self.world.clock.now()) if r.finished else None
        if due is None:
            return None
        assert r.session is not None, "a round has a session"
        return Ended(key, r.session, r.game_version, due)

    async def _standing(self, live: LiveSeat, campaign_id: str) -> tuple[Standing, bool]:
        """The last use says it all; it may be at another of the player's games, and in another process's memory."""
        last = await self.world.journal.last_claim(USE, grant_key(live.state.seat.key, campaign_id))
        if last is None:
            return Standing(), True
        r = live.round
        # Memory may know more of it than the journal: closing events are written later.
        if r is None or locate_round(r.round_id) != (last.seat_id, last.seq):
            _, r = await self._use(last)
        return standing_after(r), r.finished

    async def _use(self, claim: LastClaim) -> tuple[SeatKey, Round]:
        seat = await self.world.journal.seat_by_id(claim.seat_id)
        assert seat is not None, "a claim names a record of a seat"
        r = await past_round(self.world.journal, seat, claim.seq)
        assert r is not None, "a use is claimed by the record that opens its round"
        return seat.key, r
