"""Goes on with every round that a dead process left unfinished, by the same path as a living one."""

from croupier.domain.refusal import Refused
from croupier.runtime.live_seat import GapInStream, LiveSeat
from croupier.runtime.round_runner import RoundRunner
from croupier.store.records import Stale, Unavailable

STORE_PAUSE_S = 0.5


async def recover(runner: RoundRunner, per_second: int = 500) -> int:
    """Resume all unfinished rounds, at most `per_second`; returns how many needed something."""
    while True:
        try:
            return await _recover(runner, per_second)
        except Unavailable:
            await runner.world.clock.sleep(STORE_PAUSE_S)


async def _recover(runner: RoundRunner, per_second: int) -> int:
    resumed = 0
    for seat_id in await runner.world.journal.unfinished():
        try:
            resumed += runner.resume(await runner.seats.live(seat_id))
        except (Refused, GapInStream, LookupError):
            continue  # this seat stops, the others go on; every later use of it says why
        if resumed and resumed % per_second == 0:
            await runner.world.clock.sleep(1.0)
    return resumed


async def tend(runner: RoundRunner, every_s: float = 0.25) -> None:
    """Background care: closing events that waited long enough, and seats that nobody uses."""
    while True:
        await runner.world.clock.sleep(every_s)
        for live in runner.seats.due():
            try:
                await _write_carry(runner, live)
            except Unavailable:
                break  # the store is away; what waits can wait longer


async def _write_carry(runner: RoundRunner, live: LiveSeat) -> None:
    async with live.lock:
        try:
            await runner.recorder.write_carry(live)
        except Stale:
            await runner.recorder.load(live)
    runner.resume(live)
