"""After a restore: what is closed, and what opens it again. The whole story is in journeys/test_restore.py."""

import datetime as dt
import os
import time

import pytest

from croupier.domain.ids import uuid7_at
from croupier.domain.parties import Operator, SeatKey
from croupier.store.audit import PLATFORM, audit_entries
from croupier.store.connect import connect, open_pool
from croupier.store.journal import PostgresJournal
from croupier.store.projection_tables import Projections
from croupier.store.rebuild import InUse
from croupier.store.registry import Registry, new_secret
from croupier.store.restore import RestoreUnfinished, begin, finish, must_be_whole, reopen, store_state, uncompared
from croupier.store.vault import Vault
from store.played import Stream

DAY_US = 86_400_000_000
NOON = 20_000 * DAY_US + DAY_US // 2
"""2024-10-04 12:00 UTC"""


@pytest.fixture
async def registry(postgres_dsn):
    pool = await open_pool(postgres_dsn, "test", 2)
    found = Registry(pool, Vault(bytes(32)))
    await found.add_operator(Operator("casino", "native", "http://w", (new_secret(),), ("EUR", "JPY")), 1)
    yield found
    await pool.close()


@pytest.fixture
async def db(postgres_dsn):
    connection = await connect(postgres_dsn, "test")
    yield connection
    await connection.close()


async def compared(db, day, currency, at):
    await db.execute(
        """INSERT INTO reconciliations (reconciliation_id, operator_id, day, currency, complete, document, differences,
             automatic, created_at, created_by) VALUES ($1, 'casino', $2, $3, true, '', 0, 0, $4, 'anna')""",
        *(f"{day} {currency} {at}", day, currency, at),
    )


async def test_no_server_starts_between_its_begin_and_its_end(db, registry, postgres_dsn):
    await must_be_whole(postgres_dsn)
    begun = await begin(db, NOON, PLATFORM)
    assert (begun.era, begun.newest, begun.operators) == (2, None, ("casino",))
    with pytest.raises(RestoreUnfinished):
        await must_be_whole(postgres_dsn)
    await finish(db)
    await must_be_whole(postgres_dsn)
    assert (await store_state(db)).restored_at == NOON


async def test_a_machine_whose_clock_is_behind_still_knows_the_seats_of_before(db, registry, postgres_dsn):
    today = time.time_ns() // 1000  # there is a partition for it
    journal = PostgresJournal(postgres_dsn, now=lambda: today, random=os.urandom, pool_size=2)
    await journal.open()
    anna = Stream(await journal.seat(SeatKey("casino", "anna", "dice", "real")), at=today)
    await journal.append(anna.opened())
    await journal.close()
    begun = await begin(db, today - DAY_US, PLATFORM)
    restored_at = (await store_state(db)).restored_at
    assert begun.newest is not None
    assert uuid7_at(anna.seat.seat_id) <= begun.newest < restored_at


async def test_not_beside_a_platform(db, registry, postgres_dsn):
    projections = await Projections.open(postgres_dsn)
    try:
        with pytest.raises(InUse):
            await begin(db, NOON, PLATFORM)
    finally:
        await projections.close()
    assert (await store_state(db)).era == 1


async def test_not_beside_a_worker_whose_projector_is_away(db, registry):
    await db.execute("INSERT INTO workers (writer, place, applied_version, beats) VALUES ('w', '', 0, 1)")
    with pytest.raises(InUse):
        await begin(db, NOON, PLATFORM)
    assert (await store_state(db)).era == 1
    await db.execute("UPDATE workers SET beat_at = now() - interval '7 s'")
    assert (await begin(db, NOON, PLATFORM)).era == 2, "the lease that came back with the backup is nobody's"


async def test_every_day_and_currency_since_the_backup_is_compared_after_the_restore(db, registry):
    await begin(db, NOON - DAY_US, PLATFORM)  # the journal is empty: closed from the moment of the restore on
    await begin(db, NOON, PLATFORM)
    casino = await registry.operator("casino")
    assert casino.compare_from == NOON - DAY_US, "still from where the first restore left it"
    assert not casino.open_to_play
    third, fourth = dt.date(2024, 10, 3), dt.date(2024, 10, 4)

    def left(found):
        return [(one.day, one.currency) for one in found]

    both = [(third, "EUR"), (third, "JPY"), (fourth, "EUR"), (fourth, "JPY")]
    assert left(await uncompared(registry.pool, casino)) == both
    await compared(db, third, None, NOON - 1)
    assert left(await uncompared(registry.pool, casino)) == both, "what was compared before the restore says nothing"
    await compared(db, third, None, NOON + 1)
    await compared(db, fourth, "JPY", NOON + 2)
    missing = await uncompared(registry.pool, casino)
    assert left(missing) == [(fourth, "EUR")]

    async with db.transaction():
        await reopen(db, casino, NOON + 3, PLATFORM, missing)
    assert (await registry.operator("casino")).open_to_play
    (entry,) = [e for e in await audit_entries(registry.pool, "casino") if '"reopen_operator"' in e.entry]
    assert '"uncompared":["2024-10-04 EUR"]' in entry.entry
