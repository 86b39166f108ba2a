"""Operators and their keys in this process's memory, never older than what admission tolerates."""

import asyncio
import contextlib

from croupier.domain.parties import Operator
from croupier.runtime.world import Clock
from croupier.store.connect import TROUBLE
from croupier.store.registry import Registry, Settings, digest

POLL_S = 1.0
UNKNOWN_KEY_PAUSE_US = 200_000
"""Keys nobody knows make us look at most this often: guessing must not load the database."""
STALE_US = 3_000_000


class OperatorDirectory:
    """Polls the version of all settings every second and loads them when it has risen."""

    def __init__(self, registry: Registry, clock: Clock, writer: str) -> None:
        self.registry = registry
        self.clock = clock
        self.writer = writer
        self.settings = Settings(0, {}, {})
        self.read_at = 0
        self._loading = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._refresh()
        self._task = asyncio.create_task(self._poll())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self.registry.forget_worker(self.writer)

    @property
    def stale(self) -> bool:
        """Settings are older than 3 seconds: no new bets, since an operator may have been disabled meanwhile."""
        return self.clock.now() - self.read_at > STALE_US

    def get(self, operator_id: str) -> Operator:
        """KeyError when there is none."""
        return self.settings.operators[operator_id]

    async def find(self, operator_id: str) -> Operator:
        """As `get`, for an operator that may have been added a moment ago."""
        if operator_id not in self.settings.operators:
            await self._refresh()
        return self.settings.operators[operator_id]

    async def by_key(self, api_key: str) -> Operator | None:
        """Whose API key this is. A key that was made a moment ago is found as well."""
        hashed = digest(api_key)
        owner = self.settings.keys.get(hashed)
        if owner is None:
            asked_at = self.clock.now()
            await self.clock.sleep(max(0, self.read_at + UNKNOWN_KEY_PAUSE_US - asked_at) / 1_000_000)
            if self.read_at <= asked_at:
                await self._refresh(newer_than=asked_at)
            owner = self.settings.keys.get(hashed)
        return self.settings.operators.get(owner) if owner is not None else None

    async def _poll(self) -> None:
        while True:
            await self.clock.sleep(POLL_S)
            # The database may be away for a while: what we know gets stale, and admission sees that.
            with contextlib.suppress(*TROUBLE):
                await self._refresh()

    async def _refresh(self, newer_than: int | None = None) -> None:
        async with self._loading:
            asked_at = self.clock.now()
            if newer_than is not None and self.read_at > newer_than:
                return  # somebody else has just read it
            if await self.registry.version() != self.settings.version:
                self.settings = await self.registry.settings()
            await self.registry.beat(self.writer, self.settings.version)
            self.read_at = asked_at
