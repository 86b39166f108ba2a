"""Everything from outside is hostile: a hundred mutations of real bytes for each reader, the same at every push."""

import os

import pytest

from croupier.dialects import DIALECTS
from croupier.dialects.pragmatic import answers as pragmatic
from croupier.dialects.strict_json import NotStrict
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


def _raises(*_):
    raise NotStrict("not_json")


MISTAKES = [
    ("answers/native", DIALECTS["native"], "outcome", lambda *_: Accepted(100)),
    ("answers/hub88", DIALECTS["hub88"], "outcome", _raises),
    ("answers/pragmatic", pragmatic, "_refused", lambda *_: Accepted(100)),
    ("answers/pragmatic", pragmatic, "_error", lambda _: 0),
]
"""A reader with one mistake: the same hundred cases, and as many more, must notice."""


@pytest.mark.parametrize(("target", "owner", "name", "wrong"), MISTAKES)
def test_a_reader_that_is_wrong_is_noticed(monkeypatch, target, owner, name, wrong):
    assert not caught(target)
    monkeypatch.setattr(owner, name, wrong)
    assert caught(target)


def test_a_case_is_made_of_its_number_alone():
    name = next(iter(TARGETS))
    first, second = (Session(TARGETS[name], SEED) for _ in range(2))
    assert [first.case(n)[0].data for n in range(30)] == [second.case(n)[0].data for n in reversed(range(30))][::-1]
    assert len({first.case(n)[0].data for n in range(30)}) > 20
