"""Goes on with every round that a dead process left unfinished, by the same path as a living one."""

import asyncio
import contextlib
import uuid

from croupier.domain.refusal import Refused
from croupier.runtime.live_seat import LiveSeat, UnreadableStream
from croupier.runtime.restored import overlooked, stop
from croupier.runtime.round_runner import RoundRunner
from croupier.store.records import Stale, Unavailable

STORE_PAUSE_S = 0.5

LATE_RECORD_US = 8_000_000
"""Longer than a statement to the store can run: by then a dead process's last record has arrived, or never will."""


async def recover(runner: RoundRunner, per_second: int = 500) -> int:
    """Resume all unfinished rounds that no living process goes on with, at most `per_second`.

    Returns how many needed something. Two survivors may do this at once: each round's `Recovered` decides.
    """
    resumed = 0
    while True:
        try:
            resumed += await _recover(runner, per_second)
            await runner.lease.look()
            if not runner.lease.deaths():
                return resumed
        except Unavailable:
            await runner.world.clock.sleep(STORE_PAUSE_S)


async def _recover(runner: RoundRunner, per_second: int) -> int:
    resumed = 0
    for seat_id in await runner.world.journal.unfinished():
        try:
            needed = await _resume(runner, seat_id)
        except (Refused, UnreadableStream, LookupError):
            continue  # this seat stops, the others go on; every later use of it says why
        resumed += needed
        if needed and resumed % per_second == 0:
            await runner.world.clock.sleep(1.0)
    return resumed


async def _resume(runner: RoundRunner, seat_id: uuid.UUID) -> bool:
    live = runner.seats.known(seat_id)
    if live is None:
        live = await runner.seats.live(seat_id)
    elif live.drive is None:
        # Memory may be older than what the dead process did, or than what arrived after it had died.
        async with live.lock:
            await runner.recorder.catch_up(live)
    if overlooked(runner, live) and await stop(runner, live, "platform") is not None:
        return False
    return runner.resume(live)


async def adopt(runner: RoundRunner, every_s: float = 0.25) -> None:
    """For as long as this process lives: go on with the rounds of those that die."""
    look_again_at: int | None = runner.world.clock.boot() + LATE_RECORD_US
    while True:
        await runner.world.clock.sleep(every_s)
        if runner.lease.deaths():
            await recover(runner)
            look_again_at = runner.world.clock.boot() + LATE_RECORD_US
        elif look_again_at is not None and runner.world.clock.boot() >= look_again_at:
            await _look_again(runner)
            look_again_at = None


async def _look_again(runner: RoundRunner) -> None:
    """What a process had on its way to the store when it died may have arrived after we had read."""
    await recover(runner)


async def end_abandoned(runner: RoundRunner) -> int:
    """Rounds whose player stayed away too long end by their game's published rule; returns how many."""
    ended = 0
    for seat_id in await runner.world.journal.unfinished():
        try:
            live = await runner.seats.live(seat_id)
            r = live.state.open_round
            waits = r is not None and r.state == "in_play" and r.pending is None and live.drive is None
            operator = runner.operators.get(live.state.seat.key.operator_id)
            if waits and r is not None and runner.world.clock.now() - r.changed_at > operator.abandon_after_ms * 1000:
                await runner.abandon(seat_id)
                ended += 1
        except (Refused, UnreadableStream, LookupError):
            continue  # as in recovery: this seat stops, the others go on
    return ended


async def tend(runner: RoundRunner, every_s: float = 0.25) -> None:
    """Background care: closing events that waited long enough, records in doubt, seats that nobody uses."""
    while True:
        await runner.world.clock.sleep(every_s)
        for live in runner.seats.due():
            await write_carry(runner, live)


async def write_carry(runner: RoundRunner, live: LiveSeat) -> None:
    """A seat's closing events alone, and on with what its stream then holds."""
    with contextlib.suppress(Unavailable):  # the store is away; what waits can wait longer
        async with live.lock:
            try:
                await runner.recorder.write_carry(live)
            except Stale:
                await runner.recorder.load(live)
        runner.resume(live)


async def tell_sums(runner: RoundRunner, every_s: float) -> None:
    """For as long as this process lives: free rounds that are over, whose sum nobody has begun to tell."""
    while True:
        await runner.world.clock.sleep(every_s)
        with contextlib.suppress(Unavailable):
            await runner.settlements.look()


def hurry(runner: RoundRunner, seat_id: uuid.UUID) -> None:
    """Another process waits for this seat's closing events, and will do so again."""
    live = runner.seats.known(seat_id)
    if live is not None:
        live.shared = True
        if live.carry:
            runner.keep(asyncio.create_task(write_carry(runner, live)))
