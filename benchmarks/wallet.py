"""A wallet that accepts everything at once: the operator's half costs as little as Python lets it.

It checks no signature and keeps no book, so that what a round costs is the platform's work.
"""

import asyncio
import sys
from typing import Any

import httptools
import uvloop

from benchmarks.machine import let_others_first

BALANCE = 1_000_000_000


def _answer(body: bytes) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
        + str(len(body)).encode()
        + b"\r\n\r\n"
        + body
    )


class Wallet(asyncio.Protocol):
    """One kept-alive connection."""

    count = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.parser = httptools.HttpRequestParser(self)
        self.body = b""

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_body(self, part: bytes) -> None:
        self.body += part

    def on_message_complete(self) -> None:
        body, self.body = self.body, b""
        at = body.find(b'"currency":"') + 12
        currency = body[at : at + 3]
        Wallet.count += 1
        self.transport.write(
            _answer(b'{"balance":%d,"currency":"%s","transaction_id":"op-%d"}' % (BALANCE, currency, Wallet.count))
        )


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Wallet, "127.0.0.1", port, backlog=1024)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    let_others_first()
    uvloop.run(serve(int(sys.argv[1])))
