"""Wallets that keep books, each on a port of its own, and that can be made ill one by one.

``python -m benchmarks.booked_wallet PORT…`` reads orders from stdin, a line of JSON each: ``{"port": …, "illness": …}``
switches one wallet, ``{"book": PORT}`` prints what its book holds. Exact repetitions get the first answer, and a
rollback is remembered for a bet that was never seen.
"""

import asyncio
import json
import sys
from typing import Any

import httptools
import uvloop

ILLNESSES = ("none", "slow_3s", "slow_5s", "silent", "resets", "refuses")
BALANCE = 1_000_000_000


class Book:
    """Transaction -> kind, amount, whether money moved for good."""

    def __init__(self) -> None:
        self.entries: dict[str, tuple[str, int]] = {}
        self.reversed: set[str] = set()
        """Bets that were rolled back, seen or not."""

    def answer(self, call: str, body: dict[str, Any]) -> dict[str, Any]:
        name = body.get("transaction_id", "")
        if call == "rollback":
            self.reversed.add(body["bet_transaction_id"])
        elif call == "bet" and name in self.reversed and name not in self.entries:
            return {"error": {"code": "already_rolled_back"}}
        elif call in ("bet", "win"):
            known = self.entries.setdefault(name, (call, body["amount"]))
            assert known == (call, body["amount"]), "the same id with other content"
        answer = {"balance": BALANCE, "currency": body["currency"]}
        return answer if call == "balance" else {**answer, "transaction_id": f"op-{name}"}

    def held(self) -> dict[str, tuple[str, int]]:
        return {name: entry for name, entry in self.entries.items() if name not in self.reversed}


class Wallet:
    def __init__(self, port: int) -> None:
        self.port = port
        self.book = Book()
        self.illness = "none"
        self.open: set[Connection] = set()
        self.most_open = 0
        self.server: asyncio.Server | None = None

    async def listen(self) -> None:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: Connection(self), "127.0.0.1", self.port, backlog=1024)

    async def turn(self, illness: str) -> None:
        self.illness = illness
        if illness == "refuses" and self.server is not None:
            self.server.close()
            self.server = None
        elif self.server is None:
            await self.listen()
        if illness in ("refuses", "none"):
            for connection in list(self.open):
                connection.transport.abort()


class Connection(asyncio.Protocol):
    """One kept-alive connection."""

    def __init__(self, wallet: Wallet) -> None:
        self.wallet = wallet

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.parser = httptools.HttpRequestParser(self)
        self.wallet.open.add(self)
        self.wallet.most_open = max(self.wallet.most_open, len(self.wallet.open))
        self.body, self.call = b"", ""

    def connection_lost(self, _error: Exception | None) -> None:
        self.wallet.open.discard(self)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self.call = url.decode().rpartition("/")[2]

    def on_body(self, part: bytes) -> None:
        self.body += part

    def on_message_complete(self) -> None:
        call, body = self.call, json.loads(self.body)
        self.body = b""
        match self.wallet.illness:
            case "silent":
                return
            case "resets" | "refuses":
                self.transport.abort()
            case "slow_3s" | "slow_5s" as slow:
                asyncio.get_running_loop().call_later(float(slow[5]), self.answer, call, body)
            case _:
                self.answer(call, body)

    def answer(self, call: str, body: dict[str, Any]) -> None:
        """Money moves whether or not anybody still listens."""
        text = json.dumps(self.wallet.book.answer(call, body), separators=(",", ":")).encode()
        if not self.transport.is_closing():
            head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(text)
            self.transport.write(head + text)


async def serve(ports: list[int]) -> None:
    wallets = {port: Wallet(port) for port in ports}
    for wallet in wallets.values():
        await wallet.listen()
    print("ready", flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        if "book" in order:
            wallet = wallets[order["book"]]
            print(json.dumps({"held": wallet.book.held(), "most_open": wallet.most_open}), flush=True)
        else:
            await wallets[order["port"]].turn(order["illness"])
            print("turned", flush=True)


if __name__ == "__main__":
    uvloop.run(serve([int(port) for port in sys.argv[1:]]))
