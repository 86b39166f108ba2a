"""Postings of a round: what each transition moved, as pairs of accounts.

Accounts: ``wallet:<operator>/<player>``, ``round:<round_id>``, ``house:<operator>``, ``promo:<operator>``. Amounts are
minor units, above 0. The bet of a free round is paid from ``promo``, and what such a round keeps goes back there: what
free rounds cost an operator is what its ``promo`` account has given.
"""

from collections.abc import Iterable

import msgspec

from croupier.domain.parties import SeatKey
from croupier.rounds.repairs import Repair
from croupier.rounds.round import Round, Transaction


class Posting(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """`amount` moves from `source` to `destination`, so an entry of postings always sums to zero."""

    source: str
    destination: str
    amount: int
    cause: str


def wallet(key: SeatKey) -> str:
    return f"wallet:{key.operator_id}/{key.player_id}"


def house(key: SeatKey) -> str:
    return f"house:{key.operator_id}"


def promo(key: SeatKey) -> str:
    return f"promo:{key.operator_id}"


def account_of(r: Round) -> str:
    return f"round:{r.round_id}"


def postings_between(key: SeatKey, before: Round, after: Round) -> tuple[Posting, ...]:
    """What one transition of a round moved. `before` may be a new round that has no transactions yet."""
    entry: list[Posting] = []
    for transaction in after.transactions:
        earlier = before.transaction(transaction.transaction_id)
        entry.extend(_moved(key, after, earlier, transaction))
    if after.state == "closed" and before.state != "closed":
        entry.extend(_rest(key, after))
    return tuple(entry)


def repair_postings(key: SeatKey, before: Repair | None, after: Repair) -> tuple[Posting, ...]:
    """The bet that the wallet had held all the time, and its return: neither was posted before, unless `noted`."""
    came_back = after.bet.state == "reversed" and (before is None or before.bet.state != "reversed")
    if not came_back or after.noted or not after.bet.amount:
        return ()
    account, amount = f"round:{after.round_id}", after.bet.amount
    return (
        Posting(wallet(key), account, amount, "bet"),
        Posting(account, wallet(key), amount, "rollback"),
    )


def balance_of(account: str, postings: Iterable[Posting]) -> int:
    """What the account received less what it gave."""
    return sum(p.amount * ((p.destination == account) - (p.source == account)) for p in postings)


def _moved(key: SeatKey, r: Round, earlier: Transaction | None, t: Transaction) -> list[Posting]:
    if t.state not in ("accepted", "reversed"):
        return []
    was = earlier.state if earlier is not None else "pending"
    learnt = t.effect == "moved" and earlier is not None and earlier.effect != "moved"
    amount, payer, causes = t.amount, wallet(key), ("bet", "rollback")
    if r.free_round is not None and t is r.free_bet:
        amount, payer, causes = r.free_round.bet, promo(key), ("free_bet", "free_bet_return")
    if not amount or (t.state == was and not learnt):
        return []
    taken = Posting(payer, account_of(r), amount, causes[0])
    given_back = Posting(account_of(r), payer, amount, causes[1])
    match t.kind, t.state:
        case "bet", "accepted":
            return [taken]
        case "bet", "reversed" if was == "accepted":
            return [given_back]
        case "bet", "reversed" if t.effect == "moved" and _given_back(r, t):
            # Told late that the wallet had held it: both movements happened, and neither was posted before.
            return [taken, given_back]
        case "win", "accepted":
            return [Posting(account_of(r), wallet(key), t.amount, "win")]
        case _:
            return []


def _given_back(r: Round, bet: Transaction) -> bool:
    """The wallet has confirmed the rollback; where it only knew no such bet, nothing has come back yet (T-14)."""
    rollbacks = (t for t in r.transactions if t.kind == "rollback" and t.reference == bet.transaction_id)
    return any(t.effect == "moved" for t in rollbacks)


def _rest(key: SeatKey, r: Round) -> list[Posting]:
    """What the round keeps is the house's; what it paid beyond the stake is the house's loss."""
    free = r.free_round
    given = free.bet if free is not None and r.free_bet is not None and r.free_bet.state == "accepted" else 0
    rest = r.staked + given - r.paid
    other = house(key) if free is None else promo(key)
    if rest > 0:
        return [Posting(account_of(r), other, rest, "close")]
    return [Posting(other, account_of(r), -rest, "close")] if rest else []
