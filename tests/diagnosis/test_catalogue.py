"""Every entry of the catalogue is shown by its own bytes, and costs no time worth speaking of."""

import json
import time

import pytest
from msgspec.structs import replace

from croupier.diagnosis.catalogue import CATALOGUE
from croupier.diagnosis.engine import explain
from croupier.domain.exchange import HttpResponse
from diagnosis.examples import by_bytes, case, message

BUDGET_MS = 50


@pytest.mark.parametrize("code", by_bytes())
def test_the_bad_bytes_are_explained_by_this_code_first(code):
    entry = CATALOGUE[code]
    found = explain(case(code, entry, message(entry.bad, entry.charset)))
    assert found, "unexplained"
    assert found[0].code == code, found


@pytest.mark.parametrize("code", by_bytes())
def test_the_good_bytes_have_nothing_to_explain(code):
    entry = CATALOGUE[code]
    assert explain(case(code, entry, message(entry.good, "utf-8"))) == ()


def test_three_faults_in_one_answer_are_three_findings():
    """Damage is repaired and reading goes on: one run tells all, not one run each."""
    bad = message('\ufeff{"data":{"balanse":90,"currency":"EUR","transaction_id":"t"}}', "utf-8")
    codes = [one.code for one in explain(case("", CATALOGUE["CRP-JSON-003"], bad))]
    assert codes == ["CRP-ENC-001", "CRP-JSON-003", "CRP-KEY-001", "CRP-AMT-001"]


def test_a_framework_that_is_recognised_gets_its_own_fix():
    wrapped = CATALOGUE["CRP-JSON-003"].bad
    bad = message(f"HTTP/1.1 200\nContent-Type: application/json\nX-Powered-By: Express\n\n{wrapped}", "utf-8")
    (found,) = explain(case("", CATALOGUE["CRP-JSON-003"], bad))
    assert found.fix == "res.json(wallet), not res.json({ data: wallet })"


def test_a_failing_exchange_is_explained_in_time():
    """The worst of many, so that one pause of the machine does not decide; the largest body that is looked at."""
    huge = message('{"x":"' + "é\u00c3\u00a9{" * 12_000 + '"', "utf-8")
    slowest = 0
    for code, entry in [*by_bytes().items(), ("huge", CATALOGUE["CRP-JSON-007"])]:
        one = case(code, entry, huge if code == "huge" else message(entry.bad, entry.charset))
        best = min(_ms(one) for _ in range(3))
        slowest = max(slowest, best)
    assert slowest <= BUDGET_MS


def _ms(one) -> float:
    began = time.perf_counter_ns()
    explain(one)
    return (time.perf_counter_ns() - began) / 1e6


def test_texts_are_short_and_whole_sentences():
    for code, entry in CATALOGUE.items():
        for text in (entry.detected, entry.why, entry.hint):
            assert text.endswith("."), code
            assert len(text) < 200, code
        assert not entry.title.endswith("."), code


NOBODY_SERVES_IT = (
    '{"detail":"Not Found"}',
    '{"message":"Cannot POST /walet/balance","error":"Not Found","statusCode":404}',
    '{"message":"The route walet/balance could not be found."}',
    '{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.5","title":"Not Found","status":404}',
    '{"timestamp":"2026-11-23T01:00:00.000+00:00","status":404,"error":"Not Found","path":"/walet/balance"}',
)


@pytest.mark.parametrize("body", NOBODY_SERVES_IT)
def test_a_path_that_a_framework_does_not_know(body):
    found = explain(
        case("", CATALOGUE["CRP-HTTP-001"], message(f"HTTP/1.1 404\nContent-Type: application/json\n\n{body}", "utf-8"))
    )
    assert found[0].code == "CRP-HTTP-001"


def test_a_404_in_the_wallets_own_words_is_a_refusal():
    told = message('HTTP/1.1 404\nContent-Type: application/json\n\n{"error":{"code":"unknown_player"}}', "utf-8")
    assert explain(case("", CATALOGUE["CRP-HTTP-001"], told))[0].code == "CRP-HTTP-003"


RIGHT = '"balance":90,"currency":"EUR","transaction_id":"t"'
ENVELOPES = (
    ('{"data":{%s},"error":null}', "CRP-JSON-003"),
    ('{"data":{%s},"errors":[]}', "CRP-JSON-003"),
    ('{"code":0,"message":"ok","data":{%s}}', "CRP-JSON-003"),
    ('{"code":200,"result":{%s}}', "CRP-JSON-003"),
    ('{"error":{%s}}', "CRP-ERR-001"),
    ('{"data":{%s},"error":{"code":"insuficient_funds"}}', "CRP-JSON-003"),
    ('{"data":null,"error":{"code":"insuficient_funds"}}', "CRP-ERR-001"),
    ('{"data":null,"error":"unknown"}', "CRP-ERR-001"),
    ('{"data":null,"error":null}', "CRP-KEY-001"),
)


@pytest.mark.parametrize(("body", "first"), ENVELOPES)
def test_an_envelope_is_told_from_a_refusal(body, first):
    found = explain(case("", CATALOGUE["CRP-JSON-003"], message(body.replace("%s", RIGHT), "utf-8")))
    assert found[0].code == first, found


@pytest.mark.parametrize("name", ["balance", "currency", "transaction_id"])
def test_null_is_a_value_of_the_wrong_type(name):
    body = json.dumps({"balance": 100003, "currency": "EUR", "transaction_id": "t"} | {name: None})
    found = explain(case("", CATALOGUE["CRP-TYPE-001"], message(body, "utf-8")))
    assert [one.code for one in found] == ["CRP-TYPE-001"]
    assert f"`{name}` is null" in found[0].detail


def test_no_number_is_no_json_before_all_else():
    body = '{"balance":NaN,"currency":"EUR","transaction_id":"t"}'
    found = explain(case("", CATALOGUE["CRP-TYPE-001"], message(body, "utf-8")))
    assert [one.code for one in found] == ["CRP-JSON-005", "CRP-TYPE-001"]


@pytest.mark.parametrize(("decimals", "codes"), [(False, ["CRP-TYPE-001"]), (True, [])])
def test_a_fraction_is_wrong_only_where_amounts_are_whole(decimals, codes):
    """The right balance happens to be whole; the one that came has a fraction, and is wrong by how much it is."""
    one = case(
        "", CATALOGUE["CRP-TYPE-001"], message('{"balance":100.03,"currency":"EUR","transaction_id":"t"}', "utf-8")
    )
    found = explain(replace(one, shape=replace(one.shape, decimals=decimals), balance_known=False))
    assert [one.code for one in found] == codes


def test_half_a_character_is_no_text():
    body = '{"balance":90,"currency":"EUR","transaction_id":"a\\ud800b"}'
    found = explain(case("", CATALOGUE["CRP-ENC-002"], message(body, "utf-8")))
    assert found[0].code == "CRP-ENC-002"
    assert "ud800" in found[0].detail


@pytest.mark.parametrize("body", [b"", b'{"error":{"code":"unauthorized"}}', b'{"message":"Forbidden"}'])
def test_a_signed_call_that_is_answered_401_has_a_wrong_secret_first(body):
    """And not a guard before the wallet's code, which is of a lower layer: the guide itself says to answer so."""
    refused = case("", CATALOGUE["CRP-SIG-010"], HttpResponse(401, (("content-type", "application/json"),), body))
    signed = replace(refused.request, headers=(*refused.request.headers, ("webhook-signature", "v1,AAAA")))
    assert [one.code for one in explain(replace(refused, request=signed))][:1] == ["CRP-SIG-010"]
