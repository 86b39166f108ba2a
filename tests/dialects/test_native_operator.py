"""The operator's half of the native wallet: it reads what our half writes, and refuses everything else."""

import json

import pytest

from croupier.dialects import DIALECTS
from croupier.dialects.native.operator import BadRequest, answer, read_call, sign_answer, signed_of
from croupier.domain.parties import Operator
from croupier.wallet.calls import Balance, Bet, Context, Rollback, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown
from croupier.wallet.signature import Signed, signed_headers

NATIVE = DIALECTS["native"]
SECRET, ANSWER_SECRET = "whsec_" + "QUJD" * 8, "whsec_" + "REVG" * 8
OPERATOR = Operator("casino", "native", "https://casino.example/wallet", (SECRET,), ("EUR",))
SIGNING = Operator(
    *("casino", "native", "https://casino.example/wallet", (SECRET,), ("EUR",)),
    answer_secrets=(ANSWER_SECRET,),
    signed_answers=True,
)
AT = 1_800_000_000_000_000
WHO = Context("player:1@casino", "ses_1", "krakens-hoard", "EUR", "tokén")
BET = Bet(WHO, "b_1", "rd_1", 150, AT + 30_000_000)
CALLS = [
    Balance(WHO, "c_1"),
    BET,
    Win(WHO, "w_1", "rd_1", 0, "b_1", round_closed=False),
    Win(WHO, "w_1", "rd_1", 2**53 - 1, "b_1"),
    Rollback(WHO, "r_1", "rd_1", "b_1", 0),
]


def read(path: str, members: dict | bytes, secret: str = SECRET):
    body = members if isinstance(members, bytes) else json.dumps(members).encode()
    return read_call(path, signed_of(signed_headers((secret,), "b_1", AT, body)), body, (SECRET,), AT)


def members_of(call) -> dict:
    return json.loads(NATIVE.request(call, OPERATOR, AT).body)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: type(call).__name__)
def test_what_we_write_is_what_the_operator_reads(call):
    request = NATIVE.request(call, OPERATOR, AT)
    path = request.url.rpartition("/")[2]
    assert read_call(path, signed_of(request.headers), request.body, (SECRET,), AT) == call


@pytest.mark.parametrize("call", CALLS, ids=lambda call: type(call).__name__)
@pytest.mark.parametrize(
    "outcome",
    [
        Accepted(99_850, "op-1"),
        Declined("insufficient_funds", "not enough", 5),
        Declined("already_rolled_back", "undone"),
        Declined("not_found", "never seen"),
        Conflict("transaction_conflict"),
    ],
    ids=lambda outcome: type(outcome).__name__,
)
def test_what_the_operator_answers_is_what_we_understand(call, outcome):
    answered = sign_answer(answer(call, outcome), (ANSWER_SECRET,), call.id, AT)
    understood = NATIVE.outcome(call, SIGNING, answered, AT)
    match call, outcome:
        case Balance(), Accepted():
            assert understood == Accepted(99_850)
        case Balance(), Conflict() | Declined("already_rolled_back" | "not_found"):
            assert isinstance(understood, Unknown)
        case Rollback(), Declined("already_rolled_back"):
            assert understood == Accepted(None)
        case Bet() | Win(), Declined("not_found"):
            assert understood == Unknown("unknown_transaction")
        case _:
            assert understood == outcome


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("amount", None),
        ("amount", -1),
        ("amount", 1.5),
        ("amount", "150"),
        ("amount", True),
        ("amount", 2**53),
        ("type", "win"),
        ("type", None),
        ("transaction_id", None),
        ("transaction_id", ""),
        ("transaction_id", "x" * 65),
        ("transaction_id", "../b"),
        ("player_id", 7),
        ("player_id", None),
        ("round_id", "a\x00b"),
        ("expires_at", "soon"),
        ("expires_at", "2026-11-22"),
        ("expires_at", "2026-11-22T12:00:00"),
        ("expires_at", 1_800_000_000),
        ("currency", None),
    ],
)
def test_an_ill_member_is_a_clean_400(member, value):
    members = members_of(BET) | {member: value}
    if value is None:
        del members[member]
    with pytest.raises(BadRequest) as refused:
        read("bet", members)
    assert refused.value.status == 400


@pytest.mark.parametrize("body", [b"", b'{"a":', b"[]", b'{"amount":1,"amount":2}', b'{"amount":NaN}', b"\xff"])
def test_a_body_that_is_no_object_is_a_clean_400(body):
    with pytest.raises(BadRequest) as refused:
        read("bet", body)
    assert refused.value.status == 400


def test_unknown_members_are_ignored():
    assert read("bet", members_of(BET) | {"note": "é", "new_field": {"x": [1]}}) == BET


@pytest.mark.parametrize("kind", ["balance", "bet", "win", "rollback"])
@pytest.mark.parametrize("call", CALLS, ids=lambda call: type(call).__name__)
def test_a_signed_body_passes_at_its_own_address_only(call, kind):
    members = members_of(call)
    if members["type"] == kind:
        assert read(kind, members)
    else:
        with pytest.raises(BadRequest) as refused:
            read(kind, members)
        assert (refused.value.status, refused.value.code) == (400, "wrong_type")


@pytest.mark.parametrize("headers", [Signed(None, None, None), Signed("b_1", "1800000000", "v1,AAAA")])
def test_nothing_is_read_before_the_signature_is_right(headers):
    with pytest.raises(BadRequest) as refused:
        read_call("bet", headers, b"not even JSON", (SECRET,), AT)
    assert refused.value.status == 401


def test_another_operators_secret_is_refused():
    with pytest.raises(BadRequest) as refused:
        read("bet", members_of(BET), secret=ANSWER_SECRET)
    assert (refused.value.status, refused.value.code) == (401, "bad_signature")
