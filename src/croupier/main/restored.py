"""`croupier store restored`: what has to happen between a restore from a backup and the next start of the platform."""

import time

import msgspec

from croupier.dialects import DIALECTS
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.games.catalogue import GAMES
from croupier.main.database import database, vault
from croupier.main.settings import Settings
from croupier.rounds.events import SuspendedByStaff
from croupier.runtime.clock import SystemClock
from croupier.runtime.entropy import SystemIds, SystemRng
from croupier.runtime.play_money import NothingKept
from croupier.runtime.round_runner import RoundRunner
from croupier.runtime.world import World
from croupier.store.audit import Actor
from croupier.store.connect import connect
from croupier.store.journal import PostgresJournal
from croupier.store.rebuild import rebuild
from croupier.store.registry import Registry
from croupier.store.restore import Begun, begin, finish

OWED = ("paying", "rolling_back")
"""Decided before the backup: the same call with the same id is sent again, and the wallet has perhaps had it."""


class Restored(msgspec.Struct, frozen=True):
    """`suspended`: rounds that were open at the backup and wait for two people; `records`: of the whole journal."""

    begun: Begun
    records: int
    suspended: tuple[str, ...]


class Known:
    """Operators as they were when the command began."""

    def __init__(self, operators: dict[str, Operator]) -> None:
        self._operators = operators

    def get(self, operator_id: str) -> Operator:
        return self._operators[operator_id]


class NothingSent:
    """The network of a command that only writes down."""

    async def send(
        self,
        request: HttpRequest,
        *,
        private: bool,  # noqa: ARG002 - as Network says
        operator_id: str = "",  # noqa: ARG002
        owed: bool = False,  # noqa: ARG002
    ) -> HttpResponse | NoAnswer:
        raise AssertionError(f"nothing is sent here: {request.url}")


async def restored(settings: Settings, by: Actor) -> Restored:
    """InUse while a platform runs on this database. Interrupted, it is begun anew; no server starts before its end."""
    async with database(settings) as dsn:
        connection = await connect(dsn, "restore")
        try:
            begun = await begin(connection, time.time_ns() // 1000, by)
            records = await rebuild(dsn)
            suspended = await _stop_open_rounds(settings, dsn, by)
            await finish(connection)
        finally:
            await connection.close()
    return Restored(begun, records, suspended)


async def _stop_open_rounds(settings: Settings, dsn: str, by: Actor) -> tuple[str, ...]:
    """Those whose player or bet we wait for: the lost time may have ended them in any way."""
    clock, ids = SystemClock(), SystemIds()
    journal = PostgresJournal(dsn, now=clock.now, random=ids.random, pool_size=2)
    await journal.open()
    stopped = []
    try:
        operators = (await Registry(journal.pool, vault(settings)).settings()).operators
        world = World(clock, SystemRng(), ids, NothingSent(), journal, NothingKept())
        runner = RoundRunner(world, Known(operators), GAMES, DIALECTS)
        for seat_id in await journal.unfinished():
            r = (await runner.seats.live(seat_id)).state.open_round
            if r is None or r.state in (*OWED, "suspended"):
                continue
            stop = SuspendedByStaff(clock.now(), by.actor, "restored from a backup", r.round_id)
            await runner.system_event(seat_id, stop)
            stopped.append(r.round_id)
    finally:
        await journal.close()
    return tuple(stopped)
