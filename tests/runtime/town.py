"""A platform of several processes over one store in memory, and one wallet, in virtual time."""

import asyncio
import itertools
import os
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from croupier.dialects import DIALECTS
from croupier.domain.parties import Operator, Seat, SeatKey, Session
from croupier.games.catalogue import GAMES
from croupier.runtime.admission import Admission, Load
from croupier.runtime.entropy import Seeded, SeededIds
from croupier.runtime.lease import Lease
from croupier.runtime.play_money import DemoWallet, NothingKept
from croupier.runtime.recovery import adopt, hurry, recover, tend
from croupier.runtime.round_runner import RoundRunner
from croupier.runtime.world import World
from croupier.simulation.clock import SimulatedClock, VirtualTimeLoop
from croupier.simulation.process import Items
from croupier.store import formats
from croupier.store.leases import MemoryLeases
from croupier.store.memory import MemoryJournal, Streams
from croupier.store.records import Unavailable
from croupier.wallet.signature import secret_of


class Wallet(DemoWallet):
    """`slow`: seconds that each call takes; `calls`: what arrived, ``bet``, ``win`` or ``rollback``."""

    slow = 0.01

    async def send(self, request, *, private, **share):
        self.calls.append(request.url.rpartition("/")[2])
        await asyncio.sleep(self.slow)
        return await super().send(request, private=private)


class Leases(MemoryLeases):
    away = False

    async def beat(self, writer, applied):
        if self.away:
            raise Unavailable
        return await super().beat(writer, applied)


@dataclass
class Process:
    town: "Town"
    runner: RoundRunner
    lease: Lease
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)

    def keep(self, work: Coroutine[Any, Any, Any]) -> None:
        """A request that nobody waits for."""
        self.tasks.append(asyncio.create_task(work))

    def hears_late(self) -> None:
        """What it writes from now on is there at once, and it hears of that half a minute later."""
        journal = self.runner.world.journal
        honest = journal.commit

        async def commit(records):
            ends = await honest(records)
            await asyncio.sleep(30.0)
            return ends

        journal.commit = commit

    def dies(self) -> None:
        for task in (*self.tasks, *self.runner._tasks):
            task.cancel()


@dataclass
class Town:
    clock: SimulatedClock
    wallet: Wallet
    leases: Leases
    streams: Streams = field(default_factory=Streams)
    items: Items = field(default_factory=Items)
    numbers: Any = field(default_factory=itertools.count)
    restored_at: int = 0

    def get(self, operator_id):
        return Operator(operator_id, "native", "http://wallet.invalid", (self.wallet.secret,), ("EUR",))

    def world(self) -> World:
        ids = SeededIds(next(self.numbers))
        journal = MemoryJournal(self.streams, now=self.clock.now, random=os.urandom)
        outcomes, kept = Seeded(next(self.numbers)), NothingKept()
        rest = {"items": self.items, "restored_at": self.restored_at}
        return World(self.clock, outcomes, ids, self.wallet, journal, kept, **rest)

    def runner(self) -> RoundRunner:
        """Alone over the store, and doing nothing by itself."""
        return RoundRunner(self.world(), self, GAMES, DIALECTS)

    async def process(self) -> Process:
        world = self.world()
        lease = Lease(world, self.leases)
        admission = Admission(Load(may_bet=lambda: lease.may_bet))
        runner = RoundRunner(world, self, GAMES, DIALECTS, admission, lease=lease)
        lease.lost, lease.hurry = runner.seats.doubt, partial(hurry, runner)
        await lease.start()
        await recover(runner)
        process = Process(self, runner, lease)
        process.tasks = [asyncio.create_task(work) for work in (lease.run(), adopt(runner), tend(runner))]
        return process

    async def sits(
        self, process: Process, game: str = "krakens-hoard", player: str = "anna", operator: str = "op"
    ) -> Seat:
        key = SeatKey(operator, player, game, "real")
        if player not in self.wallet.pages.accounts:
            self.wallet.pages.accounts[player] = self.wallet.book.open_account(player, "EUR", 1_000_000)
        now = self.clock.now()
        return await process.runner.open_session(key, Session("s", "EUR", "en", now, now + 86_400_000_000))

    def writers_of(self, kind: type) -> list[str]:
        return [
            record.writer
            for stream in self.streams.by_id.values()
            for record in stream.records
            for event in formats.decode(record.format, record.payload)
            if isinstance(event, kind)
        ]


def in_virtual_time(story):
    def run():
        loop = VirtualTimeLoop()
        clock = SimulatedClock(loop)
        wallet = Wallet(clock, secret_of(bytes(32)))
        wallet.calls = []

        async def told():
            town = Town(clock, wallet, Leases(at=clock.now))
            try:
                await story(town)
            finally:
                for task in asyncio.all_tasks() - {asyncio.current_task()}:
                    task.cancel()

        try:
            loop.run_until_complete(told())
        finally:
            loop.close()

    run.__name__ = story.__name__
    return run


async def until_at_rest(process: "Process", seat: Seat) -> None:
    while (await process.runner.reading.open_round(seat.seat_id)) is not None:  # noqa: ASYNC110 - the store tells, no event
        await asyncio.sleep(0.1)


def after(start: float) -> float:
    return asyncio.get_running_loop().time() - start
