"""What a wallet may write where a name or a number belongs: an outcome all the same, in words that can be shown."""

import json

import msgspec
import pytest

from croupier.dialects import DIALECTS, OPERATOR_HALVES
from croupier.dialects.hub88 import signature
from croupier.dialects.operator_half import BadRequest
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.wallet.calls import Batch, Bet, Context, Rollback
from croupier.wallet.outcome import Unknown
from dialects.examples import AT, HERE, operator_of

WHO = Context("player-1", "ss_1", "krakens-hoard", "EUR", "tok-0123456789")
BET = Bet(WHO, "b_1", "rd_1", 150, AT)
UNDO = Batch(WHO, "r_1", "rd_1", (Rollback(WHO, "r_1", "rd_1", "b_1", 150), Rollback(WHO, "r_2", "rd_1", "b_2", 150)))
CLEAR = r"\u001b[2J"
"""What clears a terminal."""

ANSWERS = [
    ("softswiss-v1", UNDO, '{"balance":1,"transactions":[{"action_id":{},"tx_id":"t"}]}', "missing_action_id"),
    (
        "softswiss-v2",
        UNDO,
        '{"balance":"1.00","transactions":[{"id_provider":["r_1"],"id":"t"}]}',
        "missing_id_provider",
    ),
    ("native", BET, f'{{"{CLEAR}":1,"{CLEAR}":2}}', "duplicate_key"),
    ("slotegrator", BET, f'{{"{CLEAR}":1,"{CLEAR}":2}}', "duplicate_key"),
    ("hub88", BET, f'{{"status":"RS_ERROR_{CLEAR}"}}', "RS_ERROR_\ufffd[2J"),
    ("hub88", BET, r'{"status":"RS_ERROR_NOT_ENOUGH\u0000_MONEY"}', "RS_ERROR_NOT_ENOUGH\ufffd_MONEY"),
    ("mascot", BET, f'{{"error":{{"code":{"1" * 300}}}}}', "bad_error"),
    ("softswiss-v1", BET, f'{{"code":{"1" * 300}}}', "bad_code"),
    ("slotegrator", BET, '{"balance":99.96e99900001,"transaction_id":"t"}', "bad_balance"),
    ("pragmatic", BET, '{"cash":-1e999999999,"bonus":0,"error":0,"transactionId":"t"}', "bad_cash"),
    ("pragmatic", BET, '{"cash":1,"bonus":0,"error":1e999999999}', "bad_error"),
]


@pytest.mark.parametrize(("dialect", "call", "body", "why"), ANSWERS)
def test_it_is_doubt_that_can_be_shown(dialect, call, body, why):
    operator = operator_of(HERE / dialect / "operator.yaml", {})
    request = DIALECTS[dialect].request(call, operator, AT)
    outcome = DIALECTS[dialect].outcome(call, operator, HttpResponse(200, (), body.encode()), AT, request)
    assert isinstance(outcome, Unknown)
    assert outcome.why == why
    assert outcome.detail.isprintable()


def test_a_word_on_another_status_can_be_shown():
    operator = operator_of(HERE / "hub88" / "operator.yaml", {})
    answer = HttpResponse(500, (), f'{{"status":"RS_ERROR_{CLEAR}"}}'.encode())
    assert DIALECTS["hub88"].outcome(BET, operator, answer, AT, None) == Unknown("http_500", "\ufffd[2J")


@pytest.mark.parametrize("body", [b"[" * 2000, b'{"request_uuid":' + b"[" * 2000, b'{"request_uuid":"\\ud800"}'])
def test_the_reference_wallet_refuses_what_it_cannot_read_in_its_own_words(body):
    """Signed well, by a platform that is broken: what its request_uuid is nobody knows."""
    operator, half = operator_of(HERE / "hub88" / "operator.yaml", {}), OPERATOR_HALVES["hub88"]
    url = "https://casino.example/hub88/transaction/bet"
    request = HttpRequest("POST", url, ((signature.HEADER, signature.sign(operator.wallet_secrets[0], body)),), body)
    with pytest.raises(BadRequest) as refused:
        half.read(request, operator, AT)
    assert json.loads(half.refuse(request, refused.value).body)["request_uuid"] is None


@pytest.mark.parametrize(("amount", "carried"), [(2**53 - 1, True), (2**53, False)])
@pytest.mark.parametrize("dialect", ["hub88", "pragmatic", "softswiss-v1", "softswiss-v2"])
def test_no_wallet_of_ours_reads_more_than_an_amount_can_be(dialect, amount, carried):
    operator = operator_of(HERE / dialect / "operator.yaml", {})
    request = DIALECTS[dialect].request(msgspec.structs.replace(BET, amount=amount), operator, AT)
    if carried:
        assert OPERATOR_HALVES[dialect].read(request, operator, AT).amount in (amount, amount - amount % 100)
        return
    with pytest.raises(BadRequest):
        OPERATOR_HALVES[dialect].read(request, operator, AT)
