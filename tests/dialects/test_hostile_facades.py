"""No bytes of an authentic caller make a facade raise anything but a refusal, in any API."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from croupier.dialects import DIALECTS, FACADES, OPERATOR_HALVES
from croupier.dialects.facade import FacadeRequest
from croupier.dialects.hub88 import facade as hub88
from croupier.dialects.hub88 import signature as rsa
from croupier.dialects.operator_half import BadRequest
from croupier.dialects.softswiss import signature as hmac
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.wallet.calls import Balance, Bet, Context, EndRound, Rollback, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown
from dialects.examples import AT, HERE, operator_of

PATHS = {
    "hub88": [hub88.BASE + path for path in hub88.CALLS],
    "softswiss-v1": list(FACADES["softswiss-v1"].calls),
    "softswiss-v2": list(FACADES["softswiss-v2"].calls),
}
NAMES = [
    *("user", "token", "game_code", "currency", "platform", "lang", "ip", "transaction_uuid", "round", "users"),
    *("prepaid_uuid", "campaign_uuid", "reward_uuid", "bet_value", "bet_count", "start_time", "end_time", "name"),
    *("game", "game_id", "locale", "client_type", "urls", "issue_id", "games", "freespins_quantity", "bet_level"),
    *("valid_until", "id", "country", "operator_reference", "product_code", "jurisdiction"),
]
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        ["EUR", "XXX", "krakens-hoard", "GPL_DESKTOP", "mobile", "2026-11-30T12:00:00Z", "9999-12-31T23:59:59"]
    )
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner), max_leaves=6
)
members = st.dictionaries(st.sampled_from(NAMES), values, max_size=10)


@pytest.mark.parametrize("dialect", PATHS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_whatever_is_sent_gets_an_answer(dialect: str, data: Any):
    path, body = data.draw(st.sampled_from(PATHS[dialect])), data.draw(members)
    raw = data.draw(st.binary(max_size=20) | st.just(json.dumps(body).encode()))
    request = FacadeRequest("POST", path, body=raw)
    facade, operator = FACADES[dialect], operator_of(HERE / dialect / "operator.yaml", {})
    facade.caller(request)
    course = facade.converse(request, operator, AT)
    try:
        next(course)
        with pytest.raises((StopIteration, Refused)) as ended:  # what an action refuses is told in the API's own shape
            course.throw(Refused("not_found", "There is no such thing."))
        reply = ended.value.value if isinstance(ended.value, StopIteration) else facade.refuse(request, ended.value)
    except StopIteration as end:
        reply = end.value
    except Refused as refused:
        reply = facade.refuse(request, refused)
    assert 200 <= reply.status < 500
    json.loads(reply.body)


WHO = Context("player-1", "ss_1", "krakens-hoard", "EUR", "tok-0123456789")
CALLS = [
    Balance(WHO, "q_1"),
    Bet(WHO, "b_1", "rd_1", 150, AT),
    Win(WHO, "w_1", "rd_1", 150, "b_1"),
    Win(WHO, "w_2", "rd_1", 0, "b_1"),
    Rollback(WHO, "r_1", "rd_1", "b_1", 150),
    EndRound(WHO, "e_1", "rd_1"),
]
ANSWERS = [
    *("balance", "status", "user", "currency", "request_uuid", "code", "message", "meta", "api_code", "api_message"),
    *("transactions", "action_id", "tx_id", "id_provider", "id", "game_id", "round_id"),
]
words = leaves | st.sampled_from(
    ["RS_OK", "RS_ERROR_NOT_ENOUGH_MONEY", "RS_ERROR_X", "100", "b_1", "rd_1", "", "1.00", "1e3", "player-1", 100, 409]
)
answered = st.recursive(
    words, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(ANSWERS), inner), max_leaves=8
)


@pytest.mark.parametrize("dialect", PATHS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    call=st.sampled_from(CALLS),
    answer=st.dictionaries(st.sampled_from(ANSWERS), answered, max_size=8),
    status=st.sampled_from([200, 201, 302, 400, 403, 404, 412, 429, 500, 503]),
)
def test_whatever_a_wallet_answers_is_an_outcome(dialect: str, call: Any, answer: dict, status: int):
    operator = operator_of(HERE / dialect / "operator.yaml", {})
    if isinstance(call, EndRound) and dialect != "softswiss-v2":
        return
    request = DIALECTS[dialect].request(call, operator, AT)
    outcome = DIALECTS[dialect].outcome(
        call, operator, HttpResponse(status, (), json.dumps(answer).encode()), AT, request
    )
    assert isinstance(outcome, Accepted | Declined | Unknown | Conflict)
    if isinstance(outcome, Accepted) and status != 200:
        assert isinstance(call, Rollback), "only what is done already may be said by a refusal"
    assert not isinstance(outcome, Declined) or isinstance(call, Balance | Bet | Rollback), (
        "money owed is never dropped"
    )
    if status >= 500:
        assert not isinstance(outcome, Accepted | Conflict)


@pytest.mark.parametrize("dialect", PATHS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    changed=st.dictionaries(st.sampled_from(["user", "amount", *ANSWERS, *NAMES]), values, max_size=4),
    call=st.sampled_from(CALLS),
)
def test_the_operators_half_reads_or_refuses(dialect: str, changed: dict, call: Any):
    """What our half signs, with members changed: a wallet may be called by anybody who has the key."""
    operator: Operator = operator_of(HERE / dialect / "operator.yaml", {})
    if isinstance(call, EndRound) and dialect != "softswiss-v2":
        return
    good = DIALECTS[dialect].request(call, operator, AT)
    body = json.dumps(json.loads(good.body) | changed).encode()
    (signed,) = (name for name, _ in good.headers if name.lower().startswith("x-"))
    made = (rsa if dialect == "hub88" else hmac).sign(operator.wallet_secrets[0], body)
    request = HttpRequest("POST", good.url, ((signed, made),), body)
    half = OPERATOR_HALVES[dialect]
    try:
        half.read(request, operator, AT)
        status = 200
    except BadRequest as refused:
        status = half.refuse(request, refused).status
    assert 200 <= status < 500
