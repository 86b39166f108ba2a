"""The audit log: a chain of entries, written with the acts that they tell of (migration 0008)."""

import hashlib
from collections.abc import Sequence

import msgspec

from croupier.store.connect import Pool


class AuditEntry(msgspec.Struct, frozen=True):
    """`entry`: canonical JSON. `hash` covers the entry before, this one's number and `entry`."""

    number: int
    at: int
    operator_id: str
    object: str
    entry: str
    prev_hash: bytes
    hash: bytes


def canonical(fields: dict[str, object]) -> str:
    """Keys sorted, no spaces: the same entry has the same bytes."""
    return msgspec.json.encode(fields, order="sorted").decode()


async def audit_entries(db: Pool, operator_id: str | None = None) -> list[AuditEntry]:
    """In their order; of one operator, or all."""
    rows = await db.fetch("SELECT * FROM audit WHERE $1::text IS NULL OR operator_id = $1 ORDER BY number", operator_id)
    return [AuditEntry(*row) for row in map(tuple, rows)]


def broken_at(entries: Sequence[AuditEntry]) -> int | None:
    """Number of the first entry of the whole log that does not follow from the one before; None when all do."""
    before = hashlib.sha256(b"").digest()
    for number, entry in enumerate(entries, 1):
        expected = hashlib.sha256(before + f"{number}\n{entry.entry}".encode()).digest()
        if (entry.number, entry.prev_hash, entry.hash) != (number, before, expected):
            return number
        before = expected
    return None
