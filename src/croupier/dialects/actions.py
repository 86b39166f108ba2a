"""What an operator can ask of the platform, whichever API it speaks: values that a facade yields.

Every action belongs to the operator that asks; none names another. Each answers what its type says, or raises `Refused`
with a code of the catalogue and has changed nothing. Amounts are minor units, times microseconds.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from croupier.campaigns.campaign import Campaign, Standing
from croupier.domain.parties import Limits, Player
from croupier.games.game import Game
from croupier.rounds.round import Round
from croupier.wallet.outcome import Introduced

NO_LIMITS = Limits()

R = TypeVar("R")
Steps = Generator["Action[Any]", Any, R]
"""A course of action: yields actions, is sent their results, returns `R`."""


class Action(Generic[R]):
    """`R` is what it answers."""


def ask(action: Action[R]) -> Steps[R]:
    """The result with its type."""
    result: R = yield action
    return result


# Results


class Group(msgspec.Struct, frozen=True):
    """Players that share a currency. The currency is fixed at creation; `settings` is the operator's own text."""

    group_id: str
    currency: str
    settings: str | None = None


class Launched(msgspec.Struct, frozen=True):
    session_id: str
    launch_url: str
    expires_at: int


class SessionFound(msgspec.Struct, frozen=True):
    session_id: str
    player_id: str
    game_id: str
    demo: bool
    currency: str
    language: str
    opened_at: int
    ended_at: int | None
    end_reason: str | None
    operator_token: str | None = None
    campaign_id: str | None = None
    bonus_id: str | None = None


class PlayerProgress(msgspec.Struct, frozen=True):
    player_id: str
    standing: Standing
    left: int


class CampaignFound(msgspec.Struct, frozen=True):
    campaign: Campaign
    progress: tuple[PlayerProgress, ...]


class Granted(msgspec.Struct, frozen=True):
    """A campaign, and how far this one of its players is; None: it has no players."""

    campaign: Campaign
    progress: PlayerProgress | None


class History(msgspec.Struct, frozen=True):
    """`url`: the page that the token opens."""

    token: str
    url: str


class RoundFound(msgspec.Struct, frozen=True):
    """`replay_url`: shows the round once more, for an hour."""

    player_id: str
    game_id: str
    round: Round
    replay_url: str


class FinishedRound(msgspec.Struct, frozen=True):
    """`bet` and `win`: the wallet's money, so the bet of a free round is 0."""

    round_id: str
    player_id: str
    game_id: str
    bet: int
    win: int
    currency: str
    opened_at: int
    closed_at: int
    campaign_id: str | None


class Finished(msgspec.Struct, frozen=True):
    """All that ended before `until`, where the next question begins."""

    rounds: tuple[FinishedRound, ...]
    until: int


class TransactionFound(msgspec.Struct, frozen=True):
    """`kind`: bet, win, rollback or end_round. `state`: as rounds have it. `reference`: the bet, of a win or rollback.
    `at`: when it was sent first. `campaign_id`: of a free round.
    """

    transaction_id: str
    round_id: str
    player_id: str
    game_id: str
    kind: str
    state: str
    amount: int
    currency: str
    reference: str | None
    at: int
    campaign_id: str | None


# Games


@dataclass(frozen=True, slots=True)
class ListGames(Action[tuple[Game, ...]]):
    """All games by id, always in the same order."""


@dataclass(frozen=True, slots=True)
class FindGame(Action[Game]):
    """Refused ``unknown_game``."""

    game_id: str


# Players


@dataclass(frozen=True, slots=True)
class PutGroup(Action[Group]):
    """Creates or updates. Refused ``currency_is_fixed``, ``unknown_currency``."""

    group_id: str
    currency: str
    settings: str | None = None


@dataclass(frozen=True, slots=True)
class FindGroup(Action[Group | None]):
    group_id: str


@dataclass(frozen=True, slots=True)
class PutPlayer(Action[Player]):
    """Creates or updates; what is None keeps its value. Refused ``currency_is_fixed``, ``unknown_currency``."""

    player_id: str
    currency: str
    nickname: str | None = None
    country: str | None = None
    language: str | None = None
    group_id: str | None = None


@dataclass(frozen=True, slots=True)
class FindPlayer(Action[Player | None]):
    player_id: str


# Sessions


@dataclass(frozen=True, slots=True)
class OpenSession(Action[Launched]):
    """Asks the wallet for the balance first. Refused ``wallet_unreachable``, ``wallet_refused`` and others.

    `ask_balance`: False where the API promises that the wallet is not called before this call was answered.
    `player`: becomes known, or is updated, with the session; else `player_id` must be known already.
    `operator_token`: text that comes back in every wallet call. `bonus_id`: free rounds that the operator counts.
    `resume`: go on with the open session of this player and game, if there is one. `only_one`: the player's sessions
    in other games end. `plain_id`: an id of lower-case letters and digits only, as in a host name.
    """

    player_id: str
    game_id: str
    player: PutPlayer | None = None
    language: str | None = None
    device: str | None = None
    return_url: str | None = None
    deposit_url: str | None = None
    ip: str | None = None
    jurisdiction: str | None = None
    operator_token: str | None = None
    limits: Limits = NO_LIMITS
    campaign_id: str | None = None
    bonus_id: str | None = None
    resume: bool = False
    only_one: bool = False
    plain_id: bool = False
    ask_balance: bool = True


@dataclass(frozen=True, slots=True)
class Introduce(Action[Introduced]):
    """Asks the wallet whose token this is; the player is not created. Refused ``wallet_unreachable``,
    ``wallet_refused``.
    """

    token: str
    game_id: str


@dataclass(frozen=True, slots=True)
class OpenDemo(Action[Launched]):
    """Play money; no wallet is called."""

    game_id: str
    currency: str
    language: str | None = None
    start_balance: int | None = None
    return_url: str | None = None
    plain_id: bool = False


@dataclass(frozen=True, slots=True)
class EndSession(Action[None]):
    """Blocks new bets only. Refused ``not_found``."""

    session_id: str


@dataclass(frozen=True, slots=True)
class FindSession(Action[SessionFound | None]):
    session_id: str


@dataclass(frozen=True, slots=True)
class ListSessions(Action[tuple[SessionFound, ...]]):
    """Newest first, at most 1000. `open`: True those that are open, False those that have ended."""

    opened_from: int | None = None
    opened_to: int | None = None
    ended_from: int | None = None
    ended_to: int | None = None
    open: bool | None = None
    player_ids: tuple[str, ...] | None = None
    group_ids: tuple[str, ...] | None = None


# Free rounds


@dataclass(frozen=True, slots=True)
class PutCampaign(Action[Campaign]):
    """Creates or changes a campaign that Croupier counts; see ``PUT /campaigns/{id}``.

    `notes`: what the operator's API wants to hear again of it. `summed`: what its one player wins is told to the
    operator's wallet in one sum, for APIs that want it so.
    """

    campaign_id: str
    game_ids: tuple[str, ...]
    rounds: int
    bet: int
    currency: str
    starts_at: int
    ends_at: int
    max_win: int | None = None
    notes: str | None = None
    summed: bool = False


@dataclass(frozen=True, slots=True)
class Gift:
    """A campaign, to be written or known under this id, and the players who get its free rounds."""

    campaign: PutCampaign | str
    players: tuple[PutPlayer, ...]


@dataclass(frozen=True, slots=True)
class GiveFreeRounds(Action[None]):
    """All of these gifts or none: campaigns and players become known, and who has free rounds keeps what is left."""

    gifts: tuple[Gift, ...]


@dataclass(frozen=True, slots=True)
class GrantFreeRounds(Action[None]):
    """Gives players the campaign's free rounds; who has them keeps what is left."""

    campaign_id: str
    player_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CancelCampaign(Action[None]):
    """Refused ``not_found``. What is open is played to its end."""

    campaign_id: str


@dataclass(frozen=True, slots=True)
class ReadCampaign(Action[CampaignFound | None]):
    """With the progress of its players, at most 1000; `player_id`: of this one only."""

    campaign_id: str
    player_id: str | None = None


@dataclass(frozen=True, slots=True)
class ListGrants(Action[tuple[Granted, ...]]):
    """Newest first, at most 1000: one line for each player of a campaign, and one for a campaign without players.

    `player_id`: of this player. `running`: only of campaigns that are running now.
    """

    player_id: str | None = None
    running: bool = False


@dataclass(frozen=True, slots=True)
class PutBonus(Action[None]):
    """Declares free rounds that the operator's own system counts; what we keep of them is the id."""

    bonus_id: str


@dataclass(frozen=True, slots=True)
class FindBonus(Action[bool]):
    """Whether it was declared."""

    bonus_id: str


# Rounds


@dataclass(frozen=True, slots=True)
class FindRound(Action[RoundFound | None]):
    """By its id, or by that of one of its transactions."""

    round_id: str | None = None
    transaction_id: str | None = None


@dataclass(frozen=True, slots=True)
class ListFinished(Action[Finished]):
    """Rounds that were played to their end at `since` or later, in that order; at most `limit`, and of one day."""

    since: int
    limit: int


@dataclass(frozen=True, slots=True)
class ListTransactions(Action[tuple[TransactionFound, ...]]):
    """Newest first. `before`: time and id of the last one before this page. `from_at` is inclusive, `to_at` is not."""

    limit: int
    before: tuple[int, str] | None = None
    player_id: str | None = None
    round_id: str | None = None
    from_at: int | None = None
    to_at: int | None = None


@dataclass(frozen=True, slots=True)
class HistoryToken(Action[History]):
    """Opens the rounds of one session for people to see. Refused ``not_found``."""

    session_id: str
    life_s: int
