"""The ceiling: a server that makes the same two wallet calls in the same stack and does nothing else.

No journal, no signature, no game, no exchange log: what HTTP alone costs here in Python.
"""

import sys
from typing import Any

import uvicorn

from croupier.domain.exchange import HttpRequest
from croupier.runtime.wallet_client import WalletClient

_HEADERS = (("accept", "application/json"), ("content-type", "application/json"))


class Proxy:
    """ASGI. Every request becomes a bet and a win at the wallet."""

    def __init__(self, wallet: str) -> None:
        self.wallet = wallet
        self.client: WalletClient

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            self.client = WalletClient()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self.client.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await receive()
        body = b'{"amount":100,"currency":"EUR"}'
        for call in ("bet", "win"):
            answer = await self.client.send(HttpRequest("POST", f"{self.wallet}/{call}", _HEADERS, body), private=True)
        reply = getattr(answer, "body", b"{}")
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(reply))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": reply})


if __name__ == "__main__":
    uvicorn.run(
        Proxy(f"http://127.0.0.1:{sys.argv[2]}"),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
