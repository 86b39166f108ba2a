"""Who lives among the processes that share one store, and whether this one may still take bets.

Every process raises a counter each second. Nobody compares wall clocks: a peer is dead when its counter stood still for
five seconds of *our* boot-time clock in which our own heartbeats succeeded. A process stops betting after three seconds
without a heartbeat of its own, which is before anybody can take it for dead; after five it is somebody else. Under
whatever name, it beats before it writes. When the store is away nobody is heard, and nobody is dead of it.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Callable
from typing import Protocol

from croupier.runtime.world import World
from croupier.store.leases import Heard, Leases
from croupier.store.records import Unavailable

BEAT_S = 1.0
GOOD = 3
"""A heartbeat is good for so many of them: then no round starts and no bet is sent."""
LOST = 5
"""After so many without one others may have taken over: a new writer id, and memory is not believed."""
DEAD = 5
"""A counter that stood still for so many is a dead process's."""
CLOCKS_US = 2_000_000
"""A wall clock that differs from the store's by more takes no bets: what it stamps and signs would be wrong."""
GONE_MAX = 1_000


class Applied(Protocol):
    """The settings of this process."""

    async def apply(self, version: int, read_at: int) -> int:
        """The store's newest version, as read at this boot time. Answers the version in use from now on."""
        ...


class Ownership(Protocol):
    """What rounds need to know of the processes around."""

    @property
    def may_bet(self) -> bool:
        """Whether a round may start and a bet may leave, right now."""
        ...

    def alive(self, writer: str) -> bool:
        """Whether this other writer may still go on with what it began."""
        ...

    shared: bool
    """Others may write to the same store, or may have done so a moment ago."""

    @property
    def first(self) -> bool:
        """Whether this process does what one of all living ones has to do now and then."""
        ...

    def deaths(self) -> bool:
        """Whether another process has ended since this was asked last."""
        ...

    async def look(self) -> None:
        """Find out now about writers that we have only read of. Raises Unavailable."""
        ...

    def ask(self, writer: str, seat_id: uuid.UUID) -> None:
        """Hurry its next record of this seat along; no answer, and nothing may rely on it."""
        ...


class Alone:
    """The one process of its store: whoever wrote before it is dead."""

    may_bet = True
    shared = False
    first = True

    def deaths(self) -> bool:
        return False

    def alive(self, writer: str) -> bool:  # noqa: ARG002 - as Ownership says
        return False

    async def look(self) -> None:
        """Nobody is there."""

    def ask(self, writer: str, seat_id: uuid.UUID) -> None:
        """Nobody is there."""


class Lease:
    """This process's place among its peers. `start()`, then `run()` for as long as it lives, `close()` at the end."""

    shared = True

    def __init__(
        self, world: World, leases: Leases, place: str = "", settings: Applied | None = None, *, beat_s: float = BEAT_S
    ) -> None:
        self.world = world
        self.leases = leases
        self.place = place
        self.settings = settings
        self.beat_s = beat_s
        """The same for all that share the store."""
        beat_us = int(beat_s * 1_000_000)
        self._good_us, self._lost_us, self._dead_us = GOOD * beat_us, LOST * beat_us, DEAD * beat_us
        self.lost: Callable[[], None] = lambda: None
        """Called when the lease has run out and a new writer id was taken: what memory holds must be proved."""
        self.hurry: Callable[[uuid.UUID], None] = lambda _: None
        """Called with seats whose waiting records a peer asked for."""
        self.beat_at: int | None = None
        """Boot time at which the last good heartbeat was sent; None before the first."""
        self._named_at = world.clock.boot()
        """Boot time before the first heartbeat under the present name: nobody began to count its silence earlier."""
        self.clock_differs_us = 0
        """How far the wall clock is from the store's, beyond what the heartbeat's own duration explains."""
        self._deaths = False
        self._applied = 0
        self._peers: dict[str, tuple[int, int]] = {}
        """Writer -> its counter, and the boot time at which we first saw that number."""
        self._met: dict[str, int] = {}
        """Writers we read of that no heartbeat has shown yet -> how many we had begun by then."""
        self._begun = 0
        self._gone: dict[str, None] = {}
        self._asking: set[asyncio.Task[None]] = set()

    # What rounds ask

    @property
    def may_bet(self) -> bool:
        beat_at = self.beat_at
        return (
            beat_at is not None
            and self.world.clock.boot() - beat_at <= self._good_us
            and abs(self.clock_differs_us) <= CLOCKS_US
        )

    def alive(self, writer: str) -> bool:
        if writer == self.world.journal.writer:
            return True
        if writer in self._gone:
            return False
        if writer in self._peers:
            return True
        # A process beats before it writes: one that no heartbeat after our first reading of it shows is gone.
        self._met.setdefault(writer, self._begun)
        return True

    @property
    def peers(self) -> int:
        """How many others live."""
        return len(self._peers)

    @property
    def first(self) -> bool:
        """Whether this process does what one of all living ones has to do now and then."""
        return all(self.world.journal.writer <= writer for writer in self._peers)

    def deaths(self) -> bool:
        died, self._deaths = self._deaths, False
        return died

    async def look(self) -> None:
        """Find out now about writers that we have only read of. Raises Unavailable."""
        if self._met:
            await self._beat()

    def ask(self, writer: str, seat_id: uuid.UUID) -> None:
        task = asyncio.ensure_future(self._ask(writer, seat_id))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _ask(self, writer: str, seat_id: uuid.UUID) -> None:
        with contextlib.suppress(Unavailable):
            await self.leases.ask(writer, seat_id)

    # The heartbeat

    async def start(self) -> None:
        """Raises Unavailable. Nothing may be written before."""
        self._named_at = self.world.clock.boot()
        await self.leases.enter(self.world.journal.writer, self.place, self._hurried)
        await self.beat()

    def _hurried(self, seat_id: uuid.UUID) -> None:
        self.hurry(seat_id)

    async def run(self) -> None:
        while True:
            await self.world.clock.sleep(self.beat_s)
            # The store may be away for a while: `may_bet` ends by itself.
            with contextlib.suppress(Unavailable):
                await self.beat()

    async def close(self) -> None:
        self.beat_at = None
        with contextlib.suppress(Unavailable):
            await self.leases.leave(self.world.journal.writer)

    async def beat(self) -> None:
        """One heartbeat, and a second one when it brought new settings. Raises Unavailable."""
        heard = await self._beat()
        if self.settings is not None:
            assert self.beat_at is not None
            applied = await self.settings.apply(heard.version, self.beat_at)
            if applied != self._applied:
                self._applied = applied
                await self._beat()  # somebody waits to hear that we have applied them

    async def _beat(self) -> Heard:
        clock, journal = self.world.clock, self.world.journal
        before, began = clock.now(), clock.boot()
        if self._silent_us(began) > self._lost_us:
            self._begin_anew(began)
        self._begun = number = self._begun + 1
        writer = journal.writer
        heard = await self.leases.beat(writer, self._applied)
        after, ended = clock.now(), clock.boot()
        if journal.writer != writer or self._silent_us(ended) > self._lost_us:
            # It came too late for its name: somebody may have counted five silent seconds before.
            return await self._beat()
        journal.heard()
        # Between `before` and `after` the store read its clock: it is off by at least what lies outside of the two.
        self.clock_differs_us = min(0, heard.at - before) + max(0, heard.at - after)
        self._watch(heard.beats, began, ended)
        for writer in [w for w, met in self._met.items() if met < number and w not in heard.beats]:
            self._bury(writer)
        self.beat_at = began
        return heard

    def _silent_us(self, at: int) -> int:
        """For how long a peer can have seen our counter stand still, at the most."""
        return at - (self._named_at if self.beat_at is None else self.beat_at)

    def _begin_anew(self, at: int) -> None:
        """Others may go on with our rounds by now. What our old name still has on its way loses, or is found.

        Nothing is written under the new name before a heartbeat has shown it: whoever reads of a writer that no
        heartbeat shows takes it for dead, for ever.
        """
        self._bury(self.world.journal.writer)
        self.world.journal.renew()
        self.beat_at, self._named_at = None, at
        self.lost()

    def _watch(self, beats: dict[str, int], began: int, ended: int) -> None:
        """`beats` were read at some time between `began` and `ended`."""
        heard_all_along = self.beat_at is not None and began - self.beat_at <= self._good_us
        peers: dict[str, tuple[int, int]] = {}
        for writer, count in beats.items():
            if writer == self.world.journal.writer or writer in self._gone:
                continue
            seen = self._peers.get(writer)
            if seen is None or seen[0] != count or not heard_all_along:
                peers[writer] = (count, ended)
            elif began - seen[1] < self._dead_us:
                peers[writer] = seen
            else:
                self._bury(writer)
        for writer in self._peers:
            if writer not in beats:
                self._bury(writer)  # it has left, or its parent saw it end
        self._peers = peers
        for writer in peers:
            self._met.pop(writer, None)

    def _bury(self, writer: str) -> None:
        """For ever: a process that was taken for dead comes back under another name."""
        self._met.pop(writer, None)
        self._gone[writer] = None
        while len(self._gone) > GONE_MAX:
            del self._gone[next(iter(self._gone))]
        self._deaths = True
