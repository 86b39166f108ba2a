"""What went over the wire: the last wallet calls of each player, as the casino saw them."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from typing import Any

import msgspec

KEPT = 100
PLAYERS_MAX = 10_000
BEHIND_MAX = 1_000


class Seen(msgspec.Struct, frozen=True):
    """One wallet call. `request`, `answer`: JSON, or text where it is none. `status` None: hung up without an answer.

    `at` in microseconds; `ms`: how long the wallet took; `broken_by`: the fault that was switched on.
    """

    at: int
    method: str
    path: str
    request: Any
    status: int | None
    answer: Any
    ms: int
    broken_by: str | None = None
    id: int = 0


class Wire:
    """Kept in memory: a window to look through, not a record. The record is the ledger."""

    def __init__(self) -> None:
        self._number = 0
        self._calls: OrderedDict[str, deque[Seen]] = OrderedDict()
        self._watching: dict[str, set[asyncio.Queue[Seen]]] = {}

    def add(self, player_id: str, seen: Seen) -> None:
        self._number += 1
        numbered = msgspec.structs.replace(seen, id=self._number)
        calls = self._calls.get(player_id)
        if calls is None:
            calls = self._calls[player_id] = deque(maxlen=KEPT)
            if len(self._calls) > PLAYERS_MAX:
                self._calls.popitem(last=False)
        calls.append(numbered)
        for queue in self._watching.get(player_id, ()):
            if not queue.full():
                queue.put_nowait(numbered)

    def after(self, player_id: str, number: int) -> list[Seen]:
        """The calls with a greater `id`, oldest first."""
        return [seen for seen in self._calls.get(player_id, ()) if seen.id > number]

    async def follow(self, player_id: str, number: int, pause_s: float) -> AsyncIterator[Seen | None]:
        """The calls after that number and every new one, for ever; None when nothing came for `pause_s` seconds."""
        queue: asyncio.Queue[Seen] = asyncio.Queue(BEHIND_MAX)
        watching = self._watching.setdefault(player_id, set())
        watching.add(queue)
        try:
            for seen in self.after(player_id, number):
                number = seen.id
                yield seen
            while True:
                try:
                    async with asyncio.timeout(pause_s):
                        seen = await queue.get()
                except TimeoutError:
                    yield None
                    continue
                if seen.id > number:
                    yield seen
        finally:
            watching.discard(queue)
            if not watching:
                self._watching.pop(player_id, None)
