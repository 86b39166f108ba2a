"""Vectors of the vendor's and other people's clients, and what a signature must not be."""

import json
from pathlib import Path

import pytest

from croupier.dialects.amounts import CannotCarry
from croupier.dialects.languages import language_of
from croupier.dialects.mascot import signature
from croupier.dialects.mascot.names import scale, whole
from croupier.domain.parties import Operator

VECTORS = json.loads(Path(__file__).with_name("mascot_vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector(vector):
    inputs, body = vector["inputs"], vector["inputs"]["body"].encode()
    made = signature.digest(vector["key"], int(inputs["nonce"]), inputs["timestamp"], body)
    assert made == vector["expected"]["digest"]
    assert f"{inputs['key_id']}={made}" == vector["expected"]["value"]


def headers(**changed):
    given = {"x-subject": "casino:7", "x-nonce": "1", "x-timestamp": "2", "x-signature": "a=b=c"} | changed
    return lambda name: given.get(name.lower())


def test_the_key_id_ends_at_the_last_sign():
    assert signature.read(headers()) == signature.Signed("casino:7", 1, 2, "a=b", "c")


@pytest.mark.parametrize(
    "changed",
    [
        {"x-nonce": None},
        {"x-nonce": "0x1"},
        {"x-nonce": "1.0"},
        {"x-nonce": "-1"},
        {"x-nonce": "\u0661"},
        {"x-nonce": str(2**64)},
        {"x-nonce": "9" * 40},
        {"x-timestamp": str(2**32)},
        {"x-timestamp": ""},
        {"x-signature": "nothing"},
        {"x-subject": ""},
    ],
)
def test_ill_headers_are_none(changed):
    assert signature.read(headers(**changed)) is None


def test_a_key_proves_only_under_its_own_id():
    body, keys = b"{}", ("new key", "old key")
    for key in keys:
        given = dict(signature.headers(key, "casino:7", 5, 6, body))
        signed = signature.read(given.get)
        assert signed is not None
        assert signature.proves(signed, keys, body)
        assert not signature.proves(signed, ("new key" if key == "old key" else "old key",), body)
        assert not signature.proves(signed, keys, body + b" ")


MONEY = [
    ("EUR", "", 150, 150),
    ("JPY", "", 150, 150),
    ("KWD", "", 1500, 1500),
    ("BTC", "", 1, 1),
    ("JPY", "JPY=2", 150, 15_000),
    ("KWD", "JPY=2,KWD=2", 1500, 150),
]


@pytest.mark.parametrize(("currency", "override", "ours", "wire"), MONEY)
def test_minor_units_both_ways(currency, override, ours, wire):
    operator = Operator("c", "mascot", "u", ("k",), (), settings={"exponent_override": override})
    counted = scale(currency, operator)
    assert (counted.integer(ours), counted.minor(wire)) == (wire, ours)


def test_what_the_wire_cannot_carry_is_refused():
    operator = Operator("c", "mascot", "u", ("k",), (), settings={"exponent_override": "KWD=2"})
    counted = scale("KWD", operator)
    assert counted.step == 10
    with pytest.raises(CannotCarry):
        counted.integer(1501)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"),
        ("de", "de"),
        ("pt", "pt-BR"),
        ("pt_BR", "pt-BR"),
        ("ES", "es"),
        ("cn", "en"),
        ("", "en"),
        (5, "en"),
    ],
)
def test_languages(code, language):
    assert language_of(code) == language


@pytest.mark.parametrize("value", [True, None, "", "1.0", "-", "1e3", "٣", 2**53, -(2**53), "9" * 30, [], {}])
def test_what_is_no_whole_number(value):
    assert whole(value) is None
