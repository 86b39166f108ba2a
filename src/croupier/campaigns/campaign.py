"""Free rounds that an operator gives to players, and where one player stands. Pure: computed from rounds.

The free rounds of one player in one campaign follow one another: the next begins when the one before has ended. So
each carries what was used, given back and won before it, and the last one alone says where the player stands.
"""

from typing import Literal

import msgspec

from croupier.domain.parties import SeatKey
from croupier.rounds.events import FreeRound
from croupier.rounds.round import Round

ROUNDS_MAX = 10_000
"""Free rounds of one player in one campaign, at most."""

Phase = Literal["scheduled", "running", "ended", "cancelled"]
State = Literal["scheduled", "active", "used_up", "ended", "cancelled"]


class Campaign(msgspec.Struct, frozen=True):
    """`rounds` free rounds for each of its players, at `bet` in any of `game_ids`.

    Amounts in minor units, times in microseconds. `max_win`: the most that all free rounds of one player win together.
    `notes`: text of the operator's API, which nobody else reads. `summed`: it has one player, whose wins are told to
    the operator's wallet in one sum.
    """

    operator_id: str
    campaign_id: str
    game_ids: tuple[str, ...]
    rounds: int
    bet: int
    currency: str
    starts_at: int
    ends_at: int
    max_win: int | None = None
    cancelled_at: int | None = None
    notes: str | None = None
    summed: bool = False

    def phase(self, now: int) -> Phase:
        """No round begins before `starts_at`, none at `ends_at` or later, none after it was cancelled."""
        if self.cancelled_at is not None:
            return "cancelled"
        if now < self.starts_at:
            return "scheduled"
        return "running" if now < self.ends_at else "ended"


class Standing(msgspec.Struct, frozen=True):
    """What a player has made of a grant. `won` in minor units; a use that was given back counts in both numbers.

    `told`: the operator is told of the sum, so nothing can be added to it any more.
    """

    used: int = 0
    returned: int = 0
    won: int = 0
    told: bool = False


def left(campaign: Campaign, standing: Standing) -> int:
    """Free rounds that remain; none when all that may be won is won."""
    if standing.told:
        return 0
    if campaign.max_win is not None and standing.won >= campaign.max_win:
        return 0
    return max(0, campaign.rounds - standing.used + standing.returned)


def state_of(campaign: Campaign, standing: Standing, now: int) -> State:
    """As a player meets it: ``active`` means that the next bet is a free one."""
    phase = campaign.phase(now)
    if phase != "running":
        return phase
    return "active" if left(campaign, standing) else "used_up"


def next_use(campaign: Campaign, standing: Standing, *, local: bool) -> FreeRound:
    """The next free round. The caller has seen that one is left. `local`: the operator's wallet knows no such bet."""
    return FreeRound(
        campaign_id=campaign.campaign_id,
        number=standing.used + 1,
        bet=campaign.bet,
        total=campaign.rounds,
        returned=standing.returned,
        won=standing.won,
        win_max=None if campaign.max_win is None else campaign.max_win - standing.won,
        local=local or campaign.summed,
        summed=campaign.summed,
    )


def ended(campaign: Campaign, standing: Standing, now: int) -> FreeRound | None:
    """The telling of the sum, when it is due: rounds were played, and none will follow. None: not yet, or told."""
    if not campaign.summed or not standing.used or standing.told:
        return None
    phase = campaign.phase(now)
    how = "played" if not left(campaign, standing) else {"cancelled": "cancelled", "ended": "expired"}.get(phase)
    if how is None:
        return None
    number = standing.used + 1
    given = campaign.campaign_id, number, 0, campaign.rounds, standing.returned, standing.won
    return FreeRound(*given, local=True, summed=True, ended=how)


def given_back(r: Round) -> bool:
    """Whether the round's free bet came to nothing: only then is its use given back."""
    return r.free_round is not None and r.transactions[0].state in ("declined", "reversed")


def standing_after(r: Round) -> Standing:
    """Where the player stands with this free round counted; final when the round is finished."""
    free = r.free_round
    assert free is not None, "only a free round says something about a grant"
    if free.ended:
        return Standing(free.number - 1, free.returned, free.won, told=True)
    back = given_back(r)
    return Standing(free.number, free.returned + back, free.won + (0 if back else r.win))


def none_left(r: Round) -> bool:
    """Whether this free round, which is finished, was the last one, or has won all that may be won."""
    free, after = r.free_round, standing_after(r)
    if free is None or after.told:
        return False
    spent = free.win_max is not None and after.won >= free.won + free.win_max
    return spent or after.used - after.returned >= free.total


def grant_key(key: SeatKey, campaign_id: str) -> str:
    """Names the grant of one player in one campaign; no id contains a slash."""
    return f"{key.operator_id}/{campaign_id}/{key.player_id}/"
