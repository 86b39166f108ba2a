"""`croupier store restored`: what has to happen between a restore from a backup and the next start of the platform."""

import time

import msgspec

from croupier.dialects import DIALECTS
from croupier.domain.parties import Operator
from croupier.games.catalogue import GAMES
from croupier.main.database import database, vault
from croupier.main.settings import Settings
from croupier.runtime.clock import SystemClock
from croupier.runtime.entropy import SystemIds
from croupier.runtime.restored import Stopped, stop_open_rounds, writing_only
from croupier.store.audit import Actor
from croupier.store.connect import connect
from croupier.store.journal import PostgresJournal
from croupier.store.rebuild import rebuild
from croupier.store.registry import Registry
from croupier.store.restore import Begun, begin, finish


class Restored(msgspec.Struct, frozen=True):
    """`stopped`: rounds that were open at the backup and wait for two people; `records`: of the whole journal."""

    begun: Begun
    records: int
    stopped: Stopped


class Known:
    """Operators as they were when the command began."""

    def __init__(self, operators: dict[str, Operator]) -> None:
        self._operators = operators

    def get(self, operator_id: str) -> Operator:
        return self._operators[operator_id]


async def restored(settings: Settings, by: Actor) -> Restored:
    """InUse while a platform runs on this database. Interrupted, it is begun anew; no server starts before its end."""
    async with database(settings) as dsn:
        connection = await connect(dsn, "restore")
        try:
            begun = await begin(connection, time.time_ns() // 1000, by)
            records = await rebuild(dsn)
            stopped = await _stop_open_rounds(settings, dsn, by)
            await finish(connection)
        finally:
            await connection.close()
    return Restored(begun, records, stopped)


async def _stop_open_rounds(settings: Settings, dsn: str, by: Actor) -> Stopped:
    """Those whose player or bet we wait for: the lost time may have ended them in any way."""
    clock, ids = SystemClock(), SystemIds()
    journal = PostgresJournal(dsn, now=clock.now, random=ids.random, pool_size=2)
    await journal.open()
    try:
        operators = (await Registry(journal.pool, vault(settings)).settings()).operators
        runner = writing_only(clock, ids, journal, operators=Known(operators), games=GAMES, dialects=DIALECTS)
        return await stop_open_rounds(runner, by.actor)
    finally:
        await journal.close()
