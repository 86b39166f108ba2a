"""The first cause quotes what was sent and what came back: the exact field, the value, the answer."""

from types import SimpleNamespace

import pytest

from conformance.kit import reference_wallet, tried
from croupier.conformance.rule import RULES, Step
from croupier.conformance.verdict import own_causes
from croupier.wallet.outcome import Accepted, Unknown

TOLD = (
    ("SIG-02", "ignores-signature", "The bet b1, signed with a key that is not yours, was answered HTTP 200 {"),
    ("SIG-03", "unsigned-is-fine", "without a signature (no `webhook-signature`), was answered HTTP 200 {"),
    ("SIG-04", "signs-ids-only", "with `amount` 1057, changed after signing, was answered HTTP 200 {"),
    ("SIG-06", "accepts-old-requests", "The balance p, signed an hour ago, was answered HTTP 200 {"),
    ("SIG-08", "verb-not-signed", "The bet b1, sent to /wallet/win, was answered HTTP 200 {"),
    ("VAL-01", "negative-bet-credits", "The bet b1, with `amount` -163, was answered HTTP 200 {"),
    ("VAL-03", "rounds-silently", "The bet b1, with `amount` 163.5, was answered HTTP 200 {"),
    ("VAL-05", "crashes-on-broken-json", 'The balance p, with the body {"a":, was answered HTTP 500 {'),
    ("VAL-06", "missing-amount-is-zero", "The bet b1, without `amount`, was answered HTTP 200 {"),
    ("VAL-07", "parses-nan", "with `amount` NaN, was answered HTTP"),
    ("BAL-01", "balance-in-wrong-unit", "The bet b1, with `amount` 163, was answered HTTP 200 {"),
    ("BAL-05", "ignores-currency", "The bet b1, with `currency` ISK, was answered HTTP 200 {"),
    ("VAL-09", "ids-are-numbers", "The bet b1, with `transaction_id` 00"),
    ("CONN-03", "misspells-balance", "`balance` is missing; there is `balanse`: did you mean `balance`?"),
)


@pytest.fixture(scope="module")
def casino(tmp_path_factory):
    with reference_wallet(tmp_path_factory.mktemp("wallet"), "native") as running:
        yield running


@pytest.mark.parametrize(("identifier", "bug", "words"), TOLD, ids=[one[0] for one in TOLD])
async def test_the_cause_quotes_the_bytes(casino, identifier, bug, words):
    casino.switch_bug(bug)
    result = (await tried(casino, "native", (RULES[identifier],)))[identifier]
    assert words in result.findings[0].detail, result.findings[0].detail
    assert "CRP-BAL-004" not in [one.code for one in result.findings], "says less than expected and got"


def test_an_id_that_is_too_long_is_told_from_one_that_became_a_number():
    """VAL-09 sends both; which of them is refused decides."""
    rule, taken, refused = RULES["VAL-09"], Accepted(1, "t"), Unknown("http_500")
    zeros, marks = Step(bet="b1", id="zeros 1"), Step(bet="b3", id="marks")

    def first(*heard: tuple[Step, object]) -> str:
        return own_causes(rule, [SimpleNamespace(step=step, outcome=outcome) for step, outcome in heard])[0]

    assert first((zeros, taken), (marks, refused)) == "CRP-ID-001"
    assert first((zeros, refused), (marks, taken)) == "CRP-ID-002"
    assert first((zeros, taken), (marks, taken)) == "CRP-ID-002"


async def test_a_run_in_an_api_of_forms_is_told_by_its_own_fields(tmp_path):
    with reference_wallet(tmp_path, "slotegrator") as forms:
        forms.switch_bug("negative-bet-credits")
        result = (await tried(forms, "slotegrator", (RULES["VAL-01"],)))["VAL-01"]
    assert 'with `amount` "-1.63", was answered HTTP 200 {' in result.findings[0].detail
