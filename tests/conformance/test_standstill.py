"""The machine that checks stands still for longer than the wallet may take: the wallet is not blamed for it."""

import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from conformance.kit import reference_wallet
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


TELLS = """
import sys
from types import SimpleNamespace
from conformance.kit import wallet_of
from croupier.conformance.deep import tell_stories
casino = SimpleNamespace(url=sys.argv[1])
result = tell_stories(lambda: wallet_of(casino, "native", timeout_ms=int(sys.argv[2])), seed=7, stories=3)
print(result.verdict, result.note, result.story)
"""


@pytest.mark.parametrize(
    ("stops", "said"),
    [
        ({3}, "PASS  ()"),
        ({3, 4}, "while a story was told, twice: nothing can be said. Try --deep --seed 7 again ()"),
    ],
    ids=["once", "twice"],
)
def test_a_story_that_was_stopped_is_told_again_and_no_wallet_is_blamed(tmp_path, stops, said):
    """SIGSTOP at the third bet, which then goes unanswered; and at the first of the story's second telling."""
    bets = []

    class StopsItsCaller(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            bets.extend([self.path] * self.path.endswith("/bet"))
            if self.path.endswith("/bet") and len(bets) in stops:
                os.kill(running.pid, signal.SIGSTOP)
                time.sleep(LIMIT_S + 0.2)
                os.kill(running.pid, signal.SIGCONT)
                time.sleep(0.5)
                self.close_connection = True
                return
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            told = httpx.post(casino.url + self.path, content=body, headers=headers)
            self.send_response(told.status_code)
            self.send_header("Content-Type", told.headers["content-type"])
            self.send_header("Content-Length", str(len(told.content)))
            self.end_headers()
            self.wfile.write(told.content)

        def log_message(self, *_: object) -> None:
            pass

    with reference_wallet(tmp_path, "native") as casino:
        between = ThreadingHTTPServer(("127.0.0.1", 0), StopsItsCaller)
        threading.Thread(target=between.serve_forever, daemon=True).start()
        running = subprocess.Popen(
            [sys.executable, "-c", TELLS, f"http://127.0.0.1:{between.server_port}", str(LIMIT_S * 1000)],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        out, _ = running.communicate(timeout=120)
        between.shutdown()
        between.server_close()
    assert running.returncode == 0
    assert out.strip().endswith(said), out
    assert out.startswith("ERROR this machine, not the wallet, stood still for" if len(stops) == 2 else "PASS"), out
    assert len(bets) > max(stops) or len(stops) == 2


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
