"""No bytes of an authentic caller make a facade raise anything but a refusal, in any API."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from croupier.dialects import DIALECTS, FACADES, OPERATOR_HALVES
from croupier.dialects.facade import FacadeRequest
from croupier.dialects.forms import NotAForm, read
from croupier.dialects.hub88 import facade as hub88
from croupier.dialects.hub88 import signature as rsa
from croupier.dialects.mascot.methods import METHODS, NOT_SERVED
from croupier.dialects.operator_half import BadRequest
from croupier.dialects.pragmatic import facade as pragmatic
from croupier.dialects.pragmatic import feeds
from croupier.dialects.slotegrator import methods as slotegrator
from croupier.dialects.softswiss import signature as hmac
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.wallet.calls import Balance, Batch, Bet, Context, EndRound, Prize, Rollback, Win
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown
from dialects.examples import AT, HERE, operator_of
from dialects.examples import read as read_example

PATHS = {
    "hub88": [hub88.BASE + path for path in hub88.CALLS],
    "softswiss-v1": list(FACADES["softswiss-v1"].calls),
    "softswiss-v2": list(FACADES["softswiss-v2"].calls),
}
FORMS = {
    "slotegrator": [(method, path) for path, (method, _) in slotegrator.ENDPOINTS.items()],
    "pragmatic": [
        *(("POST", f"{pragmatic.BASE}/http{path}") for path in pragmatic.ENDPOINTS),
        ("GET", f"{pragmatic.BASE}{feeds.PATH}"),
    ],
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


FORM_NAMES = [
    *("game_uuid", "player_id", "player_name", "currency", "session_id", "device", "return_url", "language", "page"),
    *("expand", "freespin_id", "quantity", "valid_from", "valid_until", "bet_id", "total_bet_id", "denomination"),
    *("symbol", "token", "playMode", "externalPlayerId", "platform", "lobbyUrl", "gameId", "gameIDList", "bonusCode"),
    *("playerId", "rounds", "totalBet", "betPerLine", "startDate", "expirationDate", "playerList", "timepoint"),
]
texts = st.text(max_size=8) | st.integers(-(2**70), 2**70).map(str)
texts |= st.sampled_from(["EUR", "XXX", "krakens-hoard", "DEMO", "mobile", "0.40", "1e9", "NaN", "4000000000", "a,b,,"])
forms = st.dictionaries(st.sampled_from(FORM_NAMES), texts, max_size=12).map(
    lambda fields: urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()})
)
RPC_NAMES = [
    *("Id", "Currency", "SettingsPatch", "DefaultBankValue", "BankGroupId", "SettingsTemplateId", "Nick", "PlayerId"),
    *("GameId", "BonusId", "RestorePolicy", "AlternativeId", "PlayerIp", "Params", "StartBalance", "SessionId"),
    *("Status", "CreateTimeFrom", "PlayerIds", "BankGroupIds", "ExpiryInSeconds", "Tag"),
]
params = st.dictionaries(st.sampled_from(RPC_NAMES), values, max_size=10) | values


def readable(raw: bytes) -> bool:
    try:
        read(raw)
    except NotAForm:
        return False
    return True


def shown(dialect: str) -> list[tuple[str, str]]:
    """Of an API that is not listed above: methods and paths of its examples."""
    calls = [read_example(path)["request"] for path in sorted((HERE / dialect).glob("facade-*.yaml"))]
    return sorted({(call["method"], call["path"]) for call in calls})


@st.composite
def requests(draw: st.DrawFn, dialect: str) -> FacadeRequest:
    """A call of this API whose members are anything, or something else altogether."""
    junk = draw(st.binary(max_size=20) | st.none())
    if dialect == "mascot":
        method = draw(st.sampled_from([*METHODS, *NOT_SERVED]))
        call = json.dumps({"jsonrpc": "2.0", "method": method, "id": draw(leaves), "params": draw(params)})
        return FacadeRequest("POST", "/v1/signed/", body=call.encode() if junk is None else junk)
    if dialect in PATHS:
        body = json.dumps(draw(members)).encode() if junk is None else junk
        return FacadeRequest("POST", draw(st.sampled_from(PATHS[dialect])), body=body)
    if dialect not in FORMS:
        method, path = draw(st.sampled_from(shown(dialect)))
        text, body = draw(forms), json.dumps(draw(members)).encode() if junk is None else junk
        return FacadeRequest(method, path, query=text, body=draw(st.sampled_from([text.encode("latin-1"), body])))
    method, path = draw(st.sampled_from(FORMS[dialect]))
    # What is no form cannot have been signed: `authenticate` refuses it.
    text = draw(forms) if junk is None or not readable(junk) else junk.decode("ascii")
    if method == "GET":
        return FacadeRequest(method, path, query=text)
    json_body = json.dumps(draw(values)).encode() if draw(st.booleans()) else b""
    kind = (("content-type", "application/json"),) if json_body and dialect == "pragmatic" else ()
    return FacadeRequest(method, path, query=text, headers=kind, body=json_body if kind else text.encode("latin-1"))


@pytest.mark.parametrize("dialect", FACADES)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_whatever_is_sent_gets_an_answer(dialect: str, data: Any):
    request = data.draw(requests(dialect))
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
    if ("content-type", "application/json") in {(name, value.partition(";")[0]) for name, value in reply.headers}:
        json.loads(reply.body)


WHO = Context("player-1", "ss_1", "krakens-hoard", "EUR", "tok-0123456789")
CALLS = [
    Balance(WHO, "q_1"),
    Bet(WHO, "b_1", "rd_1", 150, AT),
    Win(WHO, "w_1", "rd_1", 150, "b_1"),
    Win(WHO, "w_2", "rd_1", 0, "b_1"),
    Rollback(WHO, "r_1", "rd_1", "b_1", 150),
    EndRound(WHO, "e_1", "rd_1"),
    Prize(WHO, "p_1", "", 150),
    Prize(WHO, "p_2", "rd_1", 150),
    Batch(WHO, "x_1", "rd_1", (Bet(WHO, "b_1", "rd_1", 150, AT), Win(WHO, "w_1", "rd_1", 150, "b_1"))),
    Batch(WHO, "x_2", "rd_1", (Rollback(WHO, "r_1", "rd_1", "b_1", 150), Rollback(WHO, "r_2", "rd_1", "w_1", 150))),
]


def spoken(call: Any, dialect: str) -> bool:
    """Whether this API has such a call."""
    has = DIALECTS[dialect].abilities
    match call:
        case EndRound():
            return has.end_round
        case Prize():
            return has.prizes
        case Batch():
            return ("rollbacks" if call.undoes else "bet and win") in has.batches
    return True


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
    if not spoken(call, dialect):
        return
    request = DIALECTS[dialect].request(call, operator, AT)
    outcome = DIALECTS[dialect].outcome(
        call, operator, HttpResponse(status, (), json.dumps(answer).encode()), AT, request
    )
    assert isinstance(outcome, Accepted | Declined | Unknown | Conflict)
    if isinstance(outcome, Accepted) and status != 200:
        assert isinstance(call, Rollback | Batch), "only what is done already may be said by a refusal"
    assert not isinstance(outcome, Declined) or isinstance(call, Balance | Bet | Rollback | Batch), (
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
    if not spoken(call, dialect):
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
