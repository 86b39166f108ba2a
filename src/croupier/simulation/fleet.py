"""The platform's processes: several serve the same seats over one store, each dies and is followed by another."""

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

from croupier.simulation.process import Machine, Process

RESTART_S = (0.2, 2.0, 30.0)


class Fleet:
    """`size` processes. A request goes to any of those that live: no balancer can be relied on."""

    def __init__(self, machine: Machine, size: int, rng: random.Random) -> None:
        self.machine = machine
        self.size = size
        self.rng = rng
        self.living: list[Process] = []
        self._born = asyncio.Event()
        self._open = asyncio.Event()
        self._open.set()

    def lives(self) -> list[Coroutine[Any, Any, None]]:
        """What keeps each of them alive, to be run until the end."""
        return [self._life() for _ in range(self.size)]

    async def _life(self) -> None:
        while True:
            await self._open.wait()
            process = self.start()
            await process.died.wait()
            await asyncio.sleep(self.rng.choice(RESTART_S))

    def start(self) -> Process:
        process = Process(self.machine, skew_us=self._skew_us())
        self.living.append(process)
        self._born.set()
        return process

    def _skew_us(self) -> int:
        """Our own clocks differ, by less than a process would be refused for."""
        return self.rng.randint(-1_000_000, 1_000_000) if self.machine.faults.mix.clocks_differ else 0

    def _alive(self) -> list[Process]:
        self.living = [process for process in self.living if not process.dead]
        return self.living

    async def any(self) -> Process:
        """One that lives; waits while there is none."""
        while not self._alive():
            self._born.clear()
            await self._born.wait()
        return self.living[0] if len(self.living) == 1 else self.rng.choice(self.living)

    async def all(self) -> list[Process]:
        """Every one that lives, at least one."""
        await self.any()
        return list(self._alive())

    def driven(self) -> int:
        """Rounds that are driven at the moment."""
        return sum(process.runner.driven for process in self._alive())

    @property
    def is_closed(self) -> bool:
        return not self._open.is_set()

    async def close(self) -> None:
        """None lives, and none is started until `open`."""
        self._open.clear()
        await asyncio.gather(*self.kill(), return_exceptions=True)

    def open(self) -> None:
        self._open.set()

    def kill(self) -> list["asyncio.Task[Any]"]:
        """All at once. What they were doing, to be awaited."""
        tasks = [task for process in self._alive() for task in process.tasks]
        for process in list(self.living):
            process.kill()
        return tasks
