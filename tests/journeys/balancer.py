"""A small HTTP balancer in front of several servers: each request goes to the next one, or to the token's own."""

import asyncio
import zlib
from collections.abc import Callable

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Choose = Callable[[bytes, int], int]
"""The request's head and how many servers there are -> which of them."""


def round_robin() -> Choose:
    turn = -1

    def choose(_head: bytes, servers: int) -> int:
        nonlocal turn
        turn += 1
        return turn % servers

    return choose


def hashing() -> Choose:
    """By the bearer token; what has none goes to the first."""

    def choose(head: bytes, servers: int) -> int:
        _, found, rest = head.lower().partition(b"\r\nauthorization: bearer ")
        return zlib.crc32(rest.partition(b"\r\n")[0]) % servers if found else 0

    return choose


class Balancer:
    """`ports` of the servers. One that refuses connections is left out until it takes them again.

    A request that was sent and not answered is not sent to another server: its caller hears nothing and repeats it.
    """

    def __init__(self, ports: list[int], choose: Choose) -> None:
        self.ports = ports
        self.choose = choose
        self.port = 0
        self._idle: dict[int, list[Stream]] = {port: [] for port in ports}
        self._server: asyncio.Server

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._client, "127.0.0.1", port, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        self._server.close()
        for streams in self._idle.values():
            for _, writer in streams:
                writer.close()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await _message(reader):
                writer.write(await self._forward(request))
        except (OSError, asyncio.IncompleteReadError):
            pass  # the caller is told by the end of the connection
        finally:
            writer.close()

    async def _forward(self, request: bytes) -> bytes:
        first = self.choose(request, len(self.ports))
        for port in self.ports[first:] + self.ports[:first]:
            try:
                stream = await self._connected(port)
            except OSError:
                continue
            reader, writer = stream
            try:
                writer.write(request)
                answer = await _message(reader)
            except BaseException:
                writer.close()
                raise
            if not answer:
                writer.close()
                raise ConnectionResetError
            self._idle[port].append(stream)
            return answer
        return b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"

    async def _connected(self, port: int) -> Stream:
        while self._idle[port]:
            stream = self._idle[port].pop()
            if not stream[0].at_eof():
                return stream
            stream[1].close()
        return await asyncio.open_connection("127.0.0.1", port)


async def _message(reader: asyncio.StreamReader) -> bytes:
    """Head and body of one message, as they came; empty at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    length = int(rest.partition(b"\r\n")[0]) if found else 0
    return head + await reader.readexactly(length)
