"""The reference wallet in the words of other APIs, started by its command."""

import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from croupier.dialects import DIALECTS
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Bet, Context
from croupier.wallet.outcome import Accepted
from ports import free_port

CROUPIER = Path(sys.executable).with_name("croupier")
KEY = "a-key-of-the-operator"


@pytest.mark.parametrize("dialect", ["slotegrator", "pragmatic", "softswiss-v2"])
def test_a_balance_and_a_bet(tmp_path, dialect):
    port = free_port()
    command = [CROUPIER, "sandbox", "--port", str(port), "--data", str(tmp_path), "--secret", KEY]
    process = subprocess.Popen([*command, "--dialect", dialect, "--operator-id", "casino", "--number", "0"])
    try:
        until_it_answers(f"http://127.0.0.1:{port}", process)
        url = f"http://127.0.0.1:{port}"
        opened = httpx.post(f"{url}/players", json={"player_id": "ana", "currency": "EUR", "balance": 1000})
        assert opened.status_code == 201
        operator = Operator("casino", dialect, f"{url}/wallet", (KEY,), ("EUR",))
        who = Context("ana", "ss_1", "krakens-hoard", "EUR", operator_token="ana")
        assert said(operator, Balance(who, "q_1")) == Accepted(1000)
        taken = said(operator, Bet(who, "b_" + "A" * 22, "rd_1", 40, time.time_ns() // 1000 + 30_000_000))
        assert isinstance(taken, Accepted)
        assert taken.balance == 960
        stranger = replace(operator, wallet_secrets=("another",))
        assert not isinstance(said(stranger, Balance(who, "q_2")), Accepted)
    finally:
        process.kill()
        process.wait()


def test_an_api_that_it_does_not_speak():
    command = [CROUPIER, "sandbox", "--secret", KEY, "--dialect", "morse"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "slotegrator" in done.stderr


def said(operator: Operator, call):
    dialect, at = DIALECTS[operator.dialect], time.time_ns() // 1000
    request = dialect.request(call, operator, at)
    answer = httpx.post(request.url, content=request.body, headers=list(request.headers))
    heard = HttpResponse(answer.status_code, tuple(answer.headers.items()), answer.content)
    return dialect.outcome(call, operator, heard, at, request)


def until_it_answers(url: str, process: subprocess.Popen) -> None:
    for _ in range(200):
        try:
            httpx.get(f"{url}/healthz", timeout=1).raise_for_status()
        except httpx.HTTPError:
            assert process.poll() is None, "it did not start"
            time.sleep(0.1)
        else:
            return
    raise AssertionError("it does not answer")
