"""A whole answer as a value, for what is answered without a framework."""

from typing import NamedTuple

from starlette.types import Send


class Reply(NamedTuple):
    """Status, headers without ``content-length``, and the body."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    async def send(self, send: Send) -> None:
        """As ASGI messages."""
        headers = [*self.headers, (b"content-length", b"%d" % len(self.body))]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})
