"""What can happen to a seat and its round. Past tense; these are what the journal keeps.

Times are microseconds since 1970. Amounts are minor units of the session's currency. `choice`, `state` and `reveals`
are JSON bytes: the machine carries them and never looks inside. New fields go to the end, with a default: old
records lack them.
"""

import msgspec

from croupier.domain.parties import Session
from croupier.wallet.outcome import Outcome


class Terms(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What the operator's settings were when the round began; it is settled by them, whatever changes later.

    `end_round`: its API wants to hear of the end of a round in a call of its own, except, with `closing_win`, after a
    win, which has told it.
    """

    bet_attempts: int = 1
    deadline_ms: int = 10_000
    max_life_ms: int = 660_000
    declines_trusted: bool = True
    zero_win: bool = False
    end_round: bool = False
    closing_win: bool = False


class FreeRound(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One use of a player's free rounds, with what was known of the grant before it. Amounts in minor units.

    `number`: counts the uses of this player in this campaign from 1, also those that were given back. `bet`: what the
    round is worth, paid by nobody. `returned`, `won`: of the uses before. `win_max`: the most this round may win.
    `local`: taken here, because the operator's wallet knows no such bet. `operator_counts`: taken by the operator from
    free rounds of its own, which its answer to the bet has told; `campaign_id` is its id of them, numbers are 0.
    `summed`: what it wins is told together with what the others win, once they are over. `ended`: this is that telling,
    and how they ended: ``played``, ``cancelled`` or ``expired``.
    """

    campaign_id: str
    number: int
    bet: int
    total: int
    returned: int = 0
    won: int = 0
    win_max: int | None = None
    local: bool = False
    operator_counts: bool = False
    summed: bool = False
    ended: str = ""

    @property
    def left(self) -> int | None:
        """Those that follow this one; None where the operator counts."""
        return None if self.operator_counts else max(0, self.total - self.number + self.returned)


class SessionOpened(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="session_opened"):
    """The player opened the game. Ends the session before and inherits its open round."""

    at: int
    session: Session


class SessionEnded(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="session_ended"):
    """No new bets; wins, rollbacks and resume go on.

    `reason`: ``expired``, ``operator``, ``replaced`` or ``excluded``.
    """

    at: int
    session_id: str
    reason: str


class RepairOpened(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="repair_opened"):
    """Reconciliation found that the operator holds a bet which we do not count: it is rolled back.

    The bet's round is finished and may lie far back in the stream, so all that its rollback needs is here.
    `session`: the one that opened the round. `rollback_id`: the rollback that was sent before, if there was one
    (`sent_before`), first at `first_sent_at`. `noted`: our postings hold the bet and its return already.
    """

    at: int
    repair_id: str
    round_id: str
    session: Session
    bet_id: str
    amount: int
    bet_sent_at: int
    rollback_id: str
    first_sent_at: int
    sent_before: bool
    noted: bool
    max_life_ms: int


class SeatCarried(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="seat_carried"):
    """What a reader who starts at this record needs of the stream before it. `repairs`: those that are not ended."""

    session: Session | None
    session_ended: str | None
    rounds: int
    last_round_id: str | None
    repairs: tuple[RepairOpened, ...] = ()


class BetRequested(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="bet_requested"):
    """The opening bet: `stake` as the player chose it, `amount` that the wallet is asked for, `unit` one game unit.

    The bet of a free round asks the wallet for nothing.
    """

    at: int
    round_id: str
    request_id: str
    session_id: str
    transaction_id: str
    game_version: str
    mode: str
    choice: bytes | None
    stake: int
    unit: int
    amount: int
    expires_at: int
    terms: Terms = Terms()
    free_round: FreeRound | None = None


class FreeRoundsEnded(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="free_rounds_ended"):
    """A player's `summed` free rounds are over: all that they have won is told to the wallet as one win.

    A round without a draw: it takes the number after the last use, so that no use and no second telling can follow.
    `session`: of the last use, because the player may be gone. What is told is `free_round.won`; 0 is told as well.
    """

    at: int
    round_id: str
    session: Session
    bet_id: str
    win_id: str
    game_version: str
    free_round: FreeRound


class ActionRequested(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="action_requested"):
    """A later action of the player. `cost` 0 = free; else a bet of its own with `transaction_id`."""

    at: int
    request_id: str
    session_id: str
    action: str
    choice: bytes | None
    cost: int
    transaction_id: str | None = None
    expires_at: int = 0


class BetSent(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="bet_sent"):
    """A further attempt of a bet is about to leave. The first one is stamped by the request itself."""

    at: int
    transaction_id: str


class WalletAnswered(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="wallet_answered"):
    """`sent_at`: when the answered attempt left. `answer`: at most 2 KiB of the masked body.

    `digest`: SHA-256 of the whole body. `round_id`: only when it is not about the seat's last round, but about one
    before it; then it changes nothing. `attempt`: which sending of this process was answered, 0 where none is counted.
    """

    at: int
    transaction_id: str
    sent_at: int
    outcome: Outcome
    status: int | None = None
    answer: bytes = b""
    digest: bytes = b""
    round_id: str | None = None
    attempt: int = 0


class RetriesExhausted(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="retries_exhausted"):
    """No attempt of this bet will be made any more, and its fate is not known."""

    at: int
    transaction_id: str
    why: str


class GamePlayed(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="game_played"):
    """One action of the game was drawn and evaluated.

    `win` and the costs of `offers` in minor units; `win_id` when a win is owed.
    """

    at: int
    action: str
    draws: tuple[tuple[int, int], ...]
    finished: bool
    win: int
    win_id: str | None
    state: bytes
    reveals: bytes
    offers: tuple[tuple[str, int], ...] = ()


class StillPending(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="still_pending"):
    """An alarm: a win or rollback is not acknowledged 1 min, 15 min or 4 h after it was first sent, or was refused."""

    at: int
    transaction_id: str
    attempts: int
    why: str


class TooOld(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="too_old"):
    """The operator may soon forget this id: a repeat could move money twice, so people compare statements instead."""

    at: int
    transaction_id: str


class AbandonmentDue(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="abandonment_due"):
    """The player did not come back in time; the game's published rule ends the round."""

    at: int


class GameUnavailable(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="game_unavailable"):
    """The game cannot play: disabled, no random numbers, or an error of its own."""

    at: int
    why: str


class CheckFailed(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="check_failed"):
    """Something that must be so is not: the round stops, the process goes on."""

    at: int
    why: str


class VoidApproved(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="void_approved"):
    """`round_id`: which round they meant; the seat may be at another one by now. Empty in old records."""

    at: int
    proposed_by: str
    approved_by: str
    reason: str
    round_id: str = ""


class SuspendedByStaff(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="suspended_by_staff"):
    """`round_id`: as of `VoidApproved`; empty where the round was looked at in the same turn."""

    at: int
    by: str
    reason: str
    round_id: str = ""


class ResolvedByStaff(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="resolved_by_staff"):
    """Two people decided how a suspended round goes on.

    `to`: a state; `settled`: the true state of each transaction in doubt.
    """

    at: int
    to: str
    settled: tuple[tuple[str, str], ...]
    proposed_by: str
    approved_by: str
    reason: str


class PlayerReturned(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="player_returned"):
    at: int
    session_id: str


class Recovered(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="recovered"):
    """A writer took this place in the stream, so that a record whose fate it does not know can never appear here."""

    writer: str


class SeatClosed(msgspec.Struct, frozen=True, array_like=True, tag="seat_closed"):
    """This stream has become old: the player's next session is at another seat, and no round opens here any more."""

    at: int
    moved_to: str


RoundEvent = (
    BetRequested
    | FreeRoundsEnded
    | ActionRequested
    | BetSent
    | WalletAnswered
    | RetriesExhausted
    | GamePlayed
    | StillPending
    | TooOld
    | AbandonmentDue
    | GameUnavailable
    | CheckFailed
    | VoidApproved
    | SuspendedByStaff
    | ResolvedByStaff
)
SeatEvent = SessionOpened | SessionEnded | SeatCarried | PlayerReturned | Recovered | RepairOpened | SeatClosed
Event = RoundEvent | SeatEvent
