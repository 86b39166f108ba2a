"""Whether an answer was what a rule wants: judged by what it says, however its text is spoilt."""

import pytest

from croupier.conformance.heard import Heard, fits
from croupier.conformance.rule import Step
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.wallet.calls import Balance, Context
from croupier.wallet.outcome import Unknown

REFUSED = b'{"jsonrpc":"2.0","id":1,"error":{"code":7,"message":"unknown player"}}'


@pytest.mark.parametrize(
    ("status", "body", "refuses"),
    [
        (200, REFUSED, True),
        (200, b"\xef\xbb\xbf" + REFUSED, True),
        (200, b"<br />\nNotice: Undefined index in wallet.php on line 7<br />\n" + REFUSED, True),
        (200, b'{"jsonrpc":"2.0","id":1,"error":null,"result":{}}', False),
        (200, b'{"status":"RS_OK","request_uuid":"of another call"}', False),
        (200, b'{"status":"RS_ERROR_UNKNOWN"}', True),
        (200, b"[7]", False),
        (200, b"no such player", False),
        (404, b"no such player", True),
        (500, REFUSED, False),
    ],
)
def test_a_refusal_is_told_from_an_accident(status, body, refuses):
    call, request = (
        Balance(Context("nobody", "s", "g", "EUR"), "q_1"),
        HttpRequest("POST", "https://w.example", (), b""),
    )
    heard = Heard(
        rule="BAL-02", label="unknown", kind="balance", step=Step(balance="unknown", answer="no"), call=call,
        request=request, answer=HttpResponse(status, (("content-type", "application/json"),), body),
        outcome=Unknown("error_7"), at=0,
    )  # fmt: skip
    assert fits(heard, "no") is refuses
