"""Pragmatic: the hash's vector and its variants, rounds as numbers, amounts of two digits, what each half reads."""

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from croupier.dialects import DIALECTS, FACADES, OPERATOR_HALVES, forms
from croupier.dialects.amounts import CannotCarry
from croupier.dialects.facade import FacadeRequest
from croupier.dialects.operator_half import BadRequest, read_again
from croupier.dialects.pragmatic import signature
from croupier.dialects.pragmatic.names import wire_amount
from croupier.domain.exchange import HttpResponse
from croupier.domain.ids import round_number
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.runtime.requests import Requests
from croupier.wallet.book import Account, Book, MemoryPages
from croupier.wallet.calls import Balance, Bet, Context, EndRound, Rollback, Win
from croupier.wallet.outcome import Accepted, Declined, Introduced, Unknown
from dialects.examples import HERE, operator_of, read, result_of

(VECTOR,) = json.loads(Path(__file__).with_name("pragmatic_vectors.json").read_text())
OPERATOR = Operator("casino", "pragmatic", "https://casino.example/pp", ("testKey",), ("EUR", "JPY"))
WHO = Context("p1", "ss", "krakens-hoard", "EUR", operator_token="p1")
PRAGMATIC, HALF = DIALECTS["pragmatic"], OPERATOR_HALVES["pragmatic"]
AT = 1_700_000_000_000_000


def test_vector():
    fields, text = list(VECTOR["inputs"]["fields"].items()), VECTOR["inputs"]["string_before_secret"]
    assert signature.string_to_sign(fields) == text
    made = signature.with_hash(VECTOR["key"], fields)
    assert made[-1] == (VECTOR["expected"]["field"], VECTOR["expected"]["value"])
    assert signature.proves(forms.encoded(made), ("older", VECTOR["key"]))
    assert not signature.proves(forms.encoded(made), ("older",))
    assert not signature.proves(forms.encoded([*made, ("bonusCode", "x")]), (VECTOR["key"],))


def test_every_value_we_send_is_the_same_encoded_or_not():
    """So that all implementers' ways of making the hash agree."""
    for call in CALLS:
        request = PRAGMATIC.request(call, OPERATOR, AT)
        pairs = forms.read(request.body)
        assert "&".join(f"{name}={value}" for name, value in pairs) == request.body.decode()
        assert all(value for _, value in pairs), "nothing empty is sent"


def test_an_attempt_is_sent_again_byte_for_byte():
    for call in CALLS:
        first, again = PRAGMATIC.request(call, OPERATOR, AT), PRAGMATIC.request(call, OPERATOR, AT + 10**9, 7)
        assert first == again


@pytest.mark.parametrize(
    ("currency", "amount", "text"),
    [("EUR", 150, "1.50"), ("EUR", 0, "0.00"), ("JPY", 150, "150.00"), ("KWD", 1500, "1.50"), ("BTC", 10**6, "0.01")],
)
def test_two_digits_in_every_currency(currency, amount, text):
    assert wire_amount(amount, currency) == text


@pytest.mark.parametrize(("currency", "amount"), [("KWD", 1505), ("USDT", 1), ("BTC", 10**6 + 1)])
def test_what_two_digits_cannot_carry_is_refused(currency, amount):
    with pytest.raises(CannotCarry):
        wire_amount(amount, currency)
    assert amount % PRAGMATIC.step(currency, OPERATOR)


@given(st.text(max_size=64))
def test_a_round_is_a_positive_number_of_63_bits(name):
    number = round_number(name)
    assert 0 < number < 2**63 or name.isdigit()
    assert round_number(str(number)) == number


def test_the_number_of_a_round_never_changes():
    digest = hashlib.sha256(b"round\0rd_1").digest()
    assert round_number("rd_1") == int.from_bytes(digest[:8], "big") // 2 == 6_145_182_960_487_112_038


CALLS = [
    Balance(WHO, "q"),
    Balance(replace(WHO, player_id="", currency=""), "q", introduces=True),
    Bet(WHO, "b_1", "rd_1", 1050, 2**62, made_at=AT),
    Bet(WHO, "b_2", "rd_2", 0, 2**62, campaign_id="spring", made_at=AT),
    Win(WHO, "w_1", "rd_1", 300, "", made_at=AT),
    Win(WHO, "w_2", "rd_2", 300, "", campaign_id="spring", made_at=AT),
    Rollback(WHO, "r_1", "rd_1", "b_1", 1050, made_at=AT),
    EndRound(WHO, "e_1", "rd_1", made_at=AT),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{type(call).__name__}-{call.id}")
@pytest.mark.parametrize("currency", ["EUR", "JPY"])
def test_the_operator_reads_what_we_wrote(call, currency):
    if not isinstance(call, Balance):
        call = replace(call, context=replace(call.context, currency=currency))
    request = PRAGMATIC.request(call, OPERATOR, AT)
    assert HALF.read(request, OPERATOR, AT).context.currency == ""
    read = read_again(HALF.read, request, OPERATOR, AT, currency)
    has_token = isinstance(call, Balance | Bet)
    game_id = "" if isinstance(call, Balance) and not call.introduces else "krakens-hoard"
    context = Context("p1", "", game_id, currency, "p1" if has_token else None)
    known = replace(call, context=context)
    if not isinstance(known, Balance):
        known = replace(known, made_at=0, round_id=str(round_number(call.round_id)))
    match known:
        case Rollback():
            known = replace(known, transaction_id="undo:b_1")
        case EndRound():
            known = replace(known, transaction_id=f"end:{known.round_id}")
    assert read == known
    with pytest.raises(BadRequest):
        HALF.read(request, replace(OPERATOR, wallet_secrets=("other",)), AT)
    with pytest.raises(BadRequest):
        HALF.read(request, replace(OPERATOR, settings={"provider_id": "other"}), AT)


def test_a_round_through_both_halves():
    """Authenticate, bet, a repeat, result, endRound, a refund of nothing, and the bet that comes after it."""
    pages = MemoryPages()
    pages.put_account(Account("p1", "EUR", 100_000))
    book = Book(pages)

    def said(call):
        request = PRAGMATIC.request(call, OPERATOR, AT)
        read = read_again(HALF.read, request, OPERATOR, AT, "EUR")
        answer = HALF.answer(request, read, book.answer(read, AT), OPERATOR)
        return PRAGMATIC.outcome(call, OPERATOR, answer, AT, request)

    who = said(CALLS[1])
    assert isinstance(who, Introduced)
    assert (who.player_id, who.currency, who.balance, who.token) == ("p1", "EUR", 100_000, "p1")
    bet, win, end = CALLS[2], CALLS[4], CALLS[7]
    assert said(bet) == said(bet) == Accepted(98_950, "op-1")
    assert said(win) == said(win) == Accepted(99_250, "op-2")
    assert said(end) == said(end) == Accepted(99_250)
    late = Bet(WHO, "b_9", "rd_9", 100, 2**62)
    assert said(Rollback(WHO, "r_9", "rd_9", "b_9", 100)) == Accepted(99_250, "op-3")
    assert said(late) == Unknown("error_120", "already_rolled_back")
    assert said(replace(late, transaction_id="b_10", amount=10**7)) == Declined(
        "insufficient_funds", "insufficient_funds"
    )


@given(st.sampled_from(CALLS), st.binary(max_size=80), st.integers(100, 599))
def test_random_bytes_are_unknown(call, body, status):
    assert isinstance(PRAGMATIC.outcome(call, OPERATOR, HttpResponse(status, (), body), AT), Unknown)


def test_a_wallet_without_end_round_is_not_asked_for_it():
    for settings, asked in (({}, True), ({"end_round": "on"}, True), ({"end_round": "off"}, False)):
        terms = Requests._terms(SimpleNamespace(dialects=DIALECTS), replace(OPERATOR, settings=settings))
        assert terms.end_round is asked
    assert not Requests._terms(SimpleNamespace(dialects=DIALECTS), replace(OPERATOR, dialect="slotegrator")).end_round


@given(st.binary(max_size=80))
def test_no_bytes_break_the_reader_of_hashes(raw):
    assert not signature.proves(raw, ("k",))


@pytest.mark.parametrize("bet", ['"NaN"', '"sNaN"', '"Infinity"', '"-Infinity"', "1e-70", "-0", "1e12"])
def test_a_bet_that_is_no_amount(bet):
    path = HERE / "pragmatic" / "facade-v2-bonus.yaml"
    example, facade, operator = read(path), FACADES["pragmatic"], operator_of(path, read(path))
    asked, steps = example["request"], example["steps"]
    body = asked["body"].replace("0.02", bet).encode()
    request = FacadeRequest(asked["method"], asked["path"], asked["query"], tuple(asked["headers"].items()), body)
    course = facade.converse(request, operator, AT)
    next(course)
    with pytest.raises(Refused) as refused:
        raise StopIteration(course.send(result_of(steps[0]["result"])))
    assert refused.value.code == "invalid_value"
