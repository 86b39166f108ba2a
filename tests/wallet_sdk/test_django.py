"""Django on PostgreSQL: the ledger on the connection of the models, inside a project that has its own transactions."""

import json
import subprocess
import sys
from pathlib import Path

from croupier.dialects.native.wallet import Native
from wallet_sdk.calls import balance, bet, fresh, roll, win
from wallet_sdk.conftest import place_of
from wallet_sdk.houses import OPERATOR, SECRET
from wallet_sdk.test_crashes import ENVIRONMENT

NOW = 1_800_000_000_000_000


def signed(call) -> dict:
    request = Native().request(call, OPERATOR, NOW)
    path = "/" + request.url.rpartition("/")[2]
    return {"path": path, "body": request.body.decode(), "headers": dict(request.headers)}


def test_with_atomic_requests_and_csrf_checks_calls_are_done_once(request, tmp_path_factory):
    b1, b2, late = fresh("b"), fresh("b"), fresh("b")
    twice, won, gone = bet("p", b1, 163), win("p", fresh("w"), 279, b1), bet("q", b2, 100)
    races = [
        [twice, twice],
        [won, won, won],
        [gone, roll("q", b2), gone],
        [roll("q", late)],
        [bet("q", late, 100)],
        [bet("q", fresh("b"), 1001)],
        [balance("p"), balance("q")],
        [balance("nobody")],
    ]
    place = place_of(request, "postgresql", tmp_path_factory)
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("django_house.py"), place, SECRET],
        input="".join(json.dumps([signed(call) for call in race]) + "\n" for race in races),
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert {status for race in answers for status, _ in race} == {200}
    (_, first), (_, second) = answers[0]
    assert first == second
    assert first["balance"] == 837
    assert {answer["balance"] for _, answer in answers[1]} == {1116}
    assert answers[4][0][1]["error"]["code"] == "already_rolled_back"
    assert answers[5][0][1]["error"]["code"] == "insufficient_funds"
    assert [answer["balance"] for _, answer in answers[6]] == [1116, 1000]
    assert answers[7][0][1]["error"]["code"] == "unknown_player"
