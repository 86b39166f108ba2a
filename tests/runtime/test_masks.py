"""What a key makes is never kept: in no API, and under whatever name the operator's header has."""

import pytest
from msgspec.structs import replace

from croupier.dialects import DIALECTS
from croupier.domain.exchange import HttpResponse
from croupier.runtime.wallet_calls import MASK, OWN_HEADER, masked_answer, masked_headers, masked_request
from croupier.store.registry import new_secret
from croupier.wallet.calls import Bet, Context
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
    kept = masked_request(mine, None, operator.settings.get(OWN_HEADER))
    assert {header for header, value in kept.headers if value == MASK} >= made


def test_an_answers_own_header_is_kept_only_where_it_proves_nothing():
    answer = HttpResponse(200, (("x-partner-auth", "abc"), ("date", "today")), b"{}")
    assert masked_answer(answer, None, own="X-Partner-Auth").headers == (("x-partner-auth", MASK), ("date", "today"))
    assert masked_answer(answer, None, wrong=True, own="X-Partner-Auth").headers == answer.headers
    assert masked_headers(answer.headers) == answer.headers
