"""What a key makes is never kept: in no API, and under whatever name the operator's header has."""

import pytest
from msgspec.structs import replace

from croupier.dialects import DIALECTS
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.runtime.masks import OWN_HEADER, Masks, masked_answer, masked_headers, masked_request, masks_of
from croupier.store.registry import new_secret
from croupier.wallet.calls import Bet, Context
from croupier.wallet.signed_text import MASK
from dialects.examples import AT, HERE, operator_of

BET = Bet(Context("u", "s", "krakens-hoard", "EUR"), "b", "r", 100, AT)


@pytest.mark.parametrize(
    ("name", "own"),
    [
        *((name, None) for name in DIALECTS),
        *((name, "X-Partner-Auth") for name in DIALECTS if OWN_HEADER in DIALECTS[name].abilities.settings),
    ],
)
def test_what_another_key_would_change_is_masked(name, own):
    dialect, operator = DIALECTS[name], operator_of(HERE / name / "any", {})
    if own is not None:
        operator = replace(operator, settings=operator.settings | {OWN_HEADER: own})
    mine = dialect.request(BET, operator, AT)
    theirs = dialect.request(BET, replace(operator, wallet_secrets=(new_secret(dialect.abilities.key),)), AT)
    made = {header for header, value in mine.headers if theirs.last_header(header) != value}
    assert made or mine.body != theirs.body
    kept = masked_request(mine, masks_of(operator, dialect.abilities))
    assert {header for header, value in kept.headers if value == MASK} >= made
    if mine.body != theirs.body:
        other = masked_request(theirs, masks_of(operator, dialect.abilities))
        assert kept.body == other.body, "a signature in the body is masked as well"


def test_an_answers_own_header_is_kept_only_where_it_proves_nothing():
    answer, masks = (
        HttpResponse(200, (("x-partner-auth", "abc"), ("date", "today")), b"{}"),
        Masks(header="X-Partner-Auth"),
    )
    assert masked_answer(answer, masks).headers == (("x-partner-auth", MASK), ("date", "today"))
    assert masked_answer(answer, masks, wrong=True).headers == answer.headers
    assert masked_headers(answer.headers) == answer.headers


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"amount=1.50&hash=7b4e&userId=u1", b"amount=1.50&hash=***&userId=u1"),
        (b"hash=7b4e", b"hash=***"),
        (b"rehash=1&hash=", b"rehash=1&hash=***"),
        (b"note=hash%3D1&token=lt_1", b"note=hash%3D1&token=***"),
    ],
)
def test_a_signature_in_a_form(body, kept):
    request = HttpRequest("POST", "https://casino.example/bet.html", (), body)
    assert masked_request(request, Masks(token="lt_1", field="hash")).body == kept


def test_keys_among_the_fields_of_addresses_forms_and_objects():
    masks = Masks(field="hash,api_key", header="X-Partner,X-Seal")
    headers = (("X-Partner", "7f3a"), ("X-Seal", "v1=9"), ("X-Time", "1"))
    asked = HttpRequest("GET", "http://w/?a=1&hash=0f&rehash=2", headers, b"")
    kept = masked_request(asked, masks)
    assert kept.url == "http://w/?a=1&hash=***&rehash=2"
    assert [value for _, value in kept.headers] == ["***", "***", "1"]
    assert masked_request(replace(asked, body=b"api_key=k%203&b=2"), masks).body == b"api_key=***&b=2"
    told = masked_request(replace(asked, body=b'{"hash": "0f","b":"2"}'), masks)
    assert told.body == b'{"hash": "***","b":"2"}'
