"""Goes on with every round that a dead process left unfinished, by the same path as a living one."""

from croupier.domain.refusal import Refused
from croupier.runtime.live_seat import GapInStream, LiveSeat
from croupier.runtime.round_runner import RoundRunner
from croupier.store.records import Stale, Unavailable

STORE_PAUSE_S = 0.5

LATE_RECORD_US = 8_000_000
"""Longer than a statement to the store can run: by then a dead process's last record has arrived, or never will."""

ABANDONED_US = 24 * 3_600 * 1_000_000
"""A round that waits for its player is ended after a day."""


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


async def end_abandoned(runner: RoundRunner) -> int:
    """Rounds whose player stayed away too long end by their game's published rule; returns how many."""
    ended = 0
    for seat_id in await runner.world.journal.unfinished():
        try:
            live = await runner.seats.live(seat_id)
            r = live.state.open_round
            waits = r is not None and r.state == "in_play" and r.pending is None and live.drive is None
            if waits and r is not None and runner.world.clock.now() - r.changed_at > ABANDONED_US:
                await runner.abandon(seat_id)
                ended += 1
        except (Refused, GapInStream, LookupError):
            continue  # as in recovery: this seat stops, the others go on
    return ended


async def tend(runner: RoundRunner, every_s: float = 0.25) -> None:
    """Background care: closing events that waited long enough, records in doubt, seats that nobody uses."""
    look_again_at: int | None = runner.world.clock.now() + LATE_RECORD_US
    while True:
        await runner.world.clock.sleep(every_s)
        try:
            if look_again_at is not None and runner.world.clock.now() >= look_again_at:
                await _look_again(runner)
                look_again_at = None
            for live in runner.seats.due():
                await _write_carry(runner, live)
        except Unavailable:
            continue  # the store is away; what waits can wait longer


async def _look_again(runner: RoundRunner) -> None:
    """What the process before us had on its way to the store when it died may have arrived after `recover` had read."""
    for seat_id in await runner.world.journal.unfinished():
        try:
            live = await runner.seats.live(seat_id)
            async with live.lock:
                if await runner.world.journal.read(seat_id, live.seq + 1, 1):
                    await runner.recorder.load(live)
            runner.resume(live)
        except (Refused, GapInStream, LookupError):
            continue


async def _write_carry(runner: RoundRunner, live: LiveSeat) -> None:
    async with live.lock:
        try:
            await runner.recorder.write_carry(live)
        except Stale:
            await runner.recorder.load(live)
    runner.resume(live)
