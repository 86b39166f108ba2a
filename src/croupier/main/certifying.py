"""Starts the process of each check that somebody asked for, and says of those that died that they did."""

import asyncio
import logging
import os

from croupier.api.platform import Platform
from croupier.main.settings import Settings
from croupier.main.supervisor import module
from croupier.store.certifications import end, end_silent, take_next

GRACE_S = 3.0
FELL = "The check's own process failed; the platform's log says why. What had been judged by then stands."
STOPPED = "The platform was stopped during the check. What had been judged by then stands; run it again."

log = logging.getLogger("croupier.certifications")


class Certifying:
    """One process for each check; the store says how many there may be."""

    def __init__(self, platform: Platform, settings: Settings) -> None:
        self.pool = platform.pool
        self.now = platform.now
        self._environment = {**os.environ, **settings.environment()}
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._watching: set[asyncio.Task[None]] = set()

    async def look(self) -> None:
        await end_silent(self.pool)
        while (certification_id := await take_next(self.pool)) is not None:
            process = await asyncio.create_subprocess_exec(
                *module("croupier.main.certifier", certification_id),
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
            )
            self._processes[certification_id] = process
            watching = asyncio.create_task(self._watch(certification_id, process))
            self._watching.add(watching)
            watching.add_done_callback(self._watching.discard)

    async def close(self) -> None:
        """Checks do not outlive their worker, and say so."""
        for watching in list(self._watching):
            watching.cancel()
        for certification_id, process in list(self._processes.items()):
            if process.returncode is None:
                process.terminate()
                try:
                    async with asyncio.timeout(GRACE_S):
                        await process.wait()
                except TimeoutError:
                    process.kill()
            await end(self.pool, certification_id, "cut_off", self.now(), why=STOPPED)
        self._processes.clear()

    async def _watch(self, certification_id: str, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        del self._processes[certification_id]
        if code:
            log.error("check %s ended with exit code %s", certification_id, code)
        # Nothing for one that has ended by itself.
        await end(self.pool, certification_id, "cut_off", self.now(), why=FELL)
