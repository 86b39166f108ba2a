"""The skeletons, untouched, in their frameworks' servers: what these do to requests does no harm; a real platform plays
real rounds with each, also through a kill -9.
"""

import json
import subprocess
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import httpx
import msgspec
import pytest

from croupier.dialects.native.wallet import Native
from croupier.wallet.signature import signed_headers
from journeys.demo_process import CROUPIER, stop
from ports import free_port
from wallet_sdk.calls import balance, bet
from wallet_sdk.casino_api import Operator
from wallet_sdk.houses import OPERATOR
from wallet_sdk.skeletons import FRAMEWORKS, Skeleton, croupier

PATIENCE_S = 60
OPENING = 100_000


def until(question, what: str):
    """The first answer that is not None."""
    ends = time.monotonic() + PATIENCE_S
    while (answer := question()) is None:
        assert time.monotonic() < ends, what
        time.sleep(0.1)
    return answer


class Platform:
    """`croupier serve` on its own embedded database."""

    def __init__(self, folder) -> None:
        self.url, self.data = f"http://127.0.0.1:{free_port()}", folder / "data"
        with (folder / "platform.log").open("wb") as log:
            self.process = subprocess.Popen(
                [CROUPIER, "serve", "--port", self.url.rpartition(":")[2], "--data", self.data], stdout=log, stderr=log
            )
        try:
            until(self.ready, "the platform starts")
        except AssertionError:
            stop(self.process)
            raise

    def ready(self) -> bool | None:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/readyz", timeout=2).is_success or None
        return None

    def operator(self, skeleton: Skeleton) -> "Operator":
        add = ("operator", "add", skeleton.framework, "--wallet-url", skeleton.url, "--currency", "EUR")
        return Operator(self.url, croupier(*add, "--data", str(self.data), "--json"))


@pytest.fixture(scope="module")
def platform(tmp_path_factory) -> Iterator[Platform]:
    running = Platform(tmp_path_factory.mktemp("platform"))
    yield running
    stop(running.process)


@pytest.fixture(scope="module", params=FRAMEWORKS)
def skeleton(request, tmp_path_factory, platform) -> Iterator[Skeleton]:
    one = Skeleton(request.param, tmp_path_factory.mktemp(request.param))
    one.operator = platform.operator(one)
    one.trust(one.operator.secret)
    one.start()
    yield one
    one.kill()


def sent(skeleton: Skeleton, call, *, body: bytes | None = None, end: str = "", method: str = "POST") -> httpx.Response:
    """As the platform sends it; or with another body, address or method, signed well."""
    operator = msgspec.structs.replace(OPERATOR, wallet_url=skeleton.url, wallet_secrets=(skeleton.secret,))
    at = time.time_ns() // 1000
    request = Native().request(call, operator, at)
    headers = dict(request.headers)
    if body is not None:
        headers |= dict(signed_headers((skeleton.secret,), call.id, at, body))
    return httpx.request(method, request.url + end, headers=headers, content=body or request.body, timeout=10)


def test_bytes_that_a_framework_would_write_otherwise_are_verified_as_they_came(skeleton):
    call = balance("p-2")
    body = json.dumps(json.loads(native_body(call)), indent=3).replace('"p-2"', '"\\u0070-2"').encode()
    assert sent(skeleton, call, body=body).json() == {"balance": OPENING, "currency": "EUR"}


def native_body(call) -> bytes:
    return Native().request(call, OPERATOR, 0).body


def test_a_slash_at_the_end_is_no_redirect(skeleton):
    assert sent(skeleton, balance("p-2"), end="/").status_code == 200


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"body": b'{"a":'}, 400),
        ({"body": b"x" * 70_000}, 413),
        ({"method": "GET"}, 405),
        ({"end": "/../../admin"}, 404),
    ],
    ids=["broken JSON", "70 kB", "GET", "another address"],
)
def test_what_is_no_wallet_call_gets_a_short_4xx(skeleton, changed, status):
    answer = sent(skeleton, balance("p-2"), **changed)
    assert answer.status_code == status
    assert len(answer.content) < 1000
    assert "Traceback" not in answer.text


def test_the_same_bet_twice_and_two_bets_of_all_there_is_at_once(skeleton):
    """Over real HTTP, through the framework's own threads and database connections."""
    twice = bet("p-2", uuid.uuid4().hex, 400)
    first, second = at_once(skeleton, [twice, twice])
    assert (first.status_code, second.status_code, first.content) == (200, 200, second.content)
    left = OPENING - 400
    assert skeleton.balance("p-2") == left
    answers = at_once(skeleton, [bet("p-2", uuid.uuid4().hex, left) for _ in range(4)])
    assert sorted("error" in answer.json() for answer in answers) == [False, True, True, True]
    assert {answer.status_code for answer in answers} == {200}
    assert skeleton.balance("p-2") == 0


def at_once(skeleton: Skeleton, calls: list) -> list[httpx.Response]:
    barrier = Barrier(len(calls))

    def one(call):
        barrier.wait()
        return sent(skeleton, call)

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(one, calls))


def test_rounds_are_played_through_a_crash_and_both_books_agree(skeleton):
    operator = skeleton.operator
    operator.launch("p-1")
    for _ in range(6):
        spun = operator.spin()
        assert spun.status_code == 200, (spun.text, skeleton.log)
    until(lambda: operator.settled(6), "six rounds are settled")

    skeleton.kill()
    lost = operator.spin()
    assert lost.status_code == 424, lost.text
    skeleton.start()
    rounds = until(lambda: operator.settled(7), "the bet that nobody answered is rolled back")
    assert [one["state"] for one in rounds].count("cancelled") == 1

    for _ in range(3):
        assert operator.spin().status_code == 200
    until(lambda: operator.settled(10), "ten rounds are settled")

    ours = operator.transactions()
    moved = {one["transaction_id"]: one for one in ours if one["state"] == "accepted" and one["kind"] != "rollback"}
    net = sum(one["amount"] * (1 if one["kind"] == "win" else -1) for one in moved.values())
    assert skeleton.balance("p-1") == OPENING + net
    theirs = skeleton.ask(
        "SELECT tx_id FROM croupier_tx "
        "WHERE player_id = 'p-1' AND kind IN ('bet', 'win') AND status IN ('applied', 'settled')"
    )
    assert {tx_id for (tx_id,) in theirs} == set(moved)
    assert "Traceback" not in skeleton.log
