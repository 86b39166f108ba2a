"""Answers that nothing waits for any more: recorded, counted, and sometimes they leave something to do."""

from typing import Literal

from croupier.rounds.events import WalletAnswered
from croupier.rounds.round import Round
from croupier.wallet.outcome import Accepted, Conflict

Item = Literal["roll_back", "compare"]
"""`roll_back`: the wallet holds a bet that we do not count. `compare`: people look at both sides, nothing is sent."""


def is_late(r: Round, e: WalletAnswered) -> bool:
    """Whether the round has gone on without this answer (T-10, T-14, Q-24)."""
    t = r.transaction(e.transaction_id)
    return t is not None and (r.finished or r.state == "suspended" or t.state not in ("pending", "sending"))


def item_of(r: Round, e: WalletAnswered) -> Item | None:
    """What a late answer leaves to do. A statement would tell it as well, a day later."""
    match e.outcome:
        case Conflict() if r.finished:
            return "compare"
        case Accepted(operator_reference=named) if named and is_booked_as_another(r, e.transaction_id, named):
            return "compare"
        case Accepted() if believed_not_found(r, e.transaction_id):
            return "roll_back"
    return None


def believed_not_found(r: Round, bet_id: str) -> bool:
    """Whether this bet counts as reversed only because the wallet knew no such bet (T-09): nothing has come back."""
    return any(
        t.kind == "rollback" and t.reference == bet_id and (t.state, t.effect) == ("accepted", "none")
        for t in r.transactions
    )


def is_booked_as_another(r: Round, transaction_id: str, named: str) -> bool:
    """Whether the wallet has named another transaction of its own for this id before: it may have booked it twice."""
    t = r.transaction(transaction_id)
    return t is not None and bool(t.operator_reference) and t.operator_reference != named
