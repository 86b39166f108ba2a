"""Entries of the ledger: what one record of the journal moved in one round. Append-only, each sums to zero."""

from collections.abc import Iterable

import msgspec

from croupier.ledger.postings import Posting


class Entry(msgspec.Struct, frozen=True, gc=False):
    """`bet`, `win` and `rollback`: what the wallet gave, got and got back, minor units from 0 up.

    `wallet`, `round_account`, `house`, `promo`: what the accounts received less what they gave; together they are zero.
    """

    round_id: str
    at: int
    currency: str
    bet: int
    win: int
    rollback: int
    wallet: int
    round_account: int
    house: int
    promo: int = 0


def entry_of(round_id: str, at: int, currency: str, postings: Iterable[Posting]) -> Entry | None:
    """None when nothing moved. KeyError for an account or a cause that the ledger does not have."""
    causes = {"bet": 0, "win": 0, "rollback": 0, "close": 0, "free_bet": 0, "free_bet_return": 0}
    accounts = {"wallet": 0, "round": 0, "house": 0, "promo": 0}
    moved = False
    for posting in postings:
        moved = True
        causes[posting.cause] += posting.amount
        accounts[posting.source.partition(":")[0]] -= posting.amount
        accounts[posting.destination.partition(":")[0]] += posting.amount
    if not moved:
        return None
    return Entry(
        round_id,
        at,
        currency,
        causes["bet"],
        causes["win"],
        causes["rollback"],
        accounts["wallet"],
        accounts["round"],
        accounts["house"],
        accounts["promo"],
    )
