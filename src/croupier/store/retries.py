"""What the wallet still owes an answer to, and wishes to send it again now."""

from collections.abc import Collection, Sequence

import msgspec

from croupier.store.audit import canonical
from croupier.store.connect import Connection, Pool

RECENT = "interval '15 seconds'"
"""Longer than the pause between two looks; a wish that nobody has seen by then has lapsed."""


class Unconfirmed(msgspec.Struct, frozen=True):
    """A win, rollback or end of a round that is sent until the wallet takes it. Times in microseconds."""

    transaction_id: str
    round_id: str
    player_id: str
    kind: str
    amount: int
    currency: str
    attempts: int
    first_sent_at: int


class Total(msgspec.Struct, frozen=True):
    kind: str
    currency: str
    transactions: int
    amount: int


# By rounds that are not finished: there are few of them, however many transactions there were.
_FROM = """
FROM rounds AS r JOIN transactions AS t USING (round_id)
WHERE r.operator_id = $1 AND r.state IN ('paying', 'rolling_back') AND t.kind <> 'bet'
  AND t.state IN ('pending', 'sending') AND t.first_sent_at >= $2
"""
_COLUMNS = ", ".join(f"t.{name}" for name in Unconfirmed.__struct_fields__)


async def unconfirmed(db: Pool | Connection, operator_id: str, since: int, limit: int) -> list[Unconfirmed]:
    """First sent at `since` or later, the oldest first."""
    rows = await db.fetch(
        f"SELECT {_COLUMNS} {_FROM} ORDER BY t.first_sent_at, t.transaction_id LIMIT $3", operator_id, since, limit
    )
    return [Unconfirmed(*row) for row in map(tuple, rows)]


async def unconfirmed_totals(db: Pool | Connection, operator_id: str, since: int) -> list[Total]:
    rows = await db.fetch(
        f"""SELECT t.kind, t.currency, count(*), sum(t.amount)::bigint {_FROM}
            GROUP BY t.kind, t.currency ORDER BY t.kind, t.currency""",
        *(operator_id, since),
    )
    return [Total(*row) for row in map(tuple, rows)]


async def ask_to_retry(
    db: Connection, operator_id: str, transactions: Sequence[str], entry: dict[str, object], at: int
) -> None:
    """Within the caller's transaction, with its entry in the audit log."""
    await db.execute(
        "INSERT INTO retries (operator_id, transaction_id) SELECT $1, unnest($2::text[])",
        *(operator_id, list(transactions)),
    )
    subject = transactions[0] if len(transactions) == 1 else "unconfirmed"
    await db.execute("SELECT add_audit($1, $2, $3, $4)", at, operator_id, subject, canonical(entry))


async def asked_lately(db: Pool, seen: Collection[int]) -> dict[int, str]:
    """Number -> transaction, of what was asked for in the last seconds and is not among `seen`."""
    rows = await db.fetch(f"SELECT number, transaction_id FROM retries WHERE asked_at > now() - {RECENT}")
    return {row["number"]: row["transaction_id"] for row in rows if row["number"] not in seen}


async def forget_retries(db: Pool) -> None:
    await db.execute("DELETE FROM retries WHERE asked_at < now() - interval '1 hour'")
