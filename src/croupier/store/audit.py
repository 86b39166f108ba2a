"""The audit log: a chain of entries, written with the acts that they tell of (migration 0008).

Whoever changes what only staff may change calls `add_entry` in the transaction of the change.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

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


class Read(msgspec.Struct, frozen=True):
    """One entry for those who read. The e-mails: of the persons who are named, as long as they have an account."""

    number: int
    at: int
    email: str | None
    object_email: str | None
    hash: bytes
    told: dict[str, Any]


class Seen(msgspec.Struct, frozen=True):
    """Which entries a reader may see: of these acts, and his own."""

    actor: str
    acts: tuple[str, ...] = ()


async def read_audit(  # noqa: PLR0917
    db: Pool,
    operator_id: str,
    limit: int,
    before: int | None,
    from_at: int | None,
    to_at: int | None,
    seen: Seen | None,
) -> list[Read]:
    """Of one operator, the newest first; `before`: a number. `seen` None: all of them.

    Entries are canonical JSON, in which a quote within a text is escaped: the looked-for members cannot be written by
    whoever chose a reason.
    """
    wanted = None if seen is None else [_member("actor", seen.actor), *(_member("act", act) for act in seen.acts)]
    rows = await db.fetch(
        """SELECT number, at, entry, hash FROM audit
           WHERE operator_id = $1 AND ($2::bigint IS NULL OR number < $2)
             AND ($3::bigint IS NULL OR at >= $3) AND ($4::bigint IS NULL OR at < $4)
             AND ($5::text[] IS NULL OR EXISTS (SELECT FROM unnest($5) AS member WHERE position(member in entry) > 0))
           ORDER BY number DESC LIMIT $6""",
        *(operator_id, before, from_at, to_at, wanted, limit),
    )
    told = [msgspec.json.decode(row["entry"], type=dict[str, Any]) for row in rows]
    named = [str(one.get(member)) for one in told for member in ("actor", "object")]
    people = await db.fetch("SELECT user_id, email FROM users WHERE user_id = ANY($1)", named)
    emails = {row["user_id"]: row["email"] for row in people}
    return [
        Read(row["number"], row["at"], emails.get(one.get("actor")), emails.get(one.get("object")), row["hash"], one)
        for row, one in zip(rows, told, strict=True)
    ]


def _member(name: str, value: str) -> str:
    return canonical({name: value})[1:-1]


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
