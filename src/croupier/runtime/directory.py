"""Operators and their keys in this process's memory, never older than what admission tolerates."""

import asyncio
import logging

from croupier.domain.parties import Operator
from croupier.runtime.world import Clock
from croupier.store.connect import TROUBLE
from croupier.store.registry import Registry, Settings, digest

UNKNOWN_KEY_PAUSE_US = 200_000
"""Keys nobody knows make us look at most this often: guessing must not load the database."""
STALE_US = 3_000_000

log = logging.getLogger("croupier.settings")


class OperatorDirectory:
    """Loads all settings when a heartbeat has heard that their version has risen. Times are boot times."""

    def __init__(self, registry: Registry, clock: Clock) -> None:
        self.registry = registry
        self.clock = clock
        self.settings = Settings(0, {}, {})
        self.read_at = 0
        self._loading = asyncio.Lock()

    async def start(self) -> None:
        await self._refresh()

    async def apply(self, version: int, read_at: int) -> int:
        """See `lease.Applied`. What cannot be loaded now gets stale, and admission sees that."""
        async with self._loading:
            try:
                if version != self.settings.version:
                    self.settings = await self.registry.settings()
                self.read_at = read_at
            except TROUBLE as error:
                log.warning("settings: %s", error)
            return self.settings.version

    @property
    def stale(self) -> bool:
        """Settings are older than 3 seconds: no new bets, since an operator may have been disabled meanwhile."""
        return self.clock.boot() - self.read_at > STALE_US

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
            await self.look_again()
            owner = self.settings.keys.get(hashed)
        return self.settings.operators.get(owner) if owner is not None else None

    async def look_again(self) -> None:
        """For a caller that nobody knows, who may have been added a moment ago; a guess waits for its turn."""
        asked_at = self.clock.boot()
        await self.clock.sleep(max(0, self.read_at + UNKNOWN_KEY_PAUSE_US - asked_at) / 1_000_000)
        if self.read_at <= asked_at:
            await self._refresh(newer_than=asked_at)

    async def _refresh(self, newer_than: int | None = None) -> None:
        async with self._loading:
            asked_at = self.clock.boot()
            if newer_than is not None and self.read_at > newer_than:
                return  # somebody else has just read it
            if await self.registry.version() != self.settings.version:
                self.settings = await self.registry.settings()
            self.read_at = asked_at
