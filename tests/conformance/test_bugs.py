"""The matrix rule × bug: every rule catches its bug, the right cause comes first, and no other rule fails.

Here each bug meets its own rule. `make certify-long` (CROUPIER_TEST_MATRIX=all) tries every rule against every bug, in
every dialect that the bugs speak.
"""

import os

import pytest

from conformance.kit import HAS, reference_wallet, tried
from croupier.conformance.profiles import profile_of
from croupier.conformance.rule import RULES
from croupier.conformance.runner import first_to_fix
from croupier.sandbox.rule_bugs import RULE_BUGS

WHOLE = os.environ.get("CROUPIER_TEST_MATRIX") == "all"
DIALECTS = ("native", "mascot") if WHOLE else ("native",)
SLOW = {"answers-too-late": 1_000}
"""These are told by a time limit, milliseconds."""

WITHOUT_BUG = {
    "CONN-05": "half a minute of slow answers",
    "FUND-05": "the reference wallet has no limits",
    "SESS-02": "the reference wallet's sessions do not end",
    "SESS-03": "the reference wallet's sessions do not end",
    "OPS-01": "needs a restart",
    "OPS-02": "needs a restart",
}
"""Rules that the reference wallet cannot break yet."""


@pytest.fixture(scope="module", params=DIALECTS)
def wallet(request, tmp_path_factory):
    with reference_wallet(tmp_path_factory.mktemp("wallet"), request.param) as casino:
        yield casino, request.param


def test_no_orphan_in_any_direction():
    assert {bug.breaks for bug in RULE_BUGS.values()} == RULES.keys() - WITHOUT_BUG.keys()
    assert all(RULES[bug.breaks].bug == name for name, bug in RULE_BUGS.items())


def can_be_tried(identifier: str, dialect: str) -> bool:
    profile = profile_of(dialect)
    return identifier not in profile.skip and not set(RULES[identifier].needs) - HAS - set(profile.has)


async def test_every_rule_catches_its_bug_with_the_right_cause_first(wallet):
    casino, dialect = wallet
    missed, named_wrongly, tries = {}, {}, 0
    for name, bug in RULE_BUGS.items():
        rule = RULES[bug.breaks]
        if not can_be_tried(rule.id, dialect):
            continue
        tries += 1
        casino.post("/bug", name=name).raise_for_status()
        result = (await tried(casino, dialect, (rule,), SLOW.get(name, 60_000)))[rule.id]
        if result.verdict != ("FAIL" if profile_of(dialect).level(rule) == "must" else "WARN"):
            missed[name] = (rule.id, result.verdict, result.note)
        elif result.findings[0].code != rule.causes[0]:
            named_wrongly[name] = (rule.id, [one.code for one in result.findings])
    casino.post("/bug", name="off").raise_for_status()
    assert not missed
    assert len(named_wrongly) * 20 <= tries, named_wrongly


@pytest.mark.skipif(not WHOLE, reason="CROUPIER_TEST_MATRIX=all")
@pytest.mark.timeout(3600)
async def test_no_bug_breaks_another_rule(wallet):
    casino, dialect = wallet
    wrong = {}
    for name, bug in RULE_BUGS.items():
        rule = RULES[bug.breaks]
        if not can_be_tried(rule.id, dialect):
            continue
        casino.post("/bug", name=name).raise_for_status()
        results = await tried(casino, dialect, tuple(RULES.values()), SLOW.get(name, 60_000))
        also = {i: (r.verdict, r.expected, r.got, r.note) for i, r in results.items() if r.verdict in BROKEN}
        for allowed in (rule.id, *rule.also):
            also.pop(allowed, None)
        first = first_to_fix(results.values())
        if also or (first is not None and first.rule.id != rule.id):
            wrong[name] = (rule.id, also)
    casino.post("/bug", name="off").raise_for_status()
    assert not wrong


BROKEN = ("FAIL", "WARN", "ERROR")
