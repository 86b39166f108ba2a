"""Demo sessions live in the memory of one worker; every other one hands their calls on to it.

The address was written by that worker into the session's row. A call is handed on once: the header says so, and
whoever sends it himself gains nothing by it.
"""

from croupier.api.replies import Reply
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.refusal import Refused
from croupier.runtime.wallet_client import WalletClient

FORWARDED = b"croupier-forwarded"
TIMEOUT_MS = 20_000
BODY_MAX = 4 * 1024 * 1024
_NOT_OURS = frozenset({"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"})


class AtAnotherWorker(Exception):
    """This demo session is played at `address`."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Forwarding:
    """`home`: where others reach this worker, beginning with a name that only workers of the same server share."""

    def __init__(self, home: str) -> None:
        self.home = home
        self._client = WalletClient(body_max=BODY_MAX)

    def close(self) -> None:
        self._client.close()

    def address_of(self, home: str) -> str | None:
        """Where to hand on a call to that home; None when it cannot be reached from here."""
        server, _, address = home.partition(" ")
        loopback = address.startswith(("http://127.0.0.1:", "http://[::1]:"))
        return None if loopback and server != self.home.partition(" ")[0] else address

    async def send(self, address: str, method: str, path: str, token: str, body: bytes) -> Reply:
        """The other worker's answer. Refused ``session_expired`` when it is gone, and the demo with it."""
        headers = (
            ("authorization", f"Bearer {token}"),
            ("content-type", "application/json"),
            (FORWARDED.decode(), "1"),
        )
        request = HttpRequest(method, address + path, headers, body, TIMEOUT_MS)
        answer = await self._client.send(request, private=True)
        if not isinstance(answer, HttpResponse):
            raise Refused("session_expired", "The server that played this demo is gone. Start the demo again.")
        kept = [(name.lower(), value) for name, value in answer.headers if name.lower() not in _NOT_OURS]
        return Reply(answer.status, tuple((n.encode("latin-1"), v.encode("latin-1")) for n, v in kept), answer.body)
