"""A platform process that can be killed at whatever it awaits: memory gone, what was on its way on its way."""

import asyncio
import contextlib
import contextvars
import logging
import uuid
from collections.abc import Container, Coroutine, Generator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from croupier.domain.exchange import Exchange, HttpRequest
from croupier.domain.parties import Operator, Seat
from croupier.games.game import Game
from croupier.rounds.events import WalletAnswered
from croupier.rounds.late import Item
from croupier.runtime.admission import Admission, Load
from croupier.runtime.entropy import RandomnessFailed, Seeded, SeededIds
from croupier.runtime.lease import Lease
from croupier.runtime.recovery import adopt, hurry, recover, tell_sums, tend
from croupier.runtime.round_runner import RoundRunner
from croupier.runtime.world import Grants, NoGrants, World
from croupier.simulation.clock import SimulatedClock
from croupier.simulation.faults import Faults
from croupier.simulation.network import Answer, Wire
from croupier.simulation.sometimes import OPEN_BREAKER
from croupier.simulation.store import Disk, SimulatedJournal
from croupier.store.leases import BEAT_TIMEOUT_S, Heard, Hurry, MemoryLeases
from croupier.store.records import Unavailable
from croupier.wallet.dialect import Dialect

T = TypeVar("T")
TELL_SUMS_S = 20.0
OWNER: contextvars.ContextVar["Process | None"] = contextvars.ContextVar("OWNER", default=None)


class Dropped(Exception):
    """The caller heard nothing: the process died, or the connection broke."""


class Items:
    """What late answers left to do, until somebody does it."""

    def __init__(self) -> None:
        self.asked: dict[tuple[str, str], Item] = {}
        """Round and transaction."""

    async def ask(self, seat: Seat, round_id: str, event: WalletAnswered, item: Item) -> None:  # noqa: ARG002 - as runtime.world.Items
        self.asked[round_id, event.transaction_id] = item

    def keep(self, rounds: Container[str]) -> None:
        """Only what is about these rounds: the others were lost."""
        self.asked = {about: item for about, item in self.asked.items() if about[0] in rounds}


@dataclass(frozen=True)
class Machine:
    """What every process of one platform is started with."""

    clock: SimulatedClock
    wire: Wire
    disk: Disk
    faults: Faults
    operators: "Operators"
    games: Mapping[str, Game]
    dialects: Mapping[str, Dialect]
    outcomes: Seeded
    ids: SeededIds
    leases: MemoryLeases
    grants: Grants = field(default_factory=NoGrants)
    items: Items = field(default_factory=Items)
    sums: bool = False
    """Whether the operator hears of free rounds in one sum."""
    errors: list[str] = field(default_factory=list)
    """What no caller should ever see: errors of our own."""
    deaths: dict[str, float] = field(default_factory=dict)
    """Writer -> when that process was killed, on the simulation's own clock."""


class Operators:
    """One operator, whose settings may change under a running process."""

    def __init__(self, operator: Operator) -> None:
        self.operator = operator

    def get(self, operator_id: str) -> Operator:
        if operator_id != self.operator.operator_id:
            raise KeyError(operator_id)
        return self.operator


class Outcomes:
    """The random source, which may fail: then nothing is drawn, and the bet must not be lost."""

    def __init__(self, machine: Machine) -> None:
        self._source = machine.outcomes
        self._faults = machine.faults

    def below(self, n: int) -> int:
        if self._faults.strikes("random source failed", self._faults.mix.no_randomness):
            raise RandomnessFailed("the source repeats itself")
        return self._source.below(n)


class NoExchanges:
    def add(self, exchange: Exchange) -> None:
        """The wire remembers; nobody reads these."""


class Clock:
    """A machine's clock, which may differ a little from the others'; a process may die while it sleeps."""

    def __init__(self, clock: SimulatedClock, process: "Process", skew_us: int) -> None:
        self._clock = clock
        self._process = process
        self._skew_us = skew_us
        self.boot = clock.boot

    def now(self) -> int:
        return self._clock.now() + self._skew_us

    async def sleep(self, seconds: float) -> None:
        self._process.passes("sleeping")
        await self._clock.sleep(seconds)
        await self._process.runs()


class SimulatedLeases:
    """The store's leases, away when the store is."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.leave = machine.leases.leave

    async def enter(self, writer: str, place: str, hurry: Hurry) -> None:
        await self._reached()
        await self._machine.leases.enter(writer, place, hurry)

    async def beat(self, writer: str, applied: int) -> Heard:
        faults, disk = self._machine.faults, self._machine.disk
        await self._reached()
        if faults.strikes("heartbeat slow", faults.mix.store):
            await self._machine.clock.sleep(disk.rng.uniform(0.0, BEAT_TIMEOUT_S / 2))
        heard = await self._machine.leases.beat(writer, applied)
        if faults.strikes("heartbeat unheard", faults.mix.store):
            await self._machine.clock.sleep(disk.rng.uniform(0.0, BEAT_TIMEOUT_S / 2))
            raise Unavailable
        return heard

    async def ask(self, writer: str, seat_id: uuid.UUID) -> None:
        await self._reached()
        await self._machine.leases.ask(writer, seat_id)

    async def _reached(self) -> None:
        await self._machine.clock.sleep(self._machine.disk.rng.uniform(0.0005, 0.01))
        if asyncio.get_running_loop().time() < self._machine.disk.down_until:
            raise Unavailable


class Network:
    def __init__(self, wire: Wire, process: "Process", writer: str) -> None:
        self._wire = wire
        self._writer = writer
        self._process = process

    async def send(
        self,
        request: HttpRequest,
        *,
        private: bool,  # noqa: ARG002 - as World.network
        operator_id: str = "",
        owed: bool = False,
    ) -> Answer:
        self._process.passes("before_send")
        if owed and not self._process.admission.of(operator_id).breaker.closed:
            self._wire.wallet.happened[OPEN_BREAKER] += request.url.endswith("/win")
        answer = await self._wire.carry(request, self._writer, self._process.clock.now(), self._process.runs)
        self._process.passes("answer_read")
        return answer


class Process:
    """One life of the platform. Its tasks are cancelled at death, and from then on the world does not hear it."""

    def __init__(self, machine: Machine, skew_us: int = 0) -> None:
        self.machine = machine
        self.dead = False
        self.paused_until = 0.0
        self.tasks: dict[asyncio.Task[Any], None] = {}
        self.context = contextvars.copy_context()
        self.context.run(OWNER.set, self)
        self.died = asyncio.Event()
        self.clock = Clock(machine.clock, self, skew_us)
        journal = SimulatedJournal(machine.disk, machine.clock, machine.ids.random, self)
        self.writers = [journal.writer]
        self.journal = journal
        world = World(
            *(self.clock, Outcomes(machine), machine.ids),
            *(Network(machine.wire, self, journal.writer), journal, NoExchanges()),
            grants=machine.grants,
            items=machine.items,
            restored_at=machine.disk.state.restored_at,
        )
        mix = machine.faults.mix
        self.lease = Lease(world, SimulatedLeases(machine), beat_s=mix.beat_s) if mix.processes > 1 else None
        self.admission = Admission(Load(may_bet=lambda: self.lease is None or self.lease.may_bet))
        self.runner = RoundRunner(
            *(world, machine.operators, machine.games, machine.dialects, self.admission), lease=self.lease
        )
        self.serving = asyncio.Event()
        self.spawn(self._begin(machine.faults.mix.tend_s))

    async def _begin(self, tend_s: float) -> None:
        """Nothing is written before the others can know that this process lives."""
        if self.lease is not None:
            self.lease.lost, self.lease.hurry = self._doubt, partial(hurry, self.runner)
            while self.lease.beat_at is None:
                with contextlib.suppress(Unavailable):
                    await self.lease.start()
                await self.clock.sleep(0.1)
            self.spawn(self.lease.run())
        self.serving.set()
        self.spawn(recover(self.runner))
        self.spawn(adopt(self.runner, tend_s))
        self.spawn(tend(self.runner, tend_s))
        if self.machine.sums:
            self.spawn(tell_sums(self.runner, TELL_SUMS_S))

    def _doubt(self) -> None:
        self.machine.faults.count("lease lost")
        self.writers.append(self.journal.writer)
        self.runner.seats.doubt()

    def passes(self, point: str) -> None:
        """A point at which the process may be killed. Raises CancelledError in whatever it was doing."""
        if self.dead:
            raise asyncio.CancelledError
        faults = self.machine.faults
        # Not between the last look at the clock and the first byte: there nobody could notice.
        if point != "before_send":
            if faults.strikes("stall", faults.mix.stall):
                self.machine.clock.stall(faults.rng.uniform(0.5, 12.0))
            if faults.strikes("pause", faults.mix.pause):
                self.paused_until = asyncio.get_running_loop().time() + faults.rng.uniform(0.5, faults.mix.pause_s)
        if faults.strikes(f"crash {point}", faults.mix.crash):
            self.kill()
            raise asyncio.CancelledError

    async def runs(self) -> None:
        """Whatever comes back to a process that was stopped (SIGSTOP) is seen when it goes on; the others went on."""
        loop = asyncio.get_running_loop()
        while self.paused_until > loop.time():  # noqa: ASYNC110 - no polling: a pause may be followed by another
            await asyncio.sleep(self.paused_until - loop.time())

    def kill(self) -> None:
        if self.dead:
            return
        self.dead = True
        for writer in self.writers:
            self.machine.deaths[writer] = asyncio.get_running_loop().time()
        for task in list(self.tasks):
            task.cancel()
        self.died.set()

    def spawn(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Run within this process."""
        task = asyncio.Task(work, context=self.context)
        self.owns(task)
        return task

    def owns(self, task: "asyncio.Task[Any]") -> None:
        self.tasks[task] = None
        task.add_done_callback(self._forget)

    def _forget(self, task: "asyncio.Task[Any]") -> None:
        del self.tasks[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failed(task, error)

    def failed(self, task: "asyncio.Task[Any]", error: BaseException) -> None:
        """Requests tell their callers; a task of the process's own has nobody to tell."""
        if task.get_name() != "request":
            self.machine.errors.append(f"{task.get_coro()!r} ended with {error!r}")

    async def answer(self, work: Coroutine[Any, Any, T], drops_after: float | None = None) -> T:
        """A request to this process. Raises what it raises, and Dropped."""
        try:
            await self.runs()
            if self.dead or not self.serving.is_set():
                raise Dropped
        except BaseException:
            work.close()
            raise
        task = self.spawn(work)
        task.set_name("request")
        if drops_after is not None:
            asyncio.get_running_loop().call_later(drops_after, task.cancel)
        try:
            return await task
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if caller is not None and caller.cancelling():
                raise  # it is the caller who ends
            raise Dropped from None


class OwnedTasks:
    """Task factory: what a process's task starts belongs to that process."""

    def __call__(
        self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T] | Generator[Any, None, T], **options: Any
    ) -> "asyncio.Task[T]":
        task = asyncio.Task(work, loop=loop, **options)
        owner = OWNER.get()
        if owner is not None:
            owner.owns(task)
        return task


class Complaints(logging.Handler):
    """Keeps what the runner logs as an error: a simulated run allows none."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.errors = errors
        self._log = logging.getLogger("croupier")

    def listen(self) -> None:
        self._propagated, self._log.propagate = self._log.propagate, False
        self._log.addHandler(self)

    def leave(self) -> None:
        self._log.removeHandler(self)
        self._log.propagate = self._propagated

    def emit(self, record: logging.LogRecord) -> None:
        cause = record.exc_info[1] if record.exc_info else None
        self.errors.append(f"{record.getMessage()}: {cause!r}")
