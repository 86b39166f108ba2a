"""What a database that was restored from a backup no longer knows, and when an operator's books were compared since.

Everything played between the backup and now exists in the operators' wallets only. So the era is raised, sessions end,
streams of before take no new round, and no operator's players bet before its statements were compared with the journal.
"""

import msgspec

from croupier.domain.parties import Operator
from croupier.store.audit import Actor, add_entry
from croupier.store.connect import Connection, Pool, connect
from croupier.store.eras import StoreState, Uncompared, missing
from croupier.store.projection_tables import ONE_AT_A_TIME
from croupier.store.rebuild import InUse


class Begun(msgspec.Struct, frozen=True):
    """`newest`: when the last record that survived was written; None where there is none."""

    era: int
    newest: int | None
    sessions: int
    operators: tuple[str, ...]


async def store_state(db: Connection | Pool) -> StoreState:
    row = await db.fetchrow("SELECT era, restored_at, restoring FROM store_state")
    assert row is not None, "the first migration makes it"
    return StoreState(**row)


async def begin(db: Connection, now: int, by: Actor) -> Begun:
    """One transaction; InUse while a platform runs on this database. Done twice it costs an era, and nothing else."""
    if not await db.fetchval("SELECT pg_try_advisory_lock($1)", ONE_AT_A_TIME):
        raise InUse("a platform is running on this database: stop it first")
    try:
        async with db.transaction():
            # Its projector may be away for a moment, while its workers take bets.
            if await db.fetchval("SELECT EXISTS (SELECT FROM workers WHERE beat_at > now() - interval '6 s')"):
                raise InUse("a worker is serving on this database: stop it first, or wait until its lease has run out")
            newest = await db.fetchval("SELECT max(at) FROM journal")
            state = (await store_state(db)).begun(now, newest)  # nobody else writes it: we hold the lock
            await db.execute(
                "UPDATE store_state SET era = $1, restored_at = $2, restoring = $3",
                *(state.era, state.restored_at, state.restoring),
            )
            ended = await db.execute(
                "UPDATE sessions SET ended_at = $1, end_reason = 'restored' WHERE ended_at IS NULL", now
            )
            # An operator that still waits from an earlier restore goes on waiting from there.
            await db.execute(
                """UPDATE operators SET settings = settings || jsonb_build_object('compare_from', $1::bigint)
                   WHERE coalesce((settings ->> 'compare_from')::bigint, 0) = 0""",
                newest or now,
            )
            await add_entry(db, now, "", "restore_store", f"era {state.era}", by, newest=newest)
            waiting = await db.fetch("SELECT operator_id FROM operators ORDER BY operator_id")
        return Begun(state.era, newest, int(ended.split()[-1]), tuple(row[0] for row in waiting))
    finally:
        await db.execute("SELECT pg_advisory_unlock($1)", ONE_AT_A_TIME)


class RestoreUnfinished(Exception):
    """Open rounds of before are not all stopped yet: a server would go on with them."""


async def must_be_whole(dsn: str) -> None:
    connection = await connect(dsn, "start")
    try:
        if (await store_state(connection)).restoring:
            raise RestoreUnfinished("a restore was begun and not ended: run `croupier store restored` again")
    finally:
        await connection.close()


async def finish(db: Connection | Pool) -> None:
    """Servers may start."""
    await db.execute("UPDATE store_state SET restoring = false")


async def uncompared(db: Pool, operator: Operator) -> list[Uncompared]:
    """What is missing before the operator's players may bet again; empty when nothing is, or never was."""
    if not operator.compare_from:
        return []
    restored_at = (await store_state(db)).restored_at
    rows = await db.fetch(
        "SELECT day, currency FROM reconciliations WHERE operator_id = $1 AND created_at > $2",
        *(operator.operator_id, restored_at),
    )
    return missing(operator, restored_at, {(row["day"], row["currency"]) for row in rows})


async def reopen(db: Connection, operator: Operator, now: int, by: Actor, left: list[Uncompared]) -> None:
    """Bets are taken again. `left`: what was not compared all the same; the audit log keeps it."""
    await db.execute(
        "UPDATE operators SET settings = settings - 'compare_from' WHERE operator_id = $1", operator.operator_id
    )
    told = [f"{one.day} {one.currency}" for one in left]
    await add_entry(db, now, operator.operator_id, "reopen_operator", operator.operator_id, by, uncompared=told)
