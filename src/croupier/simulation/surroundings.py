"""What happens around the players: outages, deployments, clocks that somebody sets, an operator that closes, staff."""

import asyncio
import contextlib
import random
import uuid
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

import msgspec

from croupier.domain.refusal import Refused
from croupier.rounds.round import Round
from croupier.runtime.round_runner import RoundRunner, StaffDecision
from croupier.simulation import staff
from croupier.simulation.process import Dropped
from croupier.simulation.restores import restored
from croupier.store.records import Unavailable

if TYPE_CHECKING:
    from croupier.simulation.world import Simulation

LOOKS_EVERY_US = 120_000_000
"""How often staff looks through the suspended rounds while others play."""


class Surroundings:
    def __init__(self, world: "Simulation") -> None:
        self.world = world
        self.mix = world.mix
        self.pace_s = world.mix.pace_s
        self._looked_at = 0

    def events(self) -> list[Coroutine[Any, Any, None]]:
        """Each goes on until it is cancelled."""
        return [
            *(self.outages(), self.store_outages(), self.clocks(), self.deployments()),
            *(self.closing_times(), self.people(), self.backups()),
            *([restored(self.world)] if self.mix.restored else []),
        ]

    def _stream(self, name: str) -> random.Random:
        return self.world.stream(name)

    async def outages(self) -> None:
        """The wallet is away for as long as this seed says, and afterwards there for about as long."""
        rng, wire = self._stream("outages"), self.world.wire
        while True:
            await asyncio.sleep(rng.uniform(1.0, 20.0) * self.pace_s)
            if rng.random() < 0.1 * self.mix.outage:
                length = min(rng.expovariate(1.0), 4.0) * self.mix.outage_s
                wire.down_until = self.world.loop.time() + length
                await asyncio.sleep(length * rng.uniform(1.2, 2.5))

    async def store_outages(self) -> None:
        rng = self._stream("store outages")
        while self.mix.store_outage:
            await asyncio.sleep(rng.uniform(1.0, 20.0) * self.pace_s)
            if rng.random() < 0.1 * self.mix.store_outage:
                self.world.disk.down_until = self.world.loop.time() + rng.uniform(0.5, 60.0)

    async def clocks(self) -> None:
        """Somebody sets the wall clock of all machines."""
        rng = self._stream("clocks")
        while self.mix.clock_steps:
            await asyncio.sleep(rng.uniform(1.0, 20.0) * self.pace_s)
            if rng.random() < 0.3:
                self.world.clock.step_us = rng.randint(-15_000_000, 15_000_000)
                self.world.faults.count("clock step")

    async def deployments(self) -> None:
        """A process is asked to stop, the next one takes its place."""
        rng = self._stream("deployments")
        while True:
            await asyncio.sleep(rng.uniform(1.0, 20.0) * self.pace_s)
            if rng.random() < 0.05:
                process = await self.world.fleet.any()
                self.world.faults.count("restart")
                with contextlib.suppress(Dropped):
                    await process.answer(process.runner.close())
                process.kill()

    async def closing_times(self) -> None:
        """Now and then the operator is switched off for a while."""
        rng, operators = self._stream("closing times"), self.world.operators
        while True:
            await asyncio.sleep(rng.uniform(2.0, 40.0) * self.pace_s)
            operator = operators.operator
            operators.operator = msgspec.structs.replace(operator, enabled=False)
            await asyncio.sleep(rng.uniform(1.0, 4.0) * self.pace_s)
            operators.operator = msgspec.structs.replace(operators.operator, enabled=True)

    async def backups(self) -> None:
        """The operator's wallet is restarted from a copy that is some minutes old: what it did since is forgotten."""
        rng, wallet = self._stream("backups"), self.world.wallet
        while self.mix.forgetful_restarts:
            wallet.back_up()
            await asyncio.sleep(rng.uniform(1.0, 10.0) * self.pace_s)
            if rng.random() < 0.2:
                wallet.restore()
                self.world.faults.count("wallet restarted without its last minutes")

    async def people(self) -> None:
        """Staff stops a round for a reason of its own, and settles what has been suspended for long enough."""
        rng, world = self._stream("staff"), self.world
        while True:
            await asyncio.sleep(rng.uniform(0.5, 10.0) * self.pace_s)
            with contextlib.suppress(Dropped, Unavailable):
                if world.now() - self._looked_at > LOOKS_EVERY_US:
                    self._looked_at = world.now()
                    await self.settle_suspended(older_than_us=900_000_000)
                seat_id = rng.choice([*world.disk.streams.by_id, None])
                r = await self._open_round(seat_id) if seat_id is not None else None
                decision = staff.whim(rng, r, world.now()) if r is not None else None
                if seat_id is not None and decision is not None:
                    if self.mix.approval_s:
                        await asyncio.sleep(rng.uniform(0.0, self.mix.approval_s))
                    await self._decide(seat_id, decision)

    async def _open_round(self, seat_id: uuid.UUID) -> Round | None:
        process = await self.world.process()
        if seat_id not in self.world.disk.streams.by_id:
            return None  # a restore has taken it
        return await process.answer(_newest(process.runner, seat_id))

    async def _decide(self, seat_id: uuid.UUID, decision: StaffDecision) -> None:
        process = await self.world.process()
        gone = seat_id not in self.world.disk.streams.by_id
        with contextlib.suppress(Refused):
            if not gone:
                await process.answer(process.runner.decided(seat_id, decision))

    async def settle_suspended(self, older_than_us: int) -> bool:
        """True when something was decided."""
        decided = False
        now = self.world.now()
        for seat_id in list(self.world.disk.streams.by_id):
            r = await self._open_round(seat_id)
            if r is not None and r.state == "suspended" and now - r.changed_at > older_than_us:
                decision = staff.verdict(r, self.world.wallet.pages, now, self.world.disk.state.restored_at)
                if decision is not None:
                    await self._decide(seat_id, decision)
                    decided = True
        return decided


async def _newest(runner: RoundRunner, seat_id: uuid.UUID) -> Round | None:
    """The open round as the journal has it, whatever this process remembers of it."""
    live = await runner.seats.live(seat_id)
    await runner.catch_up(live)
    return live.state.open_round
