"""The seats in this process's memory; a seat that is not here is loaded from the journal."""

import asyncio
import contextlib
import uuid

from croupier.runtime.live_seat import LiveSeat, Recorder
from croupier.runtime.world import World
from croupier.store.records import Stale, Unavailable

IDLE_US = 5 * 60 * 1_000_000
CARRY_US = 1_000_000


class Seats:
    def __init__(self, world: World, recorder: Recorder) -> None:
        self.world = world
        self.recorder = recorder
        self._live: dict[int, LiveSeat] = {}
        """By the number of their id: a UUID computes its hash in Python, at every look."""
        self._loading: dict[uuid.UUID, asyncio.Future[LiveSeat]] = {}

    def __len__(self) -> int:
        return len(self._live)

    async def live(self, seat_id: uuid.UUID) -> LiveSeat:
        """LookupError when there is no such seat, Unavailable when the store is away; and as `Recorder.load`."""
        found = self._live.get(seat_id.int)
        if found is None:
            found = await self._load(seat_id)
        found.used_at = self.world.clock.now()
        return found

    async def _load(self, seat_id: uuid.UUID) -> LiveSeat:
        loading = self._loading.get(seat_id)
        if loading is not None:
            await asyncio.wait((loading,))  # who waits may be cancelled, the loading goes on
            return loading.result()
        loading = self._loading[seat_id] = asyncio.get_running_loop().create_future()
        try:
            seat = await self.world.journal.seat_by_id(seat_id)
            if seat is None:
                raise LookupError(f"no seat {seat_id}")
            live = LiveSeat(seat)
            await self.recorder.load(live)
            self._live[seat_id.int] = live
        except BaseException as error:
            loading.set_exception(error if isinstance(error, Exception) else Unavailable("loading was cancelled"))
            loading.exception()  # told to those who wait; nobody waiting is no fault
            raise
        else:
            loading.set_result(live)
            return live
        finally:
            del self._loading[seat_id]

    def known(self, seat_id: uuid.UUID) -> LiveSeat | None:
        """The seat when memory has it; this is no use of it."""
        return self._live.get(seat_id.int)

    def doubt(self) -> None:
        """Others may have written to any of our streams: what is being written to proves its place first.

        What rests is only older, as always beside other processes. It stays: somebody may have it in hand, and a seat
        that is in memory twice would be written to twice at once.
        """
        for live in self._live.values():
            if not live.idle:
                live.unsure = True

    def forget(self, live: LiveSeat) -> None:
        """Drop what memory knows: the next use reads the journal."""
        self._live.pop(live.state.seat.seat_id.int, None)

    def due(self) -> list[LiveSeat]:
        """Seats whose closing events have waited long enough, or whose last record is in doubt.

        Seats that nobody uses are forgotten by the way.
        """
        now = self.world.clock.now()
        waiting = []
        for live in list(self._live.values()):
            # A clock that was set back is no reason to wait until it has caught up.
            if live.unsure or (live.carry and not 0 <= now - live.carry_since < CARRY_US):
                if not live.lock.locked():
                    waiting.append(live)
            elif now - live.used_at > IDLE_US and live.idle:
                self.forget(live)
        return waiting

    async def write_waiting(self, seat_id: uuid.UUID) -> None:
        """This seat's closing events, for somebody who is about to read its stream."""
        live = self._live.get(seat_id.int)
        if live is not None and live.carry:
            async with live.lock:
                await self.recorder.write_carry(live)

    async def write_all(self) -> None:
        """At shutdown: every closing event that still waits. What cannot be written now, the next start works out."""
        for live in list(self._live.values()):
            async with live.lock:
                with contextlib.suppress(Stale, Unavailable):
                    await self.recorder.write_carry(live)
