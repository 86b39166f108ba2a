"""A seat: one player at one game in one mode. Its stream of events is folded here; the round inside by `step`."""

import msgspec
from msgspec.structs import replace

from croupier.domain.parties import Seat, SeatKey, Session
from croupier.rounds.commands import Command
from croupier.rounds.events import (
    BetRequested,
    Event,
    FreeRoundsEnded,
    GamePlayed,
    PlayerReturned,
    Recovered,
    RepairOpened,
    SeatCarried,
    SeatClosed,
    SessionEnded,
    SessionOpened,
    StillPending,
    TooOld,
    WalletAnswered,
)
from croupier.rounds.lifecycle import step
from croupier.rounds.repairs import Repair, again, repair_step, repairing
from croupier.rounds.round import Round, Transaction
from croupier.rounds.transitions import NotAllowed
from croupier.wallet.calls import Bet, Context, EndRound, Rollback, WalletCall, Win


class SeatState(msgspec.Struct, frozen=True, gc=False):
    """All that is known of a seat after some event. `round` is the open one, else the last one seen."""

    seat: Seat
    session: Session | None = None
    session_ended: str | None = None
    round: Round | None = None
    rounds: int = 0
    last_round_id: str | None = None
    repairs: tuple[Repair, ...] = ()
    """Of bets of earlier rounds; ended ones stay until the next round opens."""
    moved_to: str | None = None
    """The seat that has taken this one's place."""

    @property
    def open_round(self) -> Round | None:
        return self.round if self.round is not None and not self.round.finished else None


def apply(s: SeatState, event: Event) -> tuple[SeatState, tuple[Command, ...]]:
    """The seat after the event, and what to do once the event is durable. Raises as `step` does."""
    if isinstance(event, _OFTEN) and s.round is not None and not s.repairs:
        return _with_round(s, *step(s.round, event))
    if isinstance(event, BetRequested):
        return _opened(s, event)
    match event:
        case FreeRoundsEnded():
            return _opened(s, event)
        case SessionOpened() if s.moved_to is not None:
            raise NotAllowed("closed seat", event)
        case SessionOpened(_, session):
            return replace(s, session=session, session_ended=None), ()
        case SessionEnded(_, session_id, reason):
            current = s.session is not None and s.session.session_id == session_id
            return (replace(s, session_ended=s.session_ended or reason) if current else s), ()
        case SeatCarried():
            return replace(
                s,
                session=event.session,
                session_ended=event.session_ended,
                rounds=event.rounds,
                last_round_id=event.last_round_id,
                repairs=tuple(repairing(one) for one in event.repairs),
            ), ()
        case RepairOpened():
            repair = repairing(event)
            return replace(s, repairs=(*s.repairs, repair)), (repair.send,)
        case WalletAnswered() | StillPending() | TooOld() if (known := repair_of(s, event.transaction_id)) is not None:
            repair, follows = repair_step(known, event)
            return replace(s, repairs=tuple(repair if one is known else one for one in s.repairs)), follows
        case SeatClosed(_, moved_to):
            return replace(s, session=None, moved_to=moved_to), ()
        case PlayerReturned() | Recovered():
            return s, ()
        case _:
            return _with_round(s, *step(s.round or Round(), event))


def _opened(s: SeatState, event: BetRequested | FreeRoundsEnded) -> tuple[SeatState, tuple[Command, ...]]:
    before = Round(session=s.session) if s.open_round is None else s.open_round
    after, commands = step(before, event)
    return replace(s, round=after, rounds=s.rounds + 1, last_round_id=event.round_id), commands


_OFTEN = (WalletAnswered, GamePlayed)
"""Half of all events, and of the round alone: they need no look at the list below."""


def _with_round(s: SeatState, after: Round, commands: tuple[Command, ...]) -> tuple[SeatState, tuple[Command, ...]]:
    return (s if after is s.round else replace(s, round=after)), commands


def repair_of(s: SeatState, transaction_id: str) -> Repair | None:
    """The repair that this rollback belongs to."""
    return next((one for one in s.repairs if one.rollback.transaction_id == transaction_id), None)


def carried(s: SeatState) -> SeatCarried:
    """What the record that opens the next round says of the stream before it."""
    owed = tuple(again(one) for one in s.repairs if not one.ended)
    return SeatCarried(s.session, s.session_ended, s.rounds, s.last_round_id, owed)


def context_of(key: SeatKey, session: Session, session_id: str) -> Context:
    """Whom a wallet call of this session is about; `session_id` is the one that the call names."""
    return Context(
        *(key.player_id, session_id, key.game_id, session.currency, session.operator_token, session.bonus_id)
    )


def call_of(s: SeatState, t: Transaction) -> WalletCall:
    """The wallet call of a transaction. Wins and rollbacks name the session that opened the round."""
    r = s.round
    assert r is not None, "a transaction has a round"
    assert r.session is not None, "a round has a session"
    opening = r.session
    session = s.session if s.session is not None and s.session.session_id == t.session_id else opening
    key = s.seat.key
    context = context_of(key, session, t.session_id)
    campaign_id, left = (None, None) if r.free_round is None else (r.free_round.campaign_id, r.free_round.left)
    match t.kind:
        case "bet":
            first = t.transaction_id == r.transactions[0].transaction_id
            free = campaign_id if first else None
            # Only a plain round: the operator would take one of its free rounds for a bonus buy as well.
            charge = first and free is None and session.bonus_id is not None and r.mode == "base"
            left = left if free is not None else None
            return Bet(
                *(context, t.transaction_id, r.round_id, t.amount, t.expires_at, free, charge, left, t.first_sent_at)
            )
        case "win":
            return Win(
                *(context, t.transaction_id, r.round_id, t.amount, t.reference or ""),
                campaign_id=campaign_id,
                free_rounds_left=left,
                made_at=t.first_sent_at,
                free_rounds_ended=r.free_round.ended if r.free_round is not None else "",
            )
        case "rollback":
            # Undoing a later bet alone leaves the round in play; of several rollbacks the last one ends it.
            ends = t is r.transactions[-1] and not (r.cause == "unknown_bet" and r.steps)
            names = t.transaction_id, r.round_id, t.reference or ""
            return Rollback(context, *names, t.amount, ends, t.first_sent_at)
        case "end_round":
            return EndRound(context, t.transaction_id, r.round_id, t.first_sent_at)
