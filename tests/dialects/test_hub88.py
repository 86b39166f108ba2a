"""The signature vector, exact money, and two keys at once."""

import base64
import json
import subprocess

import msgspec
import pytest

from croupier.dialects import DIALECTS, FACADES
from croupier.dialects.amounts import CannotCarry
from croupier.dialects.hub88 import signature
from croupier.dialects.hub88.names import WIRE_MAX, scale, wire_amount
from croupier.domain.parties import Operator
from croupier.store.registry import new_secret
from croupier.wallet.calls import Bet, Context
from dialects.examples import HERE, operator_of

(VECTOR,) = json.loads((HERE / "hub88_vectors.json").read_text())
KEY = operator_of(HERE / "hub88" / "operator.yaml", {}).wallet_secrets[0]
PUBLIC, BODY = VECTOR["public_key_pem"], VECTOR["inputs"]["body"].encode()
GIVEN = VECTOR["expected"]["value"]


def test_vector():
    assert VECTOR["expected"]["header"] == signature.HEADER
    assert signature.sign(KEY, BODY) == GIVEN
    assert signature.proves(GIVEN, PUBLIC, BODY)
    assert signature.public_pem(KEY) == PUBLIC


def test_openssl_believes_our_signature(tmp_path):
    key = new_secret("rsa")
    (tmp_path / "public.pem").write_text(signature.public_pem(key))
    (tmp_path / "signature").write_bytes(base64.b64decode(signature.sign(key, BODY)))
    command = ["openssl", "dgst", "-sha256", "-verify", "public.pem", "-signature", "signature"]
    assert subprocess.run(command, cwd=tmp_path, input=BODY, check=True, capture_output=True).stdout == b"Verified OK\n"


@pytest.mark.parametrize(
    "given", [None, "", "not base64!", GIVEN[:-4], GIVEN + "AAAA", GIVEN.lower(), " " + GIVEN, "é" * 344]
)
def test_what_is_no_signature(given):
    assert not signature.proves(given, PUBLIC, BODY)


def test_a_changed_body_or_another_key():
    assert not signature.proves(GIVEN, PUBLIC, BODY + b" ")
    assert not signature.proves(GIVEN, signature.public_pem(new_secret("rsa")), BODY)


def test_two_keys_while_one_is_changed_and_none_that_cannot_be_read():
    other = signature.public_pem(new_secret("rsa"))
    assert signature.proves(GIVEN, other + PUBLIC, BODY)
    assert signature.proves(GIVEN, PUBLIC + other, BODY)
    broken = PUBLIC.replace("M", "!", 1)
    assert not signature.proves(GIVEN, broken, BODY)
    assert signature.proves(GIVEN, broken + PUBLIC, BODY)


MONEY = [
    ("EUR", 150, 150_000),
    ("EUR", 356, 356_000),
    ("JPY", 150, 15_000_000),
    ("KWD", 1500, 150_000),
    ("BTC", 1000, 1),
    ("USDT", 10, 1),
]


@pytest.mark.parametrize(("currency", "ours", "wire"), MONEY)
def test_amounts_both_ways(currency, ours, wire):
    assert wire_amount(ours, currency) == wire
    assert scale(currency).exact(wire) == scale(currency).minor(wire) == ours


@pytest.mark.parametrize(
    ("currency", "amount"), [("BTC", 999), ("BTC", 1001), ("USDT", 1), ("JPY", WIRE_MAX // 99_999)]
)
def test_what_the_wire_cannot_carry_is_refused(currency, amount):
    with pytest.raises(CannotCarry):
        wire_amount(amount, currency)


@pytest.mark.parametrize(("currency", "wire"), [("EUR", 150_001), ("JPY", 1), ("KWD", 99)])
def test_what_the_currency_cannot_hold_is_refused(currency, wire):
    with pytest.raises(CannotCarry):
        scale(currency).exact(wire)


def test_what_the_technician_is_told_holds_no_private_key():
    operator = Operator("casino", "hub88", "https://w.example", (KEY,), ("EUR",), number=1001)
    told = FACADES["hub88"].handover(operator, "https://croupier.example")
    assert (told["operator_id"], told["public_key"]) == (1001, PUBLIC)
    assert "PRIVATE" not in json.dumps(told)
    assert "still missing" in told["your_public_key"]
    with_key = msgspec.structs.replace(operator, settings={"public_key": PUBLIC})
    assert FACADES["hub88"].handover(with_key, "https://croupier.example")["your_public_key"] == PUBLIC


def test_bets_are_repeated_only_where_they_are_idempotent():
    assert DIALECTS["hub88"].abilities.bet_attempts == 3


def test_the_old_key_signs_until_the_operator_has_the_new_one():
    old, call = new_secret("rsa"), Bet(Context("ana", "s", "g", "EUR"), "b_1", "rd_1", 100, 0)
    for chosen, signer in (({}, old), ({"signs_with": "newest"}, KEY)):
        operator = Operator("casino", "hub88", "https://w.example", (KEY, old), ("EUR",), settings=chosen, number=7)
        request = DIALECTS["hub88"].request(call, operator, 0)
        assert signature.proves(request.last_header(signature.HEADER), signature.public_pem(signer), request.body)
