"""Everything from outside is hostile: a hundred mutations of real bytes for each reader, the same at every push."""

import json
import os

import pytest

import croupier_wallet.calls
from croupier.api import bodies
from croupier.api.player import messages
from croupier.conformance import report
from croupier.diagnosis import syntax
from croupier.dialects import DIALECTS
from croupier.dialects.hub88 import facade as hub88_facade
from croupier.dialects.native import operator as native
from croupier.dialects.pragmatic import answers as pragmatic
from croupier.dialects.pragmatic import facade as pragmatic_facade
from croupier.dialects.slotegrator import signature as slotegrator
from croupier.dialects.softswiss_v1 import wallet as softswiss_v1
from croupier.dialects.strict_json import NotStrict
from croupier.domain import ids
from croupier.domain.exchange import HttpResponse
from croupier.ledger import operator_statement
from croupier.main import certify_history
from croupier.runtime import plain_http
from croupier.store.projections import Folder
from croupier.wallet import signature as standard
from croupier.wallet.outcome import Accepted
from fuzz.run import shown
from fuzz.target import Session
from fuzz.targets import TARGETS

SEED = int(os.environ.get("CROUPIER_TEST_FUZZ_SEED", "1"))
CASES = 100


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_comes_is_answered_as_the_table_says(name):
    session = Session(TARGETS[name], SEED)
    for number in range(CASES):
        found = session.run(number)
        if found is not None:
            pytest.fail(shown(found), pytrace=False)
    assert TARGETS[name].seen <= set(session.said), f"of {CASES} cases only {dict(session.said)}"


def caught(name: str, cases: int = 2 * CASES) -> bool:
    session = Session(TARGETS[name], SEED)
    return any(session.run(number) is not None for number in range(cases))


def _raises(*_, **__):
    raise NotStrict("not_json")


MISTAKES = [
    ("answers/native", DIALECTS["native"], "outcome", lambda *_: Accepted(100)),
    ("answers/hub88", DIALECTS["hub88"], "outcome", _raises),
    ("answers/pragmatic", pragmatic, "_refused", lambda *_: Accepted(100)),
    ("answers/pragmatic", pragmatic, "_error", lambda _: 0),
    ("answers/softswiss-v1", softswiss_v1, "_balance", lambda _: 1),
    ("calls/pragmatic", pragmatic_facade, "refusal", lambda _: HttpResponse(500, (), b"")),
    ("calls/hub88", hub88_facade, "_failed", lambda _: HttpResponse(500, (), b"")),
    ("wallet/native", native, "problem", lambda *_: None),
    ("wallet/slotegrator", slotegrator, "doubt", lambda *_: None),
    ("signatures/standard", standard, "TOLERANCE_S", 10**9),
    ("sdk", croupier_wallet.calls, "_no_doubles", dict),
    ("journal", Folder, "stop", lambda *_: None),
    ("statement", operator_statement, "_shown", lambda value: value),
    ("history", certify_history, "_run", json.loads),
    ("play/body", messages, "_once", lambda *_: None),
    ("play/connection", plain_http, "_UNUSUAL", frozenset()),
    ("api/models", bodies, "refuse_doubles", lambda _: None),
    ("explain/answer", syntax, "_framing", lambda answer: [int(answer.headers[0][1])]),
    ("report", report, "masked_body", lambda body, _: body),
    ("ids", ids, "transaction_named", lambda text: text[1:]),
]
"""A reader with one mistake: the same hundred cases, and as many more, must notice."""


@pytest.mark.parametrize(("target", "owner", "name", "wrong"), MISTAKES)
def test_a_reader_that_is_wrong_is_noticed(monkeypatch, target, owner, name, wrong):
    monkeypatch.setattr(owner, name, wrong)
    assert caught(target)


def test_a_case_is_made_of_its_number_alone():
    name = next(iter(TARGETS))
    first, second = (Session(TARGETS[name], SEED) for _ in range(2))
    assert [first.case(n)[0].data for n in range(30)] == [second.case(n)[0].data for n in reversed(range(30))][::-1]
    assert len({first.case(n)[0].data for n in range(30)}) > 20
