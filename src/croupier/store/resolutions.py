"""Proposals of how a suspended round goes on. One becomes final together with its correcting record."""

from typing import Any

import msgspec

from croupier.store.connect import Connection, Pool

LAPSES_US = 24 * 3600 * 1_000_000


class Resolution(msgspec.Struct, frozen=True):
    """`settled`: transaction -> its true state. `decided_at`: when the correcting record was written."""

    resolution_id: str
    operator_id: str
    round_id: str
    target: str
    settled: dict[str, str]
    evidence: str
    reason: str
    proposed_by: str
    proposed_by_email: str
    proposed_at: int
    lapses_at: int
    withdrawn_at: int | None = None
    approved_by: str | None = None
    approved_by_email: str | None = None
    decided_at: int | None = None

    def state(self, now: int) -> str:
        """``open``, ``approved``, ``withdrawn`` or ``lapsed``."""
        if self.decided_at is not None:
            return "approved"
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "open" if now < self.lapses_at else "lapsed"


_SELECT = """
SELECT r.resolution_id, r.operator_id, r.round_id, r.target, r.settled, r.evidence, r.reason, r.proposed_by,
       p.email, r.proposed_at, r.lapses_at, r.withdrawn_at, r.approved_by, a.email, r.decided_at
FROM resolutions AS r JOIN users AS p ON p.user_id = r.proposed_by LEFT JOIN users AS a ON a.user_id = r.approved_by
WHERE r.operator_id = $1
"""


async def add_resolution(db: Connection, resolution: Resolution, seat_id: object) -> None:
    await db.execute(
        """INSERT INTO resolutions (resolution_id, operator_id, round_id, seat_id, target, settled, evidence, reason,
                                    proposed_by, proposed_at, lapses_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        *(resolution.resolution_id, resolution.operator_id, resolution.round_id, seat_id, resolution.target),
        *(msgspec.json.encode(resolution.settled).decode(), resolution.evidence, resolution.reason),
        *(resolution.proposed_by, resolution.proposed_at, resolution.lapses_at),
    )


async def resolution_of(db: Pool, operator_id: str, resolution_id: str) -> Resolution | None:
    row = await db.fetchrow(f"{_SELECT} AND r.resolution_id = $2", operator_id, resolution_id)
    return _resolution(row) if row is not None else None


async def resolutions_of_round(db: Pool, operator_id: str, round_id: str) -> list[Resolution]:
    """Newest first."""
    rows = await db.fetch(
        f"{_SELECT} AND r.round_id = $2 ORDER BY r.proposed_at DESC, r.resolution_id", operator_id, round_id
    )
    return [_resolution(row) for row in rows]


async def prepare_approval(db: Pool, resolution_id: str, approved_by: str, audit_entry: str) -> bool:
    """Notes who approves and what the audit log will say; the correcting record makes it final.

    False when it was decided meanwhile, or somebody else is about to.
    """
    changed = await db.fetchval(
        """UPDATE resolutions SET approved_by = $2, audit_entry = $3
           WHERE resolution_id = $1 AND decided_at IS NULL AND withdrawn_at IS NULL
             AND (approved_by IS NULL OR approved_by = $2)
           RETURNING resolution_id""",
        *(resolution_id, approved_by, audit_entry),
    )
    return changed is not None


async def drop_resolution(db: Pool, resolution_id: str) -> None:
    """It was refused before it was proposed to anybody."""
    await db.execute("DELETE FROM resolutions WHERE resolution_id = $1 AND decided_at IS NULL", resolution_id)


async def forget_approval(db: Pool, resolution_id: str) -> None:
    """The correcting record was refused: nobody has approved anything."""
    await db.execute(
        "UPDATE resolutions SET approved_by = NULL, audit_entry = NULL WHERE resolution_id = $1 AND decided_at IS NULL",
        resolution_id,
    )


def _resolution(row: Any) -> Resolution:
    fields = list(row)
    fields[4] = msgspec.json.decode(fields[4])
    return Resolution(*fields)
