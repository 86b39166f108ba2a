"""A TCP server that answers as told: bytes, pauses, and ways of hanging up."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

HANG, CLOSE, RESET, ENDLESS = "hang", "close", "reset", "endless"

Part = bytes | float | str
"""Bytes to send, seconds to wait, or one of the words above; ``endless`` repeats the bytes before it to 100 MB."""


class Misbehaving:
    """`play`: what follows each request, by path. Counts what it saw."""

    def __init__(self, play: dict[str, list[Part]]) -> None:
        self.play = play
        self.requests: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.open = 0
        self.most_open = 0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                length = next(int(line[15:]) for line in head.lower().split("\r\n") if line[:15] == "content-length:")
                self.bodies.append(await reader.readexactly(length))
                path = head.split(" ")[1]
                self.requests.append(path)
                if not await self._answer(self.play[path], writer):
                    return
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open -= 1
            writer.close()

    async def _answer(self, parts: list[Part], writer: asyncio.StreamWriter) -> bool:
        before = b""
        for part in parts:
            match part:
                case bytes():
                    before = part
                    writer.write(part)
                    await writer.drain()
                case float() | int():
                    await asyncio.sleep(part)
                case "hang":
                    await asyncio.sleep(30)
                case "endless":
                    for _ in range(100_000_000 // len(before)):
                        writer.write(before)
                        await writer.drain()
                case "reset":
                    sock = writer.get_extra_info("socket")
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    writer.transport.abort()
                    return False
                case "close":
                    return False
        return True


@asynccontextmanager
async def misbehaving(play: dict[str, list[Part]], tls: ssl.SSLContext | None = None) -> AsyncIterator[Misbehaving]:
    behaviour = Misbehaving(play)
    tasks = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(behaviour.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    behaviour.port = server.sockets[0].getsockname()[1]
    try:
        yield behaviour
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
