"""What people sign instead of the raw body, each found and named. The signatures are made here, with hmac alone."""

import base64
import hashlib
import hmac
import json
import time

import pytest

from croupier.diagnosis.signatures import explain_signature, standard_webhooks

CURRENT = "whsec_" + base64.b64encode(b"the current key of 24 b.").decode()
SANDBOX = "whsec_" + base64.b64encode(b"the sandbox key of 24 b.").decode()
KEYS = {"current": CURRENT, "sandbox": SANDBOX}
KEY = b"the current key of 24 b."
BODY = b'{"player_id":"p/1","amount": 1000,"note":"\xc3\xa9"}'
ID, STAMP = "msg_1", "1700000000"
HEAD = b"msg_1.1700000000."
PARSED = json.loads(BODY)
BUDGET_MS = 50


def b64(key: bytes, text: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, text, "sha256")).decode()


SIGNED = {
    "CRP-SIG-003, sandbox": b64(b"the sandbox key of 24 b.", HEAD + BODY),
    "CRP-SIG-004, JSON.stringify": b64(
        KEY, HEAD + json.dumps(PARSED, separators=(",", ":"), ensure_ascii=False).encode()
    ),
    "CRP-SIG-004, PHP": b64(KEY, HEAD + json.dumps(PARSED, separators=(",", ":")).replace("/", "\\/").encode()),
    "CRP-SIG-004, Python": b64(KEY, HEAD + json.dumps(PARSED).encode()),
    "CRP-SIG-004, sorted": b64(KEY, HEAD + json.dumps(PARSED, sort_keys=True, separators=(",", ":")).encode()),
    "CRP-SIG-005, body": b64(KEY, HEAD + BODY + b"\n"),
    "CRP-SIG-005, secret": b64(CURRENT.encode() + b"\n", HEAD + BODY),
    "CRP-SIG-006, hex": "v1," + hmac.digest(KEY, HEAD + BODY, "sha256").hex(),
    "CRP-SIG-006, key as text": b64(CURRENT.encode(), HEAD + BODY),
    "CRP-SIG-007, only the body": b64(KEY, BODY),
    "CRP-SIG-007, no point": b64(KEY, b"1700000000" + BODY),
    "CRP-SIG-007, sha512": "v1," + base64.b64encode(hmac.digest(KEY, HEAD + BODY, "sha512")).decode(),
    "CRP-SIG-007, no HMAC": "v1," + base64.b64encode(hashlib.sha256(KEY + HEAD + BODY).digest()).decode(),
}


def explained(given: str, body: bytes = BODY):
    prefixes, agreed = standard_webhooks(ID, STAMP, "current")
    return explain_signature(given, body, KEYS, prefixes, agreed)


@pytest.mark.parametrize("mistake", SIGNED)
def test_the_mistake_is_named(mistake):
    found = explained(SIGNED[mistake])
    assert found is not None
    assert found[0].code == mistake.partition(",")[0], found


def test_the_right_signature_and_the_unknown_one_are_not_explained():
    assert explained(b64(KEY, HEAD + BODY)) is None
    assert explained("v1," + base64.b64encode(bytes(32)).decode()) is None
    assert explained("nonsense") is None


def test_keys_are_named_and_never_shown():
    found, recipe = explained(SIGNED["CRP-SIG-003, sandbox"])
    text = found.detail + repr(recipe)
    assert "sandbox" in text
    assert SANDBOX not in text
    assert CURRENT not in text


@pytest.mark.parametrize("given", ["v1," + base64.b64encode(bytes(32)).decode(), "00" * 20])
def test_not_finding_it_takes_no_longer_than_allowed(given):
    """The best of five: the slowest case is the one that fits nothing."""
    took = []
    for _ in range(5):
        began = time.perf_counter_ns()
        assert explained(given) is None
        took.append((time.perf_counter_ns() - began) / 1e6)
    assert min(took) <= BUDGET_MS


def test_a_huge_body_is_tried_raw_only():
    body = b'{"a":"' + b"x" * 200_000 + b'"}'
    assert explained(b64(KEY, HEAD + body + b"\n"), body)[0].code == "CRP-SIG-005"
    assert explained(b64(KEY, HEAD + json.dumps(json.loads(body)).encode()), body) is None
