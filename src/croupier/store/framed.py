"""From which pages an operator's games were framed: the last that may, the last that may not. Nothing of players."""

import msgspec

from croupier.store.connect import Connection, Pool


class Framed(msgspec.Struct, frozen=True):
    """`at`: when a browser asked for the game to show it in a page of `origin`."""

    origin: str
    at: int


async def note_framed(db: Pool, operator_id: str, framed: Framed, *, allowed: bool) -> None:
    await db.execute(
        """INSERT INTO operator_frames AS f (operator_id, allowed, origin, at)
           SELECT operator_id, $2, $3, $4 FROM operators WHERE operator_id = $1
           ON CONFLICT (operator_id, allowed) DO UPDATE SET origin = $3, at = $4 WHERE f.at < $4""",
        *(operator_id, allowed, framed.origin, framed.at),
    )


async def framed_of(db: Pool | Connection, operator_id: str) -> dict[bool, Framed]:
    """Allowed or not, as it was then -> the last."""
    rows = await db.fetch("SELECT allowed, origin, at FROM operator_frames WHERE operator_id = $1", operator_id)
    return {row["allowed"]: Framed(row["origin"], row["at"]) for row in rows}
