"""A backup of the platform's store is put back in mid-world: it forgets its last while, the operator's wallet does not.

What follows is what people do then, by the product's own code: `croupier store restored`, a reconciliation of each day
and currency since the backup, and play is open again.
"""

import asyncio
import datetime as dt
import random
from typing import TYPE_CHECKING

import msgspec

from croupier.runtime.restored import stop_open_rounds, writing_only
from croupier.simulation.statements import compare_day
from croupier.simulation.store import SimulatedJournal
from croupier.store.eras import missing
from croupier.store.records import Unavailable

if TYPE_CHECKING:
    from croupier.simulation.world import Simulation

LOST = (0.01, 0.1, 0.3, 0.6)
"""Largest shares of the journal that are lost."""
AWAY_S = (5.0, 120.0, 3600.0)
"""How long nobody serves."""


class Command:
    """The life of a command: it is killed as anything is, and begun anew."""

    task: "asyncio.Task[None]"

    def passes(self, point: str) -> None:
        """It has nothing to lose that a second run would not do again."""

    def kill(self) -> None:
        self.task.cancel()

    async def runs(self) -> None:
        """It is never paused."""


async def restored(world: "Simulation") -> None:
    rng = world.stream("restore")
    at = world.goal * rng.uniform(0.3, 0.7)
    while world.disk.rounds < at:  # noqa: ASYNC110 - no polling of ours: a world that counts its own rounds
        await asyncio.sleep(5.0)
    await world.fleet.close()
    await asyncio.sleep(rng.choice(AWAY_S))
    landed = len(world.disk.landed)
    world.over.update(world.auditor.sessions)
    world.auditor.restore(landed - max(1, int(landed * rng.choice(LOST) * rng.random())))
    world.promotions.made_anew(world.disk.landed)
    world.machine.items.keep(world.auditor.lost.rounds_kept)
    world.faults.count("restored from a backup")
    await _until_done(world)
    world.fleet.open()
    await _reopened(world, rng)


async def _until_done(world: "Simulation") -> None:
    """No server starts before: interrupted, the command is run again."""
    me = asyncio.current_task()
    while True:
        command = Command()
        command.task = asyncio.create_task(_command(world, command))
        try:
            await command.task
        except Unavailable:
            await asyncio.sleep(1.0)
        except asyncio.CancelledError:
            if me is None or me.cancelling():
                raise
        else:
            return


async def _command(world: "Simulation", life: Command) -> None:
    """As `croupier store restored`."""
    machine, disk, now = world.machine, world.disk, world.clock.now()
    newest = max((record.at for record in disk.landed), default=None)
    disk.state = disk.state.begun(now, newest)
    operator = world.operators.operator
    if not operator.compare_from:
        world.operators.operator = msgspec.structs.replace(operator, compare_from=newest or now)
    journal = SimulatedJournal(disk, world.clock, machine.ids.random, life)
    runner = writing_only(
        *(world.clock, machine.ids, journal),
        operators=machine.operators,
        games=machine.games,
        dialects=machine.dialects,
    )
    stopped = await stop_open_rounds(runner, "platform")
    machine.errors.extend(f"{one.seat_id} cannot be read: {one.why}" for one in stopped.unread)
    disk.state = msgspec.structs.replace(disk.state, restoring=False)


async def _reopened(world: "Simulation", rng: random.Random) -> None:
    """Staff gets a statement after the other. Bets are tried meanwhile, and refused."""
    compared: list[tuple[dt.date, str | None]] = []
    while left := missing(world.operators.operator, world.disk.state.restored_at, compared):
        await asyncio.sleep(rng.uniform(0.5, 10.0) * world.pace_s)
        one = rng.choice(left)
        world.auditor.lost.reports.append((one, world.now(), compare_day(world.disk, world.wallet, one, world.now())))
        compared.append((one.day, one.currency))
    world.operators.operator = msgspec.structs.replace(world.operators.operator, compare_from=0)
