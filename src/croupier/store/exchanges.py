"""Exchanges: raw bytes of both directions, best effort, never in the way of a round.

Written in compressed chunks of one operator's exchanges; an index row exists only for what people look for. An
exchange's id tells when it happened, so any of them is found through the few chunks of that moment.
"""

import asyncio
import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable

import asyncpg
import msgspec
import zstandard

from croupier.domain.days import DAY_US
from croupier.domain.exchange import Exchange, HttpResponse
from croupier.store.connect import TROUBLE, Pool

CHUNK = 500
"""Exchanges of one operator in a chunk; after a second it is written with what there is."""
PAUSE_S = 1.0
WAITING_MAX = 20_000
"""Above this plain successes are dropped, and counted; above twice as many everything is."""
INDEXED_A_DAY = 1_000
SLOW_US = 1_000_000
REFUSED = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, ValueError, OverflowError)
"""A chunk that the database will never take: dropped and counted, so that it does not hold up the next ones."""
PLAIN = frozenset({"accepted", "ok"})
LEVEL = 2
DEAR = frozenset({"bad_signature", "unauthenticated"})

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Exchange])

_CHUNK = """
INSERT INTO exchange_chunks (operator_id, first_at, last_at, exchanges, keep, bytes, data)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING chunk_id
"""
INDEX_COLUMNS = (
    *("exchange_id", "chunk_id", "place", "operator_id", "at", "direction", "call", "method", "path", "status"),
    *("verdict", "why", "total_ms", "round_id", "transaction_id", "player_id", "finding", "side"),
)
Cause = tuple[str | None, str | None]
"""Code of the first finding, and whose side it is on."""
_LOST = """
INSERT INTO exchange_losses VALUES ($1, current_date, $2)
ON CONFLICT (operator_id, day) DO UPDATE SET dropped = exchange_losses.dropped + $2
"""


class ExchangeWriter:
    """`runtime.world.ExchangeLog` on PostgreSQL."""

    def __init__(
        self,
        pool: Pool,
        cause_of: Callable[[Exchange], Cause] | None = None,
        look: Callable[[str, list[Exchange]], None] = lambda _, __: None,
    ) -> None:
        """`cause_of`: asked in a thread, for what is not a plain success; it takes its time and never raises.

        `look`: sees each operator's exchanges before they are written.
        """
        self.pool = pool
        self.cause_of = cause_of
        self.look = look
        self.waiting: dict[str, list[Exchange]] = defaultdict(list)
        self._count = 0
        self._dropped: Counter[str] = Counter()
        self._indexed: Counter[tuple[str, int]] = Counter()
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="exchanges")

    async def close(self) -> None:
        """Writes what waits."""
        self._closing = True
        self._wake.set()
        # Not cancelled: a chunk whose writing is interrupted may be written or not, and would be sent twice.
        if self._task is not None:
            await self._task

    def add(self, exchange: Exchange) -> None:
        if self._count >= (WAITING_MAX if exchange.verdict in PLAIN else 2 * WAITING_MAX):
            self._dropped[exchange.operator_id] += 1
            return
        chunk = self.waiting[exchange.operator_id]
        chunk.append(exchange)
        self._count += 1
        if len(chunk) >= CHUNK:
            self._wake.set()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + PAUSE_S
        last = False
        while not last:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._wake.wait()
            self._wake.clear()
            last = self._closing
            everything = last or loop.time() >= due
            if everything:
                due = loop.time() + PAUSE_S
            # Best effort: when the database is away the queue fills, and its plain successes are dropped.
            with contextlib.suppress(*TROUBLE):
                await self._write_waiting(everything=everything)

    async def _write_waiting(self, *, everything: bool) -> None:
        """What waits now, or of it only what fills chunks. What comes meanwhile has its own second."""
        for operator_id, waiting in list(self.waiting.items()):
            left = len(waiting) if everything else len(waiting) // CHUNK * CHUNK
            while left:
                chunk = waiting[: min(left, CHUNK)]
                self.look(operator_id, chunk)
                try:
                    await self._write(operator_id, chunk)
                except REFUSED:
                    self._dropped[operator_id] += len(chunk)
                del waiting[: len(chunk)]
                left -= len(chunk)
                self._count -= len(chunk)
            if not waiting:
                del self.waiting[operator_id]
        dropped, self._dropped = self._dropped, Counter()
        for operator_id, count in dropped.items():
            await self.pool.execute(_LOST, operator_id, count)

    async def _write(self, operator_id: str, chunk: list[Exchange]) -> None:
        data, causes = await asyncio.to_thread(self._prepared, chunk)
        found = {place for place, e in enumerate(chunk) if notable(e)}
        first, last = min([e.at for e in chunk]), max([e.at for e in chunk])
        wanted = [
            (place, chunk[place]) for place in sorted(found.union(range(self._new_today(operator_id, first, chunk))))
        ]
        values = (operator_id, first, last, len(chunk), bool(found), len(data), data)
        if not wanted:  # most chunks: one statement is its own transaction
            await self.pool.execute(_CHUNK, *values)
            return
        async with self.pool.acquire() as connection, connection.transaction():
            chunk_id = await connection.fetchval(_CHUNK, *values)
            rows = [index_row(e, chunk_id, place, causes.get(place, (None, None))) for place, e in wanted]
            await connection.copy_records_to_table("exchange_index", records=rows, columns=INDEX_COLUMNS)

    def _prepared(self, chunk: list[Exchange]) -> tuple[bytes, dict[int, Cause]]:
        """The chunk's bytes, and why its exchanges failed. Equal failures of a chunk are explained once."""
        causes: dict[int, Cause] = {}
        known: dict[tuple[object, ...], Cause] = {}
        for place, e in enumerate(chunk if self.cause_of is not None else ()):
            if e.verdict in PLAIN or self.cause_of is None:
                continue
            like = likeness(e)
            if like not in known:
                known[like] = self.cause_of(e)
            causes[place] = known[like]
        return compressed(chunk), causes

    def _new_today(self, operator_id: str, at: int, chunk: list[Exchange]) -> int:
        """How many of the chunk are among the operator's first of the day: those are indexed, whatever they are."""
        day = operator_id, at // DAY_US
        before = self._indexed[day]
        self._indexed[day] = before + len(chunk)
        return max(0, min(len(chunk), INDEXED_A_DAY - before))


def likeness(e: Exchange) -> tuple[object, ...]:
    """Failures of one operator that have this in common have the same cause.

    What a wrong signature was made of is dear to find out, and the same from one call to the next.
    """
    status, body = (e.answer.status, e.answer.body) if isinstance(e.answer, HttpResponse) else (None, b"")
    return e.direction, e.call, e.verdict, e.why, status, b"" if e.why in DEAR else body


def notable(e: Exchange) -> bool:
    """Not a plain success, or slow: people will look for it."""
    return e.verdict not in PLAIN or e.answer.timing.total_us > SLOW_US


async def keep_apart(pool: Pool, operator_id: str, chunk: list[Exchange]) -> None:
    """Kept as long as what failed, and found by id only: what a check says on purpose must not hide what went wrong."""
    data = await asyncio.to_thread(compressed, chunk)
    first, last = min([e.at for e in chunk]), max([e.at for e in chunk])
    await pool.execute(_CHUNK, operator_id, first, last, len(chunk), True, len(data), data)


def compressed(chunk: list[Exchange]) -> bytes:
    return zstandard.ZstdCompressor(level=LEVEL).compress(_encoder.encode(chunk))


def opened(data: bytes) -> list[Exchange]:
    return _decoder.decode(zstandard.ZstdDecompressor().decompress(data))


def index_row(e: Exchange, chunk_id: int, place: int, cause: Cause = (None, None)) -> tuple[object, ...]:
    status = e.answer.status if isinstance(e.answer, HttpResponse) else None
    total_ms = e.answer.timing.total_us // 1000
    asked = (e.request.method, e.request.path)
    return (
        *(e.exchange_id, chunk_id, place, e.operator_id, e.at, e.direction, e.call, *asked, status),
        *(e.verdict, e.why, total_ms, e.round_id, e.transaction_id, e.player_id, *cause),
    )
