"""Repairs: a bet of a finished round that the operator holds and we do not count goes back to the player.

The round keeps its finished state. Its rollback is sent again with its own id; a new id is used only where there was
none, or when the operator repeats its old "not found".
"""

from typing import TypeGuard

import msgspec
from msgspec.structs import replace

from croupier.domain.ids import rollback_id, second_rollback_id
from croupier.domain.parties import Session
from croupier.domain.refusal import Refused
from croupier.rounds.commands import Command, SendCall
from croupier.rounds.events import Event, RepairOpened, StillPending, TooOld, WalletAnswered
from croupier.rounds.round import Round, Transaction
from croupier.wallet.outcome import Accepted, Conflict, Declined
from croupier.wallet.retry import not_found_is_final

RepairEvent = WalletAnswered | StillPending | TooOld


class Repair(msgspec.Struct, frozen=True):
    """`bet` and `rollback` as they are now; the other fields as in `RepairOpened`."""

    repair_id: str
    round_id: str
    session: Session
    bet: Transaction
    rollback: Transaction
    sent_before: bool
    noted: bool
    max_life_ms: int

    @property
    def ended(self) -> bool:
        """Done, or for people."""
        return self.rollback.state not in ("pending", "sending")

    @property
    def send(self) -> SendCall:
        return SendCall(self.rollback.transaction_id)


def repair_for(r: Round, bet_id: str, repair_id: str, at: int) -> RepairOpened:
    """What is to be recorded. Refused ``nothing_to_repair`` when rules do not allow it: then people decide."""
    bet = r.transaction(bet_id)
    if bet is None or bet.kind != "bet" or not r.finished or r.session is None:
        raise _refused(r, "Only a bet of a finished round is repaired.")
    if bet.state not in ("declined", "reversed", "unknown"):
        raise _refused(r, f"We hold this bet as {bet.state}.")
    before = next((t for t in r.transactions if t.kind == "rollback" and t.reference == bet_id), None)
    if before is not None and before.state == "accepted" and before.effect == "moved":
        raise _refused(r, "The wallet has confirmed the rollback of this bet.")
    return RepairOpened(
        at=at,
        repair_id=repair_id,
        round_id=r.round_id,
        session=r.session,
        bet_id=bet_id,
        amount=bet.amount,
        bet_sent_at=bet.last_sent_at,
        rollback_id=before.transaction_id if before is not None else rollback_id(bet_id),
        # How old a *sent* id is decides whether the operator may have forgotten it; an operator that keeps its
        # promise remembers the bet as long.
        first_sent_at=before.first_sent_at if before is not None else at,
        sent_before=before is not None,
        noted=False,
        max_life_ms=r.terms.max_life_ms,
    )


def _refused(r: Round, detail: str) -> Refused:
    return Refused("nothing_to_repair", detail, round_id=r.round_id)


def repairing(e: RepairOpened) -> Repair:
    opening = e.session.session_id
    bet = Transaction(e.bet_id, "bet", e.amount, opening, "unknown", "moved" if e.noted else "unsure")
    bet = replace(bet, first_sent_at=e.bet_sent_at, last_sent_at=e.bet_sent_at)
    rollback = Transaction(e.rollback_id, "rollback", e.amount, opening, reference=e.bet_id)
    rollback = replace(rollback, first_sent_at=e.first_sent_at, last_sent_at=e.at)
    return Repair(e.repair_id, e.round_id, e.session, bet, rollback, e.sent_before, e.noted, e.max_life_ms)


def again(repair: Repair) -> RepairOpened:
    """The event that leads to a repair that is under way."""
    return RepairOpened(
        at=repair.rollback.last_sent_at,
        repair_id=repair.repair_id,
        round_id=repair.round_id,
        session=repair.session,
        bet_id=repair.bet.transaction_id,
        amount=repair.bet.amount,
        bet_sent_at=repair.bet.last_sent_at,
        rollback_id=repair.rollback.transaction_id,
        first_sent_at=repair.rollback.first_sent_at,
        sent_before=repair.sent_before,
        noted=repair.noted,
        max_life_ms=repair.max_life_ms,
    )


def changed_by(before: Repair | None, after: Repair) -> tuple[Transaction, ...]:
    """The transactions that this step changed, for whoever keeps a list of them."""
    given_up = before is not None and before.rollback.transaction_id != after.rollback.transaction_id
    old = (replace(before.rollback, state="accepted", effect="none"),) if before is not None and given_up else ()
    return (*old, after.rollback, after.bet)


def is_about(event: Event, repair: Repair) -> TypeGuard[RepairEvent]:
    return isinstance(event, RepairEvent) and event.transaction_id == repair.rollback.transaction_id


def repair_step(repair: Repair, e: RepairEvent) -> tuple[Repair, tuple[Command, ...]]:
    """The repair after the event, and what to do once the event is durable."""
    if repair.ended:
        return repair, ()
    match e:
        case StillPending():
            attempts = max(repair.rollback.attempts, e.attempts)
            return replace(repair, rollback=replace(repair.rollback, attempts=attempts, why=e.why)), ()
        case TooOld():
            return _given_up(repair, "too_old"), ()
        case WalletAnswered():
            return _answered(repair, e)


def _answered(repair: Repair, e: WalletAnswered) -> tuple[Repair, tuple[Command, ...]]:
    before = repair.rollback
    sent = max(before.last_sent_at, e.sent_at)
    t = replace(before, attempts=max(before.attempts, e.attempt), last_sent_at=sent)
    match e.outcome:
        case Accepted(_, reference):
            t = replace(t, state="accepted", effect="moved", operator_reference=reference)
            return replace(repair, rollback=t, bet=replace(repair.bet, state="reversed", effect="moved")), ()
        case Conflict(why):
            return _given_up(repair, why), ()
        case Declined("not_found") if repair.sent_before:
            # Its statement shows the bet: this is the answer from before the bet had arrived.
            fresh = Transaction(
                second_rollback_id(repair.bet.transaction_id),
                "rollback",
                t.amount,
                t.session_id,
                reference=t.reference,
                first_sent_at=e.at,
                last_sent_at=e.at,
            )
            repair = replace(repair, rollback=fresh, sent_before=False)
            return repair, (repair.send,)
        case Declined("not_found") if not_found_is_final(repair.bet.last_sent_at, e.sent_at, repair.max_life_ms):
            # Its statement shows a bet that its wallet does not know.
            return _given_up(repair, "not_found"), ()
        case Declined("not_found"):
            not_before = repair.bet.last_sent_at + repair.max_life_ms * 1000 + 1
            return repair, (SendCall(t.transaction_id, not_before=not_before, again=True),)
        case _:
            return repair, (SendCall(t.transaction_id, again=True),)


def _given_up(repair: Repair, why: str) -> Repair:
    return replace(repair, rollback=replace(repair.rollback, state="conflict", why=why))
