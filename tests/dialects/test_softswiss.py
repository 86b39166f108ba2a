"""The signature vectors, exact money, and which currencies a decimal text can carry."""

import hashlib
import hmac
import json

import pytest

from croupier.dialects import DIALECTS, FACADES
from croupier.dialects.amounts import CannotCarry, Scale
from croupier.dialects.facade import FacadeRequest
from croupier.dialects.softswiss import signature
from croupier.dialects.softswiss.messages import scale
from croupier.dialects.softswiss_v1 import wallet as v1
from croupier.dialects.softswiss_v2 import wallet as v2
from croupier.domain.money import CURRENCIES
from croupier.domain.parties import Operator
from croupier.wallet.calls import Batch, Bet, Context, Win
from dialects.examples import HERE

VECTORS = json.loads((HERE / "softswiss_vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector(vector):
    body, key = vector["inputs"]["body"].encode(), vector["key"]
    assert vector["expected"]["header"] == signature.HEADER
    assert signature.sign(key, body) == vector["expected"]["value"]
    assert signature.proves(vector["expected"]["value"], ("another", key), body)
    assert not signature.proves(vector["expected"]["value"], ("another",), body)
    assert not signature.proves(vector["expected"]["value"], (key,), body + b" ")


IDS = {"softswiss-v1": ("demo", "a1", "a2"), "softswiss-v2": ("dice", "t1", "t2")}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_bet_and_win_of_the_vector_are_what_we_send(vector):
    """Byte for byte; games have our prefix in both APIs."""
    game, bet_id, win_id = IDS[vector["dialect"]]
    who = Context("u1", "s", game, "EUR")
    both = Batch(who, "x", "r1", (Bet(who, bet_id, "r1", 150, 0), Win(who, win_id, "r1", 300, bet_id)))
    operator = Operator("casino", vector["dialect"], "https://casino.example", (vector["key"],), ("EUR",))
    request = DIALECTS[vector["dialect"]].request(both, operator, 0)
    assert request.body.decode() == vector["inputs"]["body"].replace('"dice"', '"croupier:dice"')


@pytest.mark.parametrize("given", [None, "", "é", "\ud800", "0" * 64])
def test_what_is_no_signature(given):
    assert not signature.proves(given, ("testToken",), b"{}")


@pytest.mark.parametrize(
    ("currency", "ours", "text"),
    [
        ("EUR", 150, "1.50"),
        ("EUR", 5, "0.05"),
        ("EUR", 0, "0.00"),
        ("EUR", 100_000, "1000.00"),
        ("JPY", 150, "150"),
        ("KWD", 1500, "1.500"),
        ("BTC", 1, "0.00000001"),
        ("EUR", 2**53 - 1, "90071992547409.91"),
    ],
)
def test_decimal_texts_have_the_digits_of_the_currency(currency, ours, text):
    assert v2.wire_amount(ours, currency) == text
    assert v2.is_amount(text)


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.", ".5", "1e3", "1,5", "٣", "1.12345678901234567", " 1", "1\n", "NaN"]
)
def test_what_is_no_amount(text):
    assert not v2.is_amount(text)


def test_every_currency_has_a_scale_that_loses_nothing():
    for code in CURRENCIES:
        assert scale(code).step == 1


@pytest.mark.parametrize("dialect", [v1.SoftswissV1(), v2.SoftswissV2()], ids=lambda dialect: dialect.name)
def test_an_amount_is_never_rounded_on_its_way(dialect):
    operator = Operator("casino", dialect.name, "https://w.example", ("testToken",), ("EUR",))
    for amount in (1, 99, 150, 2**53 - 1):
        body = json.loads(dialect.request(Bet(Context("u", "s", "g", "EUR"), "b", "r", amount, 0), operator, 0).body)
        (moved,) = body.get("actions") or body["transactions"]
        sent = moved["amount"]
        assert (sent if isinstance(sent, int) else int(sent.replace(".", ""))) == amount
    with pytest.raises(CannotCarry):
        Scale(3, 2).integer(1)


@pytest.mark.parametrize("dialect", ["softswiss-v1", "softswiss-v2"])
def test_the_first_request_that_the_technician_copies_is_signed_right(dialect):
    operator = Operator("my-casino", dialect, "https://w.example/wallet/", ("s3cr3t",), ("EUR",))
    told = FACADES[dialect].handover(operator, "https://croupier.example")
    assert (told["casino_id"], told["auth_token"]) == ("my-casino", "s3cr3t")
    assert told["wallet_url"] == "https://w.example/wallet"
    body = told["first_request"].split("'")[1].encode()
    assert json.loads(body)["casino_id"] == "my-casino"
    made = hmac.new(b"s3cr3t", body, hashlib.sha256).hexdigest()
    assert signature.proves(made, operator.wallet_secrets, body)


@pytest.mark.parametrize("dialect", [v1.SoftswissV1(), v2.SoftswissV2()], ids=lambda dialect: dialect.name)
@pytest.mark.parametrize(
    ("chosen", "signer"), [({}, "old"), ({"signs_with": "newest"}, "new"), ({"signs_with": "oldest"}, "old")]
)
def test_the_old_token_signs_until_the_casino_has_the_new_one(dialect, chosen, signer):
    operator = Operator("casino", dialect.name, "https://w.example", ("new", "old"), ("EUR",), settings=chosen)
    request = dialect.request(Bet(Context("u", "s", "g", "EUR"), "b", "r", 1, 0), operator, 0)
    assert request.last_header(signature.HEADER) == signature.sign(signer, request.body)
    facade, body = FACADES[dialect.name], b'{"casino_id":"casino"}'
    for token in ("new", "old"):
        given = FacadeRequest("POST", "/demo", headers=((signature.HEADER, signature.sign(token, body)),), body=body)
        assert facade.authenticate(given, operator, 0) is None
