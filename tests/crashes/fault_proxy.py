"""A TCP proxy that lies in between and breaks what passes: cuts, stalls, resets in mid-body, repeats, delays."""

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

STALL_S = 6.5
"""Longer than the wallet's time-out and the database's limits (5 s)."""
DELAY_S = (0.05, 0.8)

WALLET_FAULTS = (
    "lost request",
    "reset request",
    "reset in mid-body",
    "cut in mid-body",
    "stall",
    "delay",
    "duplicate",
    "repeat",
)
DATABASE_FAULTS = ("reset request", "reset in mid-body", "cut in mid-body", "stall", "delay")
"""A message of PostgreSQL's protocol that arrives twice is no fault of a network: TCP does not do that."""

Upstream = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


def tcp(port: int) -> Upstream:
    return lambda: asyncio.open_connection("127.0.0.1", port)


def unix(path: Path) -> Upstream:
    return lambda: asyncio.open_unix_connection(str(path))


class FaultProxy:
    """Runs in a thread of its own. `share`: of ten thousand requests so many meet a fault; 0 lets everything pass."""

    def __init__(self, port: int, upstream: Upstream, faults: tuple[str, ...], seed: int) -> None:
        self.port = port
        self.share = 0
        self.counts: Counter[str] = Counter()
        self._upstream = upstream
        self._faults = faults
        self._rng = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(5), "the proxy did not start"

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self) -> None:
        self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self._ready.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await self._upstream()
        except OSError:
            writer.transport.abort()
            return
        line = _Line(self, writer, far_writer)
        there = asyncio.create_task(line.carry_requests(reader))
        back = asyncio.create_task(line.carry_answers(far_reader))
        try:
            await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (there, back):
                task.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
            writer.close()
            far_writer.close()

    def draw(self) -> str | None:
        if self._rng.randrange(10_000) >= self.share:
            return None
        fault = self._rng.choice(self._faults)
        self.counts[fault] += 1
        return fault

    def send_again(self, request: bytes) -> None:
        """As a proxy does that gives up waiting: over another connection, and nobody hears the second answer."""
        task = self._loop.create_task(self._again(request))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _again(self, request: bytes) -> None:
        with contextlib.suppress(OSError):
            reader, writer = await self._upstream()
            writer.write(request)
            await reader.read(65_536)
            writer.close()

    def delay_s(self) -> float:
        return self._rng.uniform(*DELAY_S)


class _Line:
    """One connection. What a request met also decides about its answer."""

    def __init__(self, proxy: FaultProxy, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._near = near
        self._far = far
        self._fault: str | None = None

    async def carry_requests(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65_536):
            self._fault = fault = self._proxy.draw()
            match fault:
                case "lost request":
                    await asyncio.sleep(STALL_S)
                    return
                case "reset request":
                    _reset(self._near)
                    return
                case "duplicate":
                    data += data  # answered twice: the second answer comes first for whoever asks next
                case "repeat":
                    self._proxy.send_again(data)
                case "delay":
                    await asyncio.sleep(self._proxy.delay_s())
                case _:
                    pass
            self._far.write(data)
            await self._far.drain()

    async def carry_answers(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65_536):
            fault, self._fault = self._fault, None
            match fault:
                case "reset in mid-body":
                    self._near.write(data[: len(data) // 2])
                    await asyncio.sleep(0.01)
                    _reset(self._near)
                    return
                case "cut in mid-body":
                    self._near.write(data[: len(data) // 2])
                    return
                case "stall":
                    await asyncio.sleep(STALL_S)
                case "delay":
                    await asyncio.sleep(self._proxy.delay_s())
                case _:
                    pass
            self._near.write(data)
            await self._near.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """RST instead of FIN."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
