"""The casino as a process of its own, and the platform's side of its wallet."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import msgspec

from croupier.dialects import DIALECTS
from croupier.domain.exchange import NoAnswer
from croupier.domain.parties import Operator
from croupier.runtime.wallet_client import WalletClient
from croupier.wallet.calls import Bet, Context, WalletCall
from croupier.wallet.outcome import Outcome
from ports import free_port

SECRET = "whsec_" + "QUJD" * 8


class CasinoProcess:
    """`bug`: started by the command `croupier sandbox`, with that bug."""

    def __init__(self, data: Path, bug: str = "", port: int | None = None, **environment: str) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [sys.executable, "-m", "croupier.sandbox.run"]
        if bug:
            croupier = str(Path(sys.executable).with_name("croupier"))
            self._command = [croupier, "sandbox", "--port", str(self.port), "--data", str(data), "--bug", bug]
        self._environment = {
            **os.environ,
            "CROUPIER_CASINO_DATA": str(data),
            "CROUPIER_CASINO_PORT": str(self.port),
            "CROUPIER_CASINO_WALLET_SECRET": SECRET,
            **environment,
        }
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, env=self._environment)
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{self.url}/healthz", timeout=1).raise_for_status()
                return
            except httpx.HTTPError:
                assert self.process.poll() is None, "the casino did not start"
                assert time.monotonic() < deadline, "the casino does not answer"
                time.sleep(0.05)

    def switch_bug(self, name: str, **members: object) -> None:
        """Also for when it starts again."""
        self._environment["CROUPIER_CASINO_BUG"] = name
        self.post("/bug", name=name, **members).raise_for_status()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)

    def post(self, path: str, **members: object) -> httpx.Response:
        return httpx.post(self.url + path, json=members)

    def get(self, path: str) -> dict:
        return httpx.get(self.url + path).raise_for_status().json()

    def open(self, player_id: str, balance: int, currency: str = "EUR", *, blocked: bool = False) -> None:
        members = {"player_id": player_id, "balance": balance, "currency": currency, "blocked": blocked}
        assert self.post("/players", **members).status_code == 201


class Platform:
    """Calls the casino's wallet as the platform does: native dialect, our own client."""

    def __init__(self, casino: CasinoProcess, secret: str = SECRET, timeout_ms: int = 5000) -> None:
        self.client = WalletClient()
        self.operator = Operator(
            *("casino", "native", f"{casino.url}/wallet", (secret,), ("EUR",)), timeout_ms=timeout_ms
        )

    async def send(self, call: WalletCall) -> Outcome:
        at = time.time_ns() // 1000
        native = DIALECTS["native"]
        answer = await self.client.send(native.request(call, self.operator, at), private=True)
        self.last = None if isinstance(answer, NoAnswer) else answer
        return native.outcome(call, self.operator, answer, at)


def bet(player_id: str, transaction_id: str, amount: int) -> Bet:
    who = Context(player_id, "ses_1", "krakens-hoard", "EUR")
    return Bet(who, transaction_id, f"rd-{transaction_id}", amount, time.time_ns() // 1000 + 30_000_000)


def in_real_time(call: WalletCall, at: int) -> WalletCall:
    """A story's call, as far from its expiry as the story says, less half a second for the way."""
    if not isinstance(call, Bet):
        return call
    return msgspec.structs.replace(call, expires_at=time.time_ns() // 1000 + call.expires_at - at + 500_000)
