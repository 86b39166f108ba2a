"""Moves that several rules share. Each returns a new round; none decides."""

from msgspec.structs import replace

from croupier.domain.ids import end_round_id, rollback_id
from croupier.rounds.commands import Command, SendCall
from croupier.rounds.round import Round, RoundState, Transaction


class NotAllowed(Exception):
    """The event makes no sense in this state: a bug in the caller. Nothing was changed."""

    def __init__(self, state: str, event: object) -> None:
        super().__init__(f"{type(event).__name__} in state {state}")


def exchanged(r: Round, t: Transaction, at: int) -> Round:
    """The round with this transaction in place of its former value."""
    others = tuple([t if o.transaction_id == t.transaction_id else o for o in r.transactions])
    return replace(r, transactions=others, changed_at=at)


def close(r: Round, at: int, state: RoundState = "closed") -> Round:
    return replace(r, state=state, pending=None, offers=(), closed_at=at, changed_at=at)


def settled(r: Round, at: int) -> tuple[Round, tuple[Command, ...]]:
    """Q-11, Q-14: no money is owed any more. Some APIs want to hear of the end; others are done."""
    if not r.terms.end_round or (r.terms.closing_win and r.transactions[-1].kind == "win"):
        return close(r, at), ()
    opening = r.transactions[0]
    end = Transaction(
        transaction_id=end_round_id(opening.transaction_id),
        kind="end_round",
        amount=0,
        session_id=opening.session_id,
        reference=opening.transaction_id,
        first_sent_at=at,
        last_sent_at=at,
    )
    r = replace(r, state="paying", transactions=(*r.transactions, end), changed_at=at)
    return r, (SendCall(end.transaction_id),)


def suspended(r: Round, at: int, cause: str) -> Round:
    return replace(r, state="suspended", cause=cause, changed_at=at)


def rollback_of(bet: Transaction, session_id: str, at: int) -> Transaction:
    return Transaction(
        transaction_id=rollback_id(bet.transaction_id),
        kind="rollback",
        amount=bet.amount,
        session_id=session_id,
        reference=bet.transaction_id,
        first_sent_at=at,
        last_sent_at=at,
    )


def giving_back(r: Round, bet: Transaction, session_id: str, at: int) -> tuple[Round, Transaction]:
    """The round with the bet's rollback to be sent: the one that people had struck out, or the first one.

    Never two of one id. It stands at the end, where the last one of a round tells the wallet that the round is over.
    """
    made = rollback_of(bet, session_id, at)
    before = r.transaction(made.transaction_id)
    if before is not None:
        # As old as its first sending: an operator that has forgotten it is not asked again (T-17).
        made = replace(before, state="pending", effect="unsure", why=None)
    others = tuple([t for t in r.transactions if t is not before])
    return replace(r, transactions=(*others, made)), made


def without_local_bet(r: Round, at: int) -> Round:
    """A free round's bet that the wallet never heard of is simply reversed: there is nothing to tell it."""
    bet = r.transactions[0]
    if r.free_round is None or not r.free_round.local or bet.state != "accepted":
        return r
    return exchanged(r, replace(bet, state="reversed"), at)


def roll_back(r: Round, at: int, cause: str) -> tuple[Round, tuple[Command, ...]]:
    """Undo every bet the wallet holds. Nothing was held: the round is cancelled at once."""
    opening = r.transactions[0].session_id
    r = without_local_bet(r, at)
    bets = [t for t in r.transactions if t.kind == "bet" and t.state == "accepted"]
    if not bets:
        return close(replace(r, cause=cause), at, "cancelled"), ()
    sent = []
    for bet in bets:
        r, rollback = giving_back(r, bet, opening, at)
        sent.append(SendCall(rollback.transaction_id))
    r = replace(r, state="rolling_back", pending=None, offers=(), cause=cause, changed_at=at)
    return r, tuple(sent)
