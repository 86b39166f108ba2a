"""The wallet without a framework: request in, answer out."""

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol

from croupier_wallet.calls import BadCall, Call, read_call
from croupier_wallet.ledger import Busy, compact
from croupier_wallet.signature import ID, SIGNATURE, TIMESTAMP, NotSigned, key_of, sign, verify

BODY_MAX = 65_536
_log = logging.getLogger("croupier_wallet")


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Ledger(Protocol):
    """`SqlLedger`, or whatever keeps its promises."""

    def answer(self, call: Call, now: float) -> str:
        """The answer's JSON; what it says is durable."""
        ...


class WalletServer:
    """`handle` is all that a framework needs."""

    def __init__(
        self,
        ledger: Ledger,
        secrets: Iterable[str],
        *,
        answer_secrets: Iterable[str] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`secrets`: those that may sign a call, several while one is being rotated.

        `answer_secrets`: answers are signed with them, when the platform's operator has signed answers switched on.
        """
        self._ledger, self._clock = ledger, clock
        self._secrets, self._answer_secrets = tuple(secrets), tuple(answer_secrets)
        if not self._secrets:
            raise ValueError("without a secret everybody could pay themselves")
        for secret in (*self._secrets, *self._answer_secrets):
            key_of(secret)

    def handle(self, method: str, path: str, headers: Mapping[str, str], raw_body: bytes) -> Answer:
        """Answer one request. `path` ends in ``/balance``, ``/bet``, ``/win`` or ``/rollback``."""
        if not isinstance(raw_body, bytes):
            raise TypeError(
                "handle() needs the body's raw bytes, before anything parsed them. FastAPI: await request.body(); "
                "Django: request.body; Flask: request.get_data()"
            )
        named = {name.lower(): value for name, value in headers.items()}
        now = self._clock()
        try:
            return self._signed(named, now, 200, self._ledger.answer(self._call(method, path, named, raw_body), now))
        except BadCall as bad:
            return self._signed(named, now, bad.status, _error(bad.code, bad.message))
        except Busy as busy:
            # Again and again: does get_player or change_balance use a connection of its own, and wait for the ledger's?
            _log.warning("503: %s (get_player and change_balance must do all through `sql`)", busy)
            return self._signed(named, now, 503, _error("busy", "Ask again."))
        except Exception:  # noqa: BLE001 - whatever it was, the caller must not see our inside
            # Money may or may not have moved: never a refusal, and nothing about our inside.
            number = uuid.uuid4().hex[:12]
            _log.exception("500: %s", number)
            return self._signed(named, now, 500, _error("internal_error", f"Look for {number} in the wallet's log."))

    def _call(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Call:
        if len(body) > BODY_MAX:
            raise BadCall(413, "too_large", f"At most {BODY_MAX} bytes.")
        if method != "POST":
            raise BadCall(405, "method_not_allowed", "POST only.")
        # The signature comes first: nobody without the secret may make the wallet read, or remember, anything.
        try:
            verify(self._secrets, headers, body, int(self._clock()))
        except NotSigned as doubt:
            raise BadCall(401, str(doubt), "Sign id.timestamp.body with the wallet secret.") from None
        return read_call(path.rstrip("/").rpartition("/")[2], body)

    def _signed(self, headers: dict[str, str], now: float, status: int, text: str) -> Answer:
        body, message_id = text.encode("ascii"), headers.get(ID)
        # With its length, or some servers close the connection behind every answer.
        own = {"content-type": "application/json", "content-length": str(len(body))}
        if message_id and message_id.isascii() and message_id.isprintable():
            own[ID] = message_id  # the call that this answers
            if self._answer_secrets:
                signatures = [sign(secret, message_id, int(now), body) for secret in self._answer_secrets]
                own |= {TIMESTAMP: str(int(now)), SIGNATURE: " ".join(signatures)}
        return Answer(status, own, body)


def _error(code: str, message: str) -> str:
    return compact({"error": {"code": code, "message": message}})
