"""Settings that an operator's own people change, each with an entry in the audit log."""

from typing import Any

import msgspec

from croupier.store.audit import Actor, add_entry
from croupier.store.connect import Connection


async def change_own(db: Connection, operator_id: str, wanted: dict[str, Any], by: Actor, now: int) -> None:
    """Within the caller's transaction. Other settings stay as they are; what is so already is not told again."""
    stored = await db.fetchval("SELECT settings FROM operators WHERE operator_id = $1 FOR UPDATE", operator_id)
    known = msgspec.json.decode(stored)
    before = {name: known.get(name) for name in wanted}
    if before == wanted:
        return
    await db.execute(
        "UPDATE operators SET settings = settings || $2::jsonb WHERE operator_id = $1",
        *(operator_id, msgspec.json.encode(wanted).decode()),
    )
    await add_entry(db, now, operator_id, "change_operator", operator_id, by, before=before, after=wanted)
