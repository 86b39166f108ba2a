"""What every format of a report keeps to itself: whoever reads it must not be able to call the wallet."""

from types import SimpleNamespace

import pytest

from croupier.conformance import formats, verdict
from croupier.conformance.heard import Heard
from croupier.conformance.report import Report, as_json
from croupier.conformance.rule import RULES, Step
from croupier.conformance.verdict import Result
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.runtime.masks import Masks
from croupier.wallet.calls import Balance, Context
from croupier.wallet.outcome import Unknown

TOKEN, SIGNATURE = "t0ken-of-ana", "5e1f51674a7e"
FORMATS = {"json": as_json, "html": formats.page, "junit": formats.junit, "markdown": formats.markdown}


def heard_of(body: str, why: str, detail: str = "") -> Heard:
    return Heard(
        rule="BAL-01",
        label="balance",
        kind="balance",
        step=Step(),
        call=Balance(Context("ana", "s_1", "dice", "EUR"), "c_1"),
        request=HttpRequest(
            "POST", "https://wallet.example", (("x-sign", SIGNATURE),), f"token={TOKEN}&hash={SIGNATURE}".encode(), 5000
        ),
        answer=HttpResponse(200, (("x-sign", SIGNATURE),), body.encode()),
        outcome=Unknown(why, detail),
        at=1,
        masks=Masks(TOKEN, None, "hash"),
    )


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_tells_a_token_or_a_signature(name):
    heard = heard_of(f'{{"balance": "?", "token": "{TOKEN}"}}', "bad_balance")
    result = Result(rule=RULES["BAL-01"], verdict="FAIL", expected="ok", got="bad_balance", heard=(heard,))
    report = Report(
        results=(result,), dialect="pragmatic", wallet_url="https://wallet.example", currency="EUR", level="basic",
        at=1, ms=1,
    )  # fmt: skip
    told = FORMATS[name](report)
    assert "BAL-01" in told
    assert TOKEN not in told
    assert SIGNATURE not in told


@pytest.mark.parametrize(
    ("body", "why", "detail"),
    [(TOKEN, "not_json", ""), (f"<title>{TOKEN}</title>", "html", ""), ("{}", "bad_balance", f"'{TOKEN}'")],
)
def test_no_cause_tells_a_token(monkeypatch, body, why, detail):
    """A wallet may write it anywhere, also where its answer cannot be read."""
    monkeypatch.setattr(verdict, "shape_of", lambda *_: None)
    trial = SimpleNamespace(rule=RULES["BAL-01"], wallet=SimpleNamespace(currency="EUR"))
    found = verdict._explained(trial, heard_of(body, why, detail))
    assert found
    assert not [one.detail for one in found if TOKEN in one.detail]
