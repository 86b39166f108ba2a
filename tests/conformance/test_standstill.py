"""The machine that checks stands still for longer than the wallet may take: the wallet is not blamed for it."""

import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from croupier.conformance.standstill import BEAT_US, Standstill

CROUPIER = Path(sys.executable).with_name("croupier")
LIMIT_S = 3
"""Of this API: the shortest of those without RSA keys."""


@pytest.mark.parametrize(
    ("stops", "code", "told"), [(1, 0, "1 PASS"), (2, 2, "Try CONN-01 again")], ids=["once", "twice"]
)
def test_a_check_that_was_stopped_is_repeated_and_says_so(tmp_path, stops, code, told):
    """SIGSTOP while the wallet is asked, SIGCONT when its time is over, and then its answer."""
    asked = []

    class StopsItsCaller(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append(self.path)
            if len(asked) <= stops:
                os.kill(running.pid, signal.SIGSTOP)
                time.sleep(LIMIT_S + 0.2)
                os.kill(running.pid, signal.SIGCONT)
                time.sleep(0.5)
                self.close_connection = True
                return
            body = b'{"balance":1000.03}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    wallet = ThreadingHTTPServer(("127.0.0.1", 0), StopsItsCaller)
    threading.Thread(target=wallet.serve_forever, daemon=True).start()
    where = ("--wallet-url", f"http://127.0.0.1:{wallet.server_port}/wallet", "--player", "p-1")
    running = subprocess.Popen(
        [CROUPIER, "certify", "CONN-01", "--dialect", "slotegrator", *where],
        cwd=tmp_path, env=os.environ | {"CROUPIER_WALLET_SECRET": "a-secret-of-both-sides"},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    said, _ = running.communicate(timeout=60)
    wallet.shutdown()
    wallet.server_close()
    assert (running.returncode, told in said) == (code, True), said
    assert "FAIL" not in said
    assert len(asked) == 2
    assert ("this machine, not the wallet, stood still" in said) == (stops == 2)


class Loop:
    """A clock whose sleeps take as long as the test says."""

    def __init__(self) -> None:
        self.at = 0

    def now(self) -> int:
        return self.at

    def boot(self) -> int:
        return self.at

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("limit_ms", "late_ms", "stood"),
    [(5_000, 900, False), (5_000, 1_100, True), (1_000, 200, False), (1_000, 300, True)],
)
def test_how_long_is_too_long(limit_ms, late_ms, stood):
    """A quarter of what the wallet has, and a second at most."""
    clock = Loop()
    standstill = Standstill(clock, limit_ms)
    clock.at += BEAT_US + late_ms * 1000
    assert standstill.told() == (late_ms * 1000 if stood else 0)
    clock.at += BEAT_US
    assert standstill.told() == 0, "told once"
