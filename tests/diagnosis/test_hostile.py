"""Answers made to cost time, to break the explainer, or to be shown: one answer has 50 ms, whoever wrote it."""

import time

import pytest

from croupier.diagnosis.catalogue import CATALOGUE
from croupier.diagnosis.engine import explain
from croupier.diagnosis.finding import DETAIL_MAX
from croupier.diagnosis.signatures import canonical_forms
from croupier.domain.exchange import HttpResponse
from diagnosis.examples import case

BUDGET_MS = 50
SIZE = 65_536

COSTLY = {
    "tags that never end": (200, b"<" * SIZE),
    "titles that never end": (200, b"<title>" * (SIZE // 7)),
    "headings that never end": (200, b"<h1>" * (SIZE // 4)),
    "tags on an error page": (404, b"<" * SIZE),
    "queries that never end": (500, b'{"a":"' + b"SELECT " * 9300 + b'"}'),
    "names that are nearly right": (200, b"{" + b",".join(b'"transactiom_%d":1' % i for i in range(3000)) + b"}"),
    "objects that never end": (200, b'{"a":' * 13_000),
}


def explained(status: int, body: bytes, *headers: tuple[str, str]):
    return explain(case("", CATALOGUE["CRP-JSON-007"], HttpResponse(status, headers, body)))


@pytest.mark.parametrize("name", COSTLY)
def test_no_answer_costs_more_than_its_time(name):
    """The best of three: one pause of the machine does not decide."""
    times = []
    for _ in range(3):
        began = time.thread_time_ns()
        assert explained(*COSTLY[name])
        times.append((time.thread_time_ns() - began) / 1e6)
        if times[-1] <= BUDGET_MS:
            break
    assert min(times) <= BUDGET_MS


@pytest.mark.parametrize(
    ("body", "header", "code"),
    [
        (b'{"balance":1e99999999999999999999}', None, "CRP-JSON-005"),
        (b'{"balance":1e99900001}', None, "CRP-TYPE-001"),
        (b'{"balance":-1e99900001}', None, "CRP-TYPE-001"),
        (b'{"balance":{[1]}}', None, "CRP-JSON-007"),
        (b"{[1]}", None, "CRP-JSON-007"),
        (b"{}", ("content-length", "\xb2"), "CRP-KEY-001"),
        (b"{}", ("content-length", "9" * 5000), "CRP-ENC-004"),
        (b"", ("content-length", "0"), "CRP-JSON-004"),
    ],
)
def test_numbers_that_are_none(body, header, code):
    found = explained(200, body, *([header] if header else []))
    codes = [one.code for one in found]
    assert code in codes
    assert ("CRP-ENC-004" in codes) == (code == "CRP-ENC-004")


@pytest.mark.parametrize(
    ("status", "body", "header"),
    [
        (200, b'{"balance":9000,"currency":"EUR","transacti\x7fn_id":"t"}', None),
        (400, b'{"code":620,"message"!H\x03,\x1b[2J', None),
        (200, b'{"error":{"code":"' + b"x" * 5000 + b'"}}', None),
        (302, b"", ("location", "\x1b[2J" + "x" * 9000)),
    ],
)
def test_what_is_told_can_be_shown(status, body, header):
    for one in explained(status, body, *([header] if header else [])):
        assert one.detail.isprintable()
        assert len(one.detail) <= DETAIL_MAX


def test_what_python_thinks_of_a_body_is_for_nobodys_log(recwarn):
    found = explained(200, rb"{'balance': 100, 'currency': '\E\R'}", ("content-type", "application/json"))
    assert "CRP-JSON-005" in [one.code for one in found], "it is nearly JSON"
    assert not recwarn.list


def test_what_is_half_a_character_may_have_been_signed_as_it_is():
    body = rb'{"\ud800":"\udfff/","a":1}'
    forms = dict(canonical_forms(body))
    assert forms["the body plus a newline"] == body + b"\n"
    assert forms["the fields as a form"] == b"%3F=%3F%2F&a=1"
