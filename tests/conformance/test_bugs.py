"""The matrix rule × bug: every rule catches its bug, the right cause comes first, and no other rule fails.

Here each bug meets its own rule and its neighbours, but for those that take their time. `make certify-long`
(CROUPIER_TEST_MATRIX=all) tries every rule against every bug, in every dialect.
"""

import logging
import os

import pytest

from conformance.kit import HAS, TOKENS, reference_wallet, tried
from croupier.conformance.profiles import profile_of
from croupier.conformance.rule import RULES, Rule
from croupier.conformance.runner import first_to_fix
from croupier.conformance.verdict import Result
from croupier.diagnosis.catalogue import CATALOGUE
from croupier.dialects import DIALECTS as OWN
from croupier.sandbox.finding_bugs import FINDING_BUGS
from croupier.sandbox.finding_switches import IN_THE_LOG, NOT_SHOWN, SHOWN_BY, findings_of
from croupier.sandbox.rule_bugs import RULE_BUGS

WHOLE = os.environ.get("CROUPIER_TEST_MATRIX") == "all"
DIALECTS = tuple(OWN) if WHOLE else ("native", "pragmatic", "softswiss-v1")
LIMITS = {"answers-too-late": 1_000, "slow-answers": 5_000, "global-lock": 5_000}
"""These are told by a time limit, milliseconds."""
TAKE_THEIR_TIME = {"slow-answers", "global-lock", "commits-in-two-steps", "forgets-after-5-minutes"}
"""3 seconds to 6 minutes."""
PATIENT = frozenset({"deep"})
OUT_OF_SIGHT = {
    "IDEM-08": ("softswiss-v1", "softswiss-v2", "pragmatic"),  # a repeat is the same bytes
    "SESS-06": ("hub88", "softswiss-v1", "softswiss-v2", "pragmatic"),  # its wins name no session
    "BAL-07": ("pragmatic",),  # its amounts have two digits in every currency
    "IDEM-09": ("hub88",),  # its ids are UUIDs, made from ours
    "IDEM-10": ("hub88",),
    "VAL-09": ("hub88",),
    "VAL-06": ("softswiss-v2",),  # nothing is no amount there
    "VAL-07": ("softswiss-v2",),
}
"""Rules that no wallet of these APIs can break: nothing of the bug shows in their bytes."""
FORMS_TOO = {"CONN-07", "ENC-02"}

log = logging.getLogger(__name__)


@pytest.fixture(scope="module", params=DIALECTS)
def wallet(request, tmp_path_factory):
    with reference_wallet(tmp_path_factory.mktemp("wallet"), request.param) as casino:
        yield casino, request.param


def test_no_orphan_in_any_direction():
    assert {bug.breaks for bug in RULE_BUGS.values()} == RULES.keys()
    assert all(RULES[bug.breaks].bug == name for name, bug in RULE_BUGS.items())


def test_every_finding_has_its_switch_or_the_reason_why_not():
    assert SHOWN_BY.keys() | NOT_SHOWN.keys() == CATALOGUE.keys()
    assert not SHOWN_BY.keys() & NOT_SHOWN.keys()
    for code, name in SHOWN_BY.items():
        tried_as = RULES[RULE_BUGS[name].breaks].causes[0] if name in RULE_BUGS else code
        assert tried_as == code, "what the matrix below tries this bug for"
    assert FINDING_BUGS.keys() <= set(SHOWN_BY.values())
    assert {code for code, name in SHOWN_BY.items() if name not in {**RULE_BUGS, **FINDING_BUGS}} == IN_THE_LOG


async def test_every_other_switch_yields_its_finding_first(wallet):
    """Those of the rules are tried below."""
    casino, dialect = wallet
    for name, bug in FINDING_BUGS.items():
        if bug.dialect != dialect:
            continue
        (code,) = findings_of(name)
        casino.switch_bug(code.lower())
        result = (await tried(casino, dialect, (RULES[bug.breaks],)))[bug.breaks]
        assert (name, result.verdict, result.findings[0].code) == (name, "FAIL", code)
    casino.switch_bug("off")


def can_be_tried(identifier: str, dialect: str) -> bool:
    profile, rule, has = profile_of(dialect), RULES[identifier], OWN[dialect].abilities
    if rule.each_currency and profile.other_decimals:
        return False  # two decimals are no bug to it
    if identifier in profile.skip or set(rule.needs) - HAS - PATIENT - set(profile.has):
        return False
    if dialect in OUT_OF_SIGHT.get(identifier, ()) or identifier in {"IDEM-05"} & set(profile.money_only):
        return False  # IDEM-05's bug moves no money, which is all that is asked for there
    batches = {"rollbacks" if step.batch[0].rollback else "bet and win" for step in rule.steps if step.batch}
    if batches - has.batches or (any(step.prize for step in rule.steps) and not has.prizes):
        return False
    token = any(step.token for step in rule.steps)
    if (token and dialect not in TOKENS) or (identifier == "ROLL-08" and dialect not in ("pragmatic", "slotegrator")):
        return False
    return identifier != "ROUND-13" or has.end_round


def tried_here(name: str, dialect: str) -> bool:
    """Each bug once, in the first dialect that can show it; all in every one in the long run."""
    identifier = RULE_BUGS[name].breaks
    if WHOLE or not can_be_tried(identifier, dialect):
        return can_be_tried(identifier, dialect)
    first = next(one for one in DIALECTS if can_be_tried(identifier, one))
    return first == dialect and name not in TAKE_THEIR_TIME


NOT_BESIDE = {"CONN-05", "CONN-06", "IDEM-08", "IDEM-11", "TIME-05", "PREC-01", "OPS-01", "OPS-02", "OPS-03"}
"""These take seconds, and are tried beside a bug in the long run only; so are races."""


def around(rule: Rule) -> tuple[Rule, ...]:
    """The rule, those that it names in *after*, and those that name it: the first must pass, the last must wait."""
    near = {rule.id, *rule.after} | {one.id for one in RULES.values() if rule.id in one.after}
    return tuple(
        one
        for one in RULES.values()
        if one is rule or (one.id in near and one.group != "race" and one.id not in NOT_BESIDE)
    )


def stands(result: Result, rule: Rule) -> bool:
    """A rule behind a broken one is not tried; one before it is kept, or does not exist in this dialect."""
    behind = rule.id in result.rule.prerequisites
    return result.verdict in (("BLOCKED", "SKIP") if behind else ("PASS", "SKIP"))


@pytest.mark.timeout(1_200)
async def test_every_rule_catches_its_bug_with_the_right_cause_first(wallet):
    casino, dialect = wallet
    missed, named_wrongly, broken_too, tries = {}, {}, {}, 0
    for name, bug in RULE_BUGS.items():
        rule = RULES[bug.breaks]
        if not tried_here(name, dialect):
            continue
        tries += 1
        casino.switch_bug(name)
        results = await tried(casino, dialect, around(rule), LIMITS.get(name, 60_000), PATIENT)
        result = results.pop(rule.id)
        beside = {i: (r.verdict, r.got) for i, r in results.items() if i not in rule.also and not stands(r, rule)}
        if beside:
            broken_too[name] = beside
        if result.verdict != ("FAIL" if profile_of(dialect).level(rule) == "must" else "WARN"):
            missed[name] = (rule.id, result.verdict, result.note)
        elif result.findings[0].code != rule.causes[0]:
            named_wrongly[name] = (rule.id, [one.code for one in result.findings])
            assert not findings_of(name), named_wrongly
    casino.switch_bug("off")
    right = tries - len(missed) - len(named_wrongly)
    log.info("%s: bugs %s, caught %s, right cause first %s", dialect, tries, tries - len(missed), right)
    assert not missed
    assert not broken_too
    assert len(named_wrongly) * 20 <= tries, named_wrongly


@pytest.mark.parametrize("dialect", ["slotegrator", "pragmatic"])
async def test_what_is_wrong_in_a_form_is_caught_as_in_json(dialect, tmp_path):
    """A wallet that pays negative bets must not go live because its API sends forms."""
    rules = [rule for rule in RULES.values() if rule.group in ("signature", "value") or rule.id in FORMS_TOO]
    caught = {}
    with reference_wallet(tmp_path, dialect) as casino:
        for rule in rules:
            if can_be_tried(rule.id, dialect):
                casino.switch_bug(rule.bug)
                caught[rule.id] = (await tried(casino, dialect, (rule,)))[rule.id].verdict
    assert {"SIG-02", "SIG-03", "SIG-04", "SIG-10", "VAL-01", "VAL-04", "VAL-06", "VAL-10", "ENC-02"} <= caught.keys()
    assert set(caught.values()) <= {"FAIL", "WARN"}, caught


@pytest.mark.skipif(not WHOLE, reason="CROUPIER_TEST_MATRIX=all")
@pytest.mark.timeout(14_400)
async def test_no_bug_breaks_another_rule(wallet):
    casino, dialect = wallet
    wrong, tries = {}, 0
    for name, bug in RULE_BUGS.items():
        rule = RULES[bug.breaks]
        if not tried_here(name, dialect):
            continue
        tries += 1
        casino.switch_bug(name)
        results = await tried(casino, dialect, with_it(rule.id), LIMITS.get(name, 60_000))
        also = {i: (r.verdict, r.expected, r.got, r.note) for i, r in results.items() if r.verdict in BROKEN}
        for allowed in (rule.id, *rule.also):
            also.pop(allowed, None)
        first = first_to_fix(results.values())
        if also or (first is not None and first.rule.id != rule.id):
            wrong[name] = (rule.id, also)
            log.info("%s %s breaks %s", dialect, name, wrong[name])
    log.info("%s: bugs %s against all rules, break no other rule %s", dialect, tries, tries - len(wrong))
    casino.switch_bug("off")
    assert not wrong


RESTARTS = {"OPS-01", "OPS-02", "OPS-03"}


def with_it(identifier: str) -> tuple[Rule, ...]:
    """All rules; those with restarts, which take seconds, only where the bug is theirs."""
    return tuple(rule for rule in RULES.values() if rule.id not in RESTARTS or identifier in RESTARTS)


BROKEN = ("FAIL", "WARN", "ERROR")
