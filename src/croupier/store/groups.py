"""Groups of players and the free rounds that operators count themselves: plain rows that some APIs need."""

import msgspec

from croupier.store.connect import Connection, Pool


class PlayerGroup(msgspec.Struct, frozen=True):
    """`currency` is the first one for ever; `settings` is the operator's own text."""

    group_id: str
    currency: str
    settings: str | None = None


async def put_group(db: Connection, operator_id: str, group: PlayerGroup, at: int) -> PlayerGroup:
    """Creates or updates; answers what is stored, whose currency may be another one: then nothing was changed."""
    row = await db.fetchrow(
        """INSERT INTO player_groups AS g VALUES ($1, $2, $3, $4, $5, $5)
           ON CONFLICT (operator_id, group_id) DO UPDATE SET
               settings = CASE WHEN g.currency = $3 THEN coalesce($4, g.settings) ELSE g.settings END,
               updated_at = CASE WHEN g.currency = $3 THEN $5 ELSE g.updated_at END
           RETURNING group_id, currency, settings""",
        *(operator_id, group.group_id, group.currency, group.settings, at),
    )
    assert row is not None
    return PlayerGroup(*row)


async def get_group(db: Connection | Pool, operator_id: str, group_id: str) -> PlayerGroup | None:
    row = await db.fetchrow(
        "SELECT group_id, currency, settings FROM player_groups WHERE operator_id = $1 AND group_id = $2",
        *(operator_id, group_id),
    )
    return PlayerGroup(*row) if row is not None else None


async def put_bonus(db: Pool, operator_id: str, bonus_id: str, at: int) -> None:
    await db.execute(
        "INSERT INTO operator_bonuses VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", operator_id, bonus_id, at
    )


async def has_bonus(db: Pool, operator_id: str, bonus_id: str) -> bool:
    return bool(
        await db.fetchval(
            "SELECT EXISTS (SELECT FROM operator_bonuses WHERE operator_id = $1 AND bonus_id = $2)",
            *(operator_id, bonus_id),
        )
    )


async def first_time(db: Pool, key: bytes, until: int) -> bool:
    """False when this call was made before; whichever worker took it. `key`: 32 bytes, `until`: microseconds."""
    return bool(
        await db.fetchval(
            "INSERT INTO calls_made_once VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true", key, until
        )
    )


async def forget_calls(db: Pool, at: int) -> None:
    """Those that nobody can repeat any more, because their time is over."""
    await db.execute("DELETE FROM calls_made_once WHERE until < $1", at)
