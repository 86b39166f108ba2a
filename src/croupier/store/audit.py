"""The audit log: a chain of entries, written with the acts that they tell of (migration 0008).

Whoever changes what only staff may change calls `add_entry` in the transaction of the change.
"""

import hashlib
from collections.abc import Iterable

import msgspec

from croupier.domain.instants import rfc3339
from croupier.store.connect import Connection, Pool

PAGE = 5000


class Actor(msgspec.Struct, frozen=True):
    """`actor`: a person's id, or where somebody did it by hand. `reason`: where one is asked for."""

    actor: str
    role: str
    reason: str = ""


PLATFORM = Actor("platform", "platform")
"""Nobody: what the demo sets up for itself."""


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


async def add_entry(  # noqa: PLR0917
    db: Connection, at: int, operator_id: str, act: str, what: str, by: Actor, **more: object
) -> None:
    """Within the caller's transaction. `what`: whom or what it was done to; `more`: before, after, other facts."""
    who = {"at": rfc3339(at), "actor": by.actor, "role": by.role, "operator": operator_id}
    entry = canonical({**who, "act": act, "object": what, "reason": by.reason, **more})
    await db.execute("SELECT add_audit($1, $2, $3, $4)", at, operator_id, what, entry)


async def audit_entries(db: Pool, operator_id: str | None = None, newest: int | None = None) -> list[AuditEntry]:
    """In their order; of one operator, or all. `newest`: only so many."""
    rows = await db.fetch(
        """SELECT * FROM (SELECT * FROM audit WHERE $1::text IS NULL OR operator_id = $1
                          ORDER BY number DESC LIMIT $2) AS found ORDER BY number""",
        *(operator_id, newest),
    )
    return [AuditEntry(*row) for row in map(tuple, rows)]


def broken_at(entries: Iterable[AuditEntry]) -> int | None:
    """Number at which the whole log is first not what was written; None when all follow from the one before."""
    chain = Chain()
    return None if all(map(chain.follows, entries)) else chain.length + 1


class Chain:
    """Takes entries from the first on. `hash`: of the last that followed; `length`: how many did."""

    def __init__(self) -> None:
        self.length = 0
        self.hash = hashlib.sha256(b"").digest()

    def follows(self, entry: AuditEntry) -> bool:
        number = self.length + 1
        expected = hashlib.sha256(self.hash + f"{number}\n{entry.entry}".encode()).digest()
        if (entry.number, entry.prev_hash, entry.hash) != (number, self.hash, expected):
            return False
        self.length, self.hash = number, expected
        return True


class AuditCheck(msgspec.Struct, frozen=True):
    """`broken_at`: the first number at which the log is not what was written; None: it is whole.

    `head`: the last entry's hash. Whoever keeps it elsewhere sees a log that was written anew as a whole.
    """

    entries: int
    head: str
    broken_at: int | None


async def check_audit(db: Pool) -> AuditCheck:
    """Reads the whole log, and compares its end with what was noted beside it."""
    chain = Chain()
    async with db.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute("SET LOCAL statement_timeout = 0")
        async for row in connection.cursor("SELECT * FROM audit ORDER BY number", prefetch=PAGE):
            if not chain.follows(AuditEntry(*tuple(row))):
                return AuditCheck(chain.length, chain.hash.hex(), chain.length + 1)
        head = await connection.fetchrow("SELECT number, hash FROM audit_head")
    whole = head is not None and tuple(head) == (chain.length, chain.hash)
    return AuditCheck(chain.length, chain.hash.hex(), None if whole else chain.length + 1)
