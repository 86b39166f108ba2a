"""The projector: a process of its own that follows the journal and keeps lists and statistics up to date."""

import asyncio
import contextlib
import logging
import time

from croupier.store.partitions import renew_partitions
from croupier.store.projection_tables import AnotherDatabase, Projections
from croupier.store.reads import WAIT_S

PAUSE_S = 0.04
BUSY, BUSY_PAUSE_S = 20, 0.6
"""After so many records the next look comes later: most rounds that open meanwhile also close, and are written once, as
are the counters of a player's day.
"""
WANTED_PAUSE_S = 0.1
"""Unless somebody waits for it (`store/wake.py`), which lists do for 0.3 s."""
IDLE_PAUSE_S = 0.1
HEARTBEAT_S = 1.0
PARTITIONS_S = 86_400.0
BACK_OFF_S = (0.2, 5.0)

log = logging.getLogger(__name__)


async def run(dsn: str, stop: asyncio.Event) -> None:
    """Until `stop`. Waits while another projector works; starts again after any error, from the stored position."""
    pause = BACK_OFF_S[0]
    while not stop.is_set():
        try:
            projections = await Projections.open(dsn)
            if projections is not None:
                pause = BACK_OFF_S[0]
                try:
                    await _follow(dsn, projections, stop)
                finally:
                    await projections.close()
        except AnotherDatabase as error:
            log.error("%s", error)  # noqa: TRY400 - no trace: people must act, and the next look may find it done
        except Exception:
            log.exception("the projector starts again")
        await _wait(stop, pause)
        pause = min(BACK_OFF_S[1], pause * 2)


async def _follow(dsn: str, projections: Projections, stop: asyncio.Event) -> None:
    said = idle = 0.0
    partitions_due = time.monotonic() + PARTITIONS_S  # the start made them
    while not stop.is_set():
        began, now = time.monotonic(), time.time_ns() // 1000
        if began >= partitions_due:
            await renew_partitions(dsn, now)
            partitions_due = began + PARTITIONS_S
        taken = await projections.follow(now)
        if taken:
            said, idle = began, 0.0
        else:
            idle += 1
            if began - said > HEARTBEAT_S:
                await projections.idle(now)
                said = began
        if taken > BUSY and not projections.more:
            await _rest(projections, stop)
        else:
            await _wait(stop, PAUSE_S if idle < 20 else IDLE_PAUSE_S)


async def _rest(projections: Projections, stop: asyncio.Event) -> None:
    """The long pause, unless somebody waits."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not stop.is_set():
        await _wait(stop, WANTED_PAUSE_S)
        now = loop.time()
        if now - began >= BUSY_PAUSE_S or now - projections.wanted_at < WAIT_S:
            break


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
