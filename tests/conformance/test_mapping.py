"""A wallet in an API of its own, described by the file of the guide: it is judged as every other."""

import hashlib
import hmac
import json
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import httpx
import pytest

from conformance import house_wallet
from croupier.dialects.mapped.mapping import BadMapping, mapping_of
from croupier.dialects.mapped.wallet import Mapped
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Bet, Context, Rollback
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown
from sandbox.process import free_port

CROUPIER = Path(sys.executable).with_name("croupier")
GUIDE = (Path(__file__).parents[2] / "docs/home-made-api.md").read_text("utf-8")
FILE = re.search(r'```toml title="house.toml"\n(.*?)```', GUIDE, re.DOTALL)[1]


@pytest.fixture
def house(tmp_path):
    (tmp_path / "house.toml").write_text(FILE)
    port = free_port()
    running = subprocess.Popen([sys.executable, house_wallet.__file__, str(port)])
    url = f"http://127.0.0.1:{port}"

    deadline = time.monotonic() + 60
    while True:
        try:
            httpx.post(f"{url}/players", json={"currency": "EUR", "balance": 1}).raise_for_status()
            break
        except httpx.HTTPError:
            assert time.monotonic() < deadline, "the house does not answer"
            time.sleep(0.05)
    yield url
    running.kill()
    running.wait()


GROUPS = ("signature", "balance", "round", "funds", "rollback", "value", "IDEM-05", "IDEM-07", "TIME-04", "RACE-02")
"""The others show nothing of an API: they pass as well, and take longer."""


def test_it_is_judged_as_every_other(house, tmp_path):
    where = ("--wallet-url", f"{house}/house", "--players-url", f"{house}/players", "--dialect", "./house.toml")
    done = subprocess.run(
        [CROUPIER, "certify", "--json", *GROUPS, *where], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"CROUPIER_WALLET_SECRET": house_wallet.SECRET},
    )  # fmt: skip
    report = json.loads(done.stdout)
    odd = {one["id"]: (one["verdict"], one["expected"], one["got"]) for one in report["results"]}
    odd = {name: told for name, told in odd.items() if told[0] not in ("PASS", "SKIP")}
    assert not odd
    assert report["counts"]["PASS"] >= 55


WHO = Context("p", "s", "g", "EUR")
BET = Bet(WHO, "b_1", "rd_1", 163, 2_000_000)
UNDO = Rollback(WHO, "r_1", "rd_1", "b_1", 163)
MAPPED = Mapped(mapping_of(tomllib.loads(FILE)))
HOUSE = Operator("o", "house", "http://w", ("k",), ("EUR",))
SHORT = Declined("insufficient_funds", "NO_FUNDS", 100)
READ = (
    (BET, 201, '{"result":{"funds":"998.40","currency":"EUR","receipt":"x"}}', Accepted(99_840, "x")),
    (
        BET,
        402,
        '{"problem":{"name":"NO_FUNDS"},"result":{"funds":"1.00"}}',
        Declined("insufficient_funds", "NO_FUNDS", 100),
    ),
    (BET, 410, '{"problem":{"name":"CANCELLED"}}', Declined("already_rolled_back", "CANCELLED")),
    (UNDO, 410, '{"problem":{"name":"CANCELLED"}}', Accepted(None)),
    (BET, 409, '{"problem":{"name":"OPERATION_DIFFERS"}}', Conflict("transaction_conflict")),
    (BET, 500, "<h1>oops</h1>", Unknown("http_500")),
    (BET, 201, '{"result":{"funds":998.40,"currency":"EUR"}}', Unknown("bad_balance")),
    (BET, 201, '{"result":{"funds":"998.40","currency":"USD"}}', Unknown("wrong_currency")),
    (BET, 400, '{"problem":{"name":"NEW"}}', Unknown("unknown_code")),
)


@pytest.mark.parametrize(("call", "status", "body", "meant"), READ)
def test_answers(call, status, body, meant):
    told = MAPPED.outcome(call, HOUSE, HttpResponse(status, (), body.encode()), 0)
    assert type(told) is type(meant)
    assert told == meant or (isinstance(meant, Unknown) and told.why == meant.why)


def test_bytes():
    sent = MAPPED.request(BET, HOUSE, 1_700_000_000_000_000)
    assert sent.url == "http://w/debit"
    members = json.loads(sent.body)
    assert members["money"] == "1.63"
    assert members["operation"] == json.loads(MAPPED.request(BET, HOUSE, 0).body)["operation"], "the same id again"
    assert members["operation"] == json.loads(MAPPED.request(UNDO, HOUSE, 0).body)["stake"]
    text = b"1700000000000|/debit|" + sent.body
    seal = hmac.new(b"k", text, hashlib.sha512).hexdigest()
    assert sent.last_header("X-House-Seal") == f"v1={seal}"
    assert "token" not in json.loads(MAPPED.request(Balance(WHO, "q"), HOUSE, 0).body)


WRONG = (
    ('path = "/debit"', 'path = "/debit/{who}"', "{who}"),
    ('balance = "result.funds"\n', "", "balance"),
    ('NO_FUNDS"]', 'NO_FUNDS"]\nbroke = ["X"]', "broke"),
    ('ids = "uuid"', 'ids = "snowflake"', "snowflake"),
    ('digest = "sha512"', 'digset = "sha512"', "digset"),
)


@pytest.mark.parametrize(("before", "after", "named"), WRONG)
def test_a_wrong_file_is_told_what_is_wrong(before, after, named):
    assert before in FILE
    with pytest.raises(BadMapping, match=re.escape(named)):
        mapping_of(tomllib.loads(FILE.replace(before, after)))
