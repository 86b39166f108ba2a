"""What somebody does wrong in the first minutes: each is said at once, first, and in a few lines."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ports import free_port
from sandbox.process import SECRET, CasinoProcess

CROUPIER = Path(sys.executable).with_name("croupier")
WRONG_SECRET = "whsec_" + "QUJE" * 8


@pytest.fixture(scope="module")
def casino(tmp_path_factory):
    running = CasinoProcess(tmp_path_factory.mktemp("casino"))
    yield running.url
    running.kill()


PLAYERS = ("--players-url", "{casino}/players")
MISTAKES = (
    ("no scheme", SECRET, ("--wallet-url", "localhost:9000/wallet", *PLAYERS), "is no address"),
    ("no secret of ours", "oops", ("--wallet-url", "{casino}/wallet", *PLAYERS), "the secret cannot be used"),
    ("wrong secret", WRONG_SECRET, ("--wallet-url", "{casino}/wallet", *PLAYERS), "cause CRP-SIG-010"),
    ("wrong path", SECRET, ("--wallet-url", "{casino}/walet", *PLAYERS), "cause CRP-HTTP-001"),
    ("nothing there", SECRET, ("--wallet-url", "http://127.0.0.1:1/wallet", *PLAYERS), "cause CRP-NET-001"),
    ("no players", SECRET, ("--wallet-url", "{casino}/wallet"), "give a player"),
    ("stranger", SECRET, ("--wallet-url", "{casino}/wallet", "--player", "nobody"), "not know the player 'nobody'"),
    ("no such call", SECRET, ("--wallet-url", "{casino}/wallet", "--players-url", "{casino}/no"), "answers 2xx"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("secret", "arguments", "told"), [one[1:] for one in MISTAKES], ids=[one[0] for one in MISTAKES]
)
def test_it_is_said_first_and_shortly(casino, tmp_path, secret, arguments, told):
    command = [CROUPIER, "certify", *(word.replace("{casino}", casino) for word in arguments)]
    environment = {**os.environ, "CROUPIER_WALLET_SECRET": secret}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode in (1, 2)
    assert told in " ".join(said.split()), said
    assert "Traceback" not in said
    assert len(said.splitlines()) <= 14, "on one screen"


ANSWERS = (
    ("nested without end", "[" * 60_000, "CRP-JSON-007"),
    ("a number without end", '{"balance":' + "9" * 5_000 + ',"currency":"EUR"}', "CRP-JSON-007"),
    ("half a character", '{"balance":100003,"currency":"\\ud800"}', "CRP-ENC-002"),
    ("not a number", '{"balance":NaN,"currency":"EUR"}', "CRP-JSON-005"),
    ("null", '{"balance":null,"currency":"EUR"}', "CRP-TYPE-001"),
    ("wrapped", '{"data":{"balance":100003,"currency":"EUR"},"error":null}', "CRP-JSON-003"),
)


def certified(folder: Path, rule: str, answer_to: Callable[[str], str]) -> "subprocess.CompletedProcess[str]":
    """`croupier certify RULE` against a wallet that looks at nothing but the path, which it answers with 200."""

    class Wallet(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = answer_to(self.path).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    wallet = ThreadingHTTPServer(("127.0.0.1", 0), Wallet)
    threading.Thread(target=wallet.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{wallet.server_port}/wallet"
    command = [CROUPIER, "certify", rule, "--wallet-url", address, "--player", "p-1"]
    environment = os.environ | {"CROUPIER_WALLET_SECRET": SECRET}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    wallet.shutdown()
    wallet.server_close()
    return done


@pytest.mark.parametrize(("answer", "first"), [one[1:] for one in ANSWERS], ids=[one[0] for one in ANSWERS])
def test_the_first_cause_of_an_answer_that_cannot_be_read(tmp_path, answer, first):
    done = certified(tmp_path, "CONN-03", lambda _: answer)
    assert done.returncode == 1
    assert f"cause {first}" in " ".join(done.stdout.split()), done.stdout


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("session_expired", "session_expired; give the player's session with the id"),
        ("player_blocked", "player_blocked; name a player that may play"),
        ("limit_reached", "limit_reached; name a player whose limits allow"),
    ],
)
def test_a_player_who_may_not_bet_is_told_as_that(tmp_path, reason, told):
    """And not as a wallet that books wrong amounts."""
    balance, declined = '{"balance":20000,"currency":"EUR"}', f'{{"error":{{"code":"{reason}"}}}}'
    done = certified(tmp_path, "ROUND-01", lambda path: balance if path.endswith("/balance") else declined)
    said = " ".join(done.stdout.split())
    assert f"declines the first bet of 'p-1': {told}" in said, done.stdout
    assert done.returncode != 0
    assert "CRP-BAL-004" not in said


@pytest.mark.parametrize("dialect", ["mascot", "slotegrator", "pragmatic"])
def test_the_wallet_to_try_it_with_is_reached_without_further_settings(tmp_path, dialect):
    """`croupier sandbox` and `croupier certify` agree about everything that neither was told."""
    secret, port = "a-secret-of-both-sides", free_port()
    command = [
        CROUPIER,
        "sandbox",
        "--port",
        str(port),
        "--data",
        str(tmp_path),
        "--dialect",
        dialect,
        "--secret",
        secret,
    ]
    url = f"http://127.0.0.1:{port}"
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not listens(port):
            assert time.monotonic() < until
            time.sleep(0.1)
        where = ("--wallet-url", f"{url}/wallet", "--players-url", f"{url}/players", "--dialect", dialect)
        environment = {**os.environ, "CROUPIER_WALLET_SECRET": secret}
        done = subprocess.run(
            [CROUPIER, "certify", "ROUND-01", *where],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        running.kill()
        running.wait()
    assert done.returncode == 0, done.stdout + done.stderr


def listens(port):
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_mapping_that_cannot_be_read_is_shown_as_it_stands(tmp_path):
    (tmp_path / "map.yaml").write_text("name: [a\nb: {")
    command = [CROUPIER, "certify", "--dialect", "./map.yaml", "--wallet-url", "http://127.0.0.1:1/w", "--player", "a"]
    environment = {**os.environ, "CROUPIER_WALLET_SECRET": "s"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "name: [a" in done.stderr
