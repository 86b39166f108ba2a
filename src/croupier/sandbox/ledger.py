"""The casino's ledger: many callers, one writer, one commit for all that waited meanwhile."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from croupier.runtime.clock import SystemClock
from croupier.runtime.world import Clock
from croupier.sandbox.misbehaviour import Rules, by_the_book
from croupier.sandbox.pages import SqlitePages
from croupier.wallet.calls import WalletCall
from croupier.wallet.outcome import Outcome

T = TypeVar("T")

BATCH_MAX = 256

_Job = tuple[Callable[[SqlitePages], Any], asyncio.Future[Any]]


class Ledger:
    """What is returned is durable. While one batch commits, the next gathers: thousands of calls a second."""

    def __init__(self, path: Path, clock: Clock | None = None, *, forgets: str = "") -> None:
        """`forgets`: what is lost at the start, as `SqlitePages.forget` says."""
        self._clock = clock or SystemClock()
        self._pages = SqlitePages(path)
        if forgets:
            self._pages.forget(forgets)
        # One thread, so that SQLite waits for the disk without the event loop waiting too.
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._waiting: list[_Job] = []
        self._writer: asyncio.Task[None] | None = None

    async def answer(self, call: WalletCall, at: int, rules: Rules = by_the_book) -> Outcome:
        """Apply the wallet's rules; `at`: when the call arrived, microseconds."""
        return await self.do(lambda pages: rules(pages, call, at))

    async def do(self, work: Callable[[SqlitePages], T]) -> T:
        """Run reads and writes as one whole. What `work` raises is raised here."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return await done

    async def close(self) -> None:
        """Finish what waits, then close the file."""
        while self._writer is not None:
            await asyncio.wait([self._writer])
        self._thread.shutdown()
        self._pages.close()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
                try:
                    results = await loop.run_in_executor(self._thread, self._commit, [work for work, _ in batch])
                except Exception as error:  # noqa: BLE001 - whatever it was, none of the batch is in the file
                    # One of several is to blame: each alone, so that the others do not pay for it.
                    results = [await self._alone(work) for work, _ in batch] if len(batch) > 1 else [error]
                for (_, done), result in zip(batch, results, strict=True):
                    if done.done():
                        continue
                    if isinstance(result, Exception):
                        done.set_exception(result)
                    else:
                        done.set_result(result)
        finally:
            self._writer = None

    async def _alone(self, work: Callable[[SqlitePages], Any]) -> Any:
        try:
            (result,) = await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, [work])
        except Exception as error:  # noqa: BLE001 - handed to whoever asked for this work
            return error
        return result

    def _commit(self, works: list[Callable[[SqlitePages], Any]]) -> list[Any]:
        self._pages.at = self._clock.now()
        self._pages.begin()
        try:
            results = [work(self._pages) for work in works]
            self._pages.commit()
        except BaseException:
            self._pages.rollback()
            raise
        return results
