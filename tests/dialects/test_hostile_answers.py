"""No bytes an operator may send make the native dialect raise, or believe what is not plainly said."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from croupier.dialects import DIALECTS
from croupier.dialects.strict_json import NotStrict, read_decimals, read_object
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Bet, Context, Rollback, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown

NATIVE = DIALECTS["native"]
OPERATOR = Operator("casino", "native", "https://casino.example/wallet", ("whsec_" + "QUJD" * 8,), ("EUR",))
WHO = Context("p", "s", "g", "EUR")
CALLS = [
    Balance(WHO, "c"),
    Bet(WHO, "b", "r", 100, 0),
    Win(WHO, "w", "r", 100, "b"),
    Rollback(WHO, "x", "r", "b", 100),
]
CODES = [
    *("insufficient_funds", "limit_reached", "player_blocked", "session_expired", "unknown_player"),
    *("currency_mismatch", "expired", "already_rolled_back", "unknown_transaction", "transaction_conflict", "made_up"),
]

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["EUR", "USD", "op-1", "", *CODES])
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["code", "message", "balance"]), inner),
    max_leaves=6,
)
members = st.dictionaries(st.sampled_from(["balance", "currency", "transaction_id", "error", "extra"]), values)


def judged(call, body: bytes, status: int = 200):
    return NATIVE.outcome(call, OPERATOR, HttpResponse(status, (), body), 0)


@given(st.sampled_from(CALLS), st.binary(max_size=80))
def test_random_bytes_are_unknown(call, body):
    assert isinstance(judged(call, body), Unknown)


@given(st.sampled_from(CALLS), members, st.booleans())
def test_believed_only_when_an_independent_reading_agrees(call, answer, compact):
    body = json.dumps(answer, separators=(",", ":") if compact else None).encode()
    outcome = judged(call, body)
    # Written again from contract.md §3, the other way round: what must hold for each verdict.
    if isinstance(outcome, Accepted):
        error = answer.get("error")
        if error is None:
            assert type(answer["balance"]) is int
            assert answer["currency"] == "EUR"
            assert outcome.balance == answer["balance"]
            assert type(call) in (Balance, Rollback) or answer["transaction_id"] == outcome.operator_reference != ""
        else:
            assert type(call) is Rollback
            assert error["code"] == "already_rolled_back"
    elif isinstance(outcome, Declined):
        code = answer["error"]["code"]
        if outcome.reason == "not_found":
            assert (type(call), code) == (Rollback, "unknown_transaction")
        else:
            assert outcome.reason == code
            assert CODES.index(code) <= CODES.index("expired") or (type(call) in (Bet, Win) and code == CODES[7])
    elif isinstance(outcome, Conflict):
        assert type(call) is not Balance
        assert answer["error"]["code"] == "transaction_conflict"
    assert isinstance(judged(call, body, 500), Unknown)


@given(members)
def test_both_readers_of_json_agree(answer):
    """The quick way (compact text) and the slow way (spaces) must see the same."""

    def seen(text: str):
        try:
            return read_object(text.encode())
        except NotStrict as error:
            return error.why

    assert seen(json.dumps(answer, separators=(",", ":"))) == seen(json.dumps(answer, indent=1))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"a":1,"a":1}', "duplicate_key"),
        (b'{"x":{"a":1,"a":1}}', "duplicate_key"),
        (b'{"a":1.0}', "float"),
        (b'{"a":[{"b":-0.5}]}', "float"),
        (b'{"a":1e400}', "float"),
        (b'{"a":Infinity}', "float"),
        (b'{"a":-NaN}', "not_json"),
        (b'{"a":01}', "not_json"),
        (b"{'a':1}", "not_json"),
        (b'{"a":1,}', "not_json"),
        (b'{"a":1}x', "not_json"),
        (b'{"a":"\xff"}', "not_json"),
        (b'{"a":"\\ud800"}', "not_json"),
        (b'{"a":"\n"}', "not_json"),
        (b'\xff\xfe{\x00"\x00', "not_json"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_large"),
        (b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}", "too_deep"),
        (b'{"a":' + b"[" * 16 + b"]" * 16 + b"}", "too_deep"),
        (b'{"a":' + b"9" * 5000 + b"}", "not_json"),
        (b"12", "not_an_object"),
        (b"null", "not_an_object"),
        (b"  <!doctype html>", "html"),
    ],
)
def test_json_that_could_mean_two_things(body, why):
    with pytest.raises(NotStrict) as refused:
        read_object(body)
    assert refused.value.why == why


@pytest.mark.parametrize("number", ["1e99999999999999999999", "1e-99999999999999999999", "NaN", "Infinity", "9" * 5000])
def test_numbers_that_no_decimal_is(number):
    with pytest.raises(NotStrict):
        read_decimals(b'{"a":%s}' % number.encode())


def test_fifteen_levels_are_read():
    assert read_object(b'{"a":' + b"[" * 15 + b"]" * 15 + b"}")


@pytest.mark.parametrize("call", CALLS, ids=lambda call: type(call).__name__)
def test_an_answer_that_names_another_call_is_none(call):
    body = b'{"balance":1,"currency":"EUR","transaction_id":"op-1"}'
    told = {
        named: NATIVE.outcome(call, OPERATOR, HttpResponse(200, (("webhook-id", named),), body), 0)
        for named in (call.id, "another", "")
    }
    assert isinstance(told[call.id], Accepted)
    assert [told[named].why for named in ("another", "")] == ["bad_signature", "bad_signature"]


latin = st.text(st.characters(max_codepoint=255), max_size=12)
names = st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "retry-after", "content-type"])
SIGNING = msgspec.structs.replace(OPERATOR, signed_answers=True, answer_secrets=("whsec_" + "REVG" * 8,))


@given(
    st.sampled_from(CALLS),
    st.integers(100, 999),
    st.lists(st.tuples(names, latin | st.sampled_from(["b", "0", "v1,AAAA", "9" * 300]))),
)
def test_no_header_is_believed_or_breaks_anything(call, status, headers):
    body = b'{"balance":1,"currency":"EUR","transaction_id":"op-1"}'
    outcome = NATIVE.outcome(call, SIGNING, HttpResponse(status, tuple(headers), body), 0)
    assert isinstance(outcome, Unknown)
    assert outcome.retry_after_ms is None or 0 <= outcome.retry_after_ms <= 900_000
