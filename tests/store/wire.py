"""A wire between journal and database that tests can hold and cut, at a moment of their choice."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote


class Line:
    """One connection. `held`: what the client says waits, also after it has gone; `deaf`: it hears nothing more."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.client = client
        self.server = server
        self.held = False
        self.deaf = False
        self.waiting = b""
        self.client_left = False

    def say(self, data: bytes) -> None:
        if self.held:
            self.waiting += data
        else:
            self.server.write(data)

    def release(self) -> None:
        """What was held reaches the server now, in one piece."""
        self.held = False
        self.server.write(self.waiting)
        if self.client_left:
            self.server.close()

    def cut(self) -> None:
        """The client loses the connection; the server learns of it only when nothing is held."""
        self.client.transport.abort()


class Wire:
    def __init__(self, folder: Path, socket: Path, dsn: str) -> None:
        self.path = folder / ".s.PGSQL.5432"
        self.target = str(socket / ".s.PGSQL.5432")
        self.dsn = dsn.replace(quote(str(socket), safe=""), quote(str(folder), safe=""))
        self.lines: list[Line] = []
        self.holds_new = False
        """Whether connections are held from their beginning."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        self._server = await asyncio.start_unix_server(self._accepted, self.path)

    def close(self) -> None:
        """Nobody can connect, and who was connected is cut off."""
        if self._server is not None:
            self._server.close()
            self.path.unlink(missing_ok=True)
            self._server = None
        for line in self.lines:
            line.cut()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_unix_connection(self.target)
        line = Line(writer, to_server)
        line.held = self.holds_new
        self.lines.append(line)
        for pump in (self._requests(reader, line), self._answers(from_server, line)):
            task = asyncio.create_task(pump)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _requests(self, reader: asyncio.StreamReader, line: Line) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                line.say(data)
        line.client_left = True
        if not line.held:
            line.server.close()

    async def _answers(self, from_server: asyncio.StreamReader, line: Line) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await from_server.read(65536):
                if not line.deaf:
                    line.client.write(data)
        line.client.close()


@contextlib.asynccontextmanager
async def wire(folder: Path, socket: Path, dsn: str) -> AsyncIterator[Wire]:
    opened = Wire(folder, socket, dsn)
    await opened.open()
    yield opened
    opened.close()
    for line in opened.lines:
        line.server.close()
