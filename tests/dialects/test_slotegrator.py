"""Slotegrator: the signature's vectors, what a form must not be, and amounts that the format cannot carry."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from croupier.dialects import DIALECTS, OPERATOR_HALVES, forms
from croupier.dialects.amounts import CannotCarry, Scale
from croupier.dialects.decimals import nearest, number, shortest
from croupier.dialects.operator_half import BadRequest
from croupier.dialects.slotegrator import signature
from croupier.dialects.slotegrator.names import scale, wire_amount
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Batch, Bet, Context, Rollback, Win
from croupier.wallet.outcome import Accepted, Declined, Unknown

VECTORS = json.loads(Path(__file__).with_name("slotegrator_vectors.json").read_text())
OPERATOR = Operator("test-merchant", "slotegrator", "https://casino.example/w", ("test-merchant-key",), ("EUR",))
AT = 1_700_000_000_000_000
WHO = Context("p 1", "ss", "abcd12345", "EUR", operator_token="s1")
SLOTEGRATOR, HALF = DIALECTS["slotegrator"], OPERATOR_HALVES["slotegrator"]


def pairs_of(vector) -> list[forms.Pair]:
    pairs = []
    for name, value in vector["inputs"]["fields"]:
        pairs += forms.listed(name, value) if isinstance(value, list) else [(name, value)]
    return pairs


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector(vector):
    inputs, pairs = vector["inputs"], pairs_of(vector)
    named = inputs["headers"]
    assert forms.encoded(pairs) == inputs["wire"]
    assert signature.string_to_sign([*pairs, *named.items()]) == inputs["string_to_sign"]
    made = signature.headers(vector["key"], named["X-Merchant-Id"], named["X-Nonce"], 1_700_000_000, pairs)
    assert dict(made) == named | {vector["expected"]["header"]: vector["expected"]["value"]}
    header = dict(made).get
    assert signature.doubt(header, inputs["wire"], "test-merchant", ("other", vector["key"]), AT) is None
    assert signature.doubt(header, inputs["wire"] + "&x=1", "test-merchant", (vector["key"],), AT) is not None


def test_the_bet_of_the_vector_is_what_we_send():
    """Byte for byte, but for the nonce that is ours."""
    bet = Bet(WHO, "tx1", "r1", 1050, 0)
    request = SLOTEGRATOR.request(bet, OPERATOR, AT)
    assert request.body.decode() == VECTORS[0]["inputs"]["wire"]


def test_the_list_of_rollbacks_of_the_vector_is_what_we_send():
    """Byte for byte, and our round after it."""
    bet = Rollback(WHO, "x1", "r1", "tx1", 1050, undoes="bet")
    both = Batch(WHO, "rb1", "r1", (bet, Rollback(WHO, "x2", "r1", "tx2", 300, undoes="win")))
    (vector,) = (one for one in VECTORS if one["id"] == "slotegrator-rollback")
    wanted = vector["inputs"]["wire"].replace("player_id=p1", "player_id=p+1") + "&round_id=r1"
    assert SLOTEGRATOR.request(both, OPERATOR, AT).body.decode() == wanted


def test_repeats_are_counted_and_the_count_stays_at_33():
    win = Win(WHO, "w1", "r1", 300, "tx1")
    bodies = [SLOTEGRATOR.request(win, OPERATOR, AT, attempt).body.decode() for attempt in (1, 2, 34, 35, 5000)]
    shown = [dict(forms.read(body)).get("casino_request_retry_count") for body in bodies]
    assert shown == [None, "1", "33", "33", "33"]
    assert {dict(forms.read(body))["transaction_id"] for body in bodies} == {"w1"}


AMOUNTS = [
    ("EUR", "", 1050, "10.5"),
    ("EUR", "", 300, "3"),
    ("EUR", "", 1, "0.01"),
    ("EUR", "", 0, "0"),
    ("EUR", "", 100_000, "1000"),
    ("JPY", "", 150, "150"),
    ("KWD", "", 1505, "1.505"),
    ("USDT", "", 1_500_000, "1.5"),
    ("USDT", "6", 1_234_567, "1.234567"),
    ("BTC", "", 10_000, "0.0001"),
    ("BTC", "8", 1, "0.00000001"),
    ("EUR", "", 99_999_999_999_999, "999999999999.99"),
]


@pytest.mark.parametrize(("currency", "decimals", "amount", "text"), AMOUNTS)
def test_amounts(currency, decimals, amount, text):
    operator = replace(OPERATOR, settings={"decimals": decimals} if decimals else {})
    assert wire_amount(amount, currency, operator) == text
    assert nearest(Decimal(text), scale(currency, operator)) == amount


@pytest.mark.parametrize(
    ("currency", "amount"), [("USDT", 1_500_001), ("BTC", 1), ("BTC", 9_999), ("EUR", 123_456_789_012_345)]
)
def test_what_the_format_cannot_carry_is_refused(currency, amount):
    with pytest.raises(CannotCarry):
        wire_amount(amount, currency, OPERATOR)


def test_bets_are_placed_in_steps_that_the_format_carries():
    assert [SLOTEGRATOR.step(code, OPERATOR) for code in ("EUR", "KWD", "USDT", "BTC")] == [1, 1, 100, 10_000]


@given(st.integers(-(10**15), 10**15), st.integers(0, 8))
def test_a_balance_survives_the_way_there_and_back(amount, digits):
    text = shortest(Decimal(amount).scaleb(-digits))
    assert "e" not in text.lower()
    read = number(text)
    assert read is not None
    assert nearest(read, Scale(digits, digits)) == amount


@pytest.mark.parametrize(
    "value", ["", "1_000", "٣", "1e3", "NaN", "Infinity", " 1", "1,5", "0x1", "9" * 30, True, None, [], {}, 10**18]
)
def test_what_is_no_number(value):
    assert number(value) is None


CALLS = [
    Balance(replace(WHO, player_id="p"), "c1"),
    Bet(replace(WHO, player_id="p"), "b1", "r1", 1050, 2**62),
    Bet(replace(WHO, player_id="p"), "b2", "r2", 0, 2**62, campaign_id="spring"),
    Win(replace(WHO, player_id="p"), "w1", "r1", 300, ""),
    Win(replace(WHO, player_id="p"), "w2", "r2", 300, "", round_closed=False, campaign_id="spring"),
    Rollback(replace(WHO, player_id="p"), "x1", "r1", "b1", 1050),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: type(call).__name__ + call.id)
def test_the_operator_reads_what_we_wrote(call):
    request = SLOTEGRATOR.request(call, OPERATOR, AT)
    read = HALF.read(request, OPERATOR, AT + 29_000_000)
    known = replace(call, context=replace(call.context, operator_token=None, session_id="s1"))
    if isinstance(call, Balance):
        known = replace(known, call_id=read.id, context=replace(known.context, game_id=""))
    assert read == known
    for other, at in ((replace(OPERATOR, wallet_secrets=("other",)), AT), (OPERATOR, AT + 31_000_000)):
        with pytest.raises(BadRequest):
            HALF.read(request, other, at)


def test_the_promises_of_a_correct_operator():
    """A bet after its refund succeeds without a debit, and so does a refund of nothing."""
    bet, refund = CALLS[1], CALLS[5]
    for call, outcome in (
        (bet, Declined("already_rolled_back", balance=5000)),
        (refund, Declined("not_found", balance=5000)),
    ):
        request = SLOTEGRATOR.request(call, OPERATOR, AT)
        answer = HALF.answer(request, call, outcome, OPERATOR)
        heard = SLOTEGRATOR.outcome(call, OPERATOR, answer, AT, request)
        assert heard == Accepted(5000, f"void-{call.id}")


@given(st.sampled_from(CALLS), st.binary(max_size=80), st.integers(100, 599))
def test_random_bytes_are_unknown(call, body, status):
    assert isinstance(SLOTEGRATOR.outcome(call, OPERATOR, HttpResponse(status, (), body), AT), Unknown)


@given(st.binary(max_size=60), st.text(max_size=20))
def test_no_bytes_break_the_reader_of_signatures(raw, text):
    given = {"X-Merchant-Id": "test-merchant", "X-Timestamp": "1700000000", "X-Nonce": text, "X-Sign": text}
    assert signature.doubt(given.get, raw, "test-merchant", ("k",), AT) is not None
