"""What became of the money of one transaction: one word that the round page, the exchange page and a ticket share."""

from typing import Literal, get_args

from croupier.rounds.events import Event, SessionOpened, WalletAnswered
from croupier.rounds.round import Round, Transaction
from croupier.wallet.outcome import Accepted, Declined

Became = Literal[
    "none", "asked", "taken", "not_taken", "being_returned", "returned", "being_paid", "paid", "not_paid", "unclear"
]
BECAME: tuple[Became, ...] = get_args(Became)
OPEN = ("pending", "sending")

Around = tuple[int | None, int | None]
"""The balance before and after, minor units; None where the wallet has not said it."""


def became(r: Round, t: Transaction) -> Became:
    """As far as it is known now. ``none``: it was never to move anything; ``unclear``: people decide."""
    if t.kind == "end_round" or t is r.free_bet or t.amount == 0:
        return "none"
    if t.state == "conflict" or (r.state == "suspended" and t.state in (*OPEN, "unknown")):
        return "unclear"
    match t.kind:
        case "bet":
            return _of_bet(r, t)
        case "rollback":
            bet = r.transaction(t.reference or "")
            return _of_bet(r, bet) if bet is not None else "unclear"
        case _:
            return "paid" if t.state == "accepted" else "being_paid" if t.state in OPEN else "not_paid"


def _of_bet(r: Round, bet: Transaction) -> Became:
    rollback = rollback_of(r, bet)
    if rollback is not None and rollback.state == "conflict":
        return "unclear"
    if rollback is not None and rollback.state in OPEN:
        return "unclear" if r.state == "suspended" else "being_returned"
    match bet.state:
        case "pending" | "sending":
            return "asked"
        case "accepted":
            return "taken"
        case "declined":
            return "not_taken"
        case "reversed":
            return "returned" if rollback is None or rollback.effect == "moved" else "not_taken"
        case _:
            return "unclear"


def rollback_of(r: Round, bet: Transaction) -> Transaction | None:
    """The latest that takes this bet back."""
    found = [t for t in r.transactions if t.kind == "rollback" and t.reference == bet.transaction_id]
    return found[-1] if found else None


def around(r: Round, t: Transaction, balances: dict[str, Around]) -> Around:
    """Of a bet that came back: from before the bet to after its return."""
    before, after = balances.get(t.transaction_id, (None, None))
    if t.kind == "bet" and (rollback := rollback_of(r, t)) is not None:
        return before, balances.get(rollback.transaction_id, (None, None))[1]
    return before, after


def heard(event: Event, known: int | None, balances: dict[str, Around]) -> int | None:
    """The balance as the wallet said it last. Notes in `balances` what it was around the transaction.

    Unknown where a session begins: the casino may have changed it meanwhile.
    """
    if isinstance(event, SessionOpened):
        return None
    if not isinstance(event, WalletAnswered):
        return known
    said = event.outcome.balance if isinstance(event.outcome, Accepted | Declined) else None
    before, after = balances.get(event.transaction_id, (known, None))
    if after is None:  # a repeat is answered with the balance of the day, which says nothing of the first time
        balances[event.transaction_id] = before, said
    return known if said is None else said
