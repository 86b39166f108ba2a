"""The matrix rule × bug: every rule catches its bug, the right cause comes first, and no other rule fails.

Here each bug meets its own rule and its neighbours, but for those that take their time. `make certify-long`
(CROUPIER_TEST_MATRIX=all) tries every rule against every bug, in every dialect.
"""

import logging
import os

import msgspec
import pytest

from conformance.kit import reference_wallet, tried, wallet_of
from croupier.conformance.hooks import by_url
from croupier.conformance.profiles import profile_of
from croupier.conformance.rule import RULES, Rule
from croupier.conformance.runner import NEEDS, first_to_fix, run
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
NO_MISTAKE = {("IDEM-05", api): "takes-retries-again" for api in ("softswiss-v1", "softswiss-v2")}
"""The rule's own bug does what these APIs ask for, and this other one breaks the rule: they have no word for an id with
another amount, so it may be answered as the first time, but must not be taken again.
"""
IN_EVERY_API = {
    "CONN-07", "ENC-02", "SIG-02", "SIG-03", "SIG-04", "SIG-10", "ROUND-01", "ROUND-02", "IDEM-01", "IDEM-02",
    "ROLL-01", "ROLL-05", "VAL-01", "VAL-02", "VAL-03", "VAL-04", "VAL-06", "VAL-07", "VAL-10",
}  # fmt: skip
"""A wallet that pays negative bets must not go live because its API sends forms: skipped nowhere."""

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


def level(rule: Rule, dialect: str) -> str:
    profile = profile_of(dialect)
    return (rule.each_currency and profile.other_decimals) or profile.level(rule)


def stands(result: Result, rule: Rule) -> bool:
    """A rule behind a broken one is not tried; one before it is kept, or does not exist in this dialect."""
    behind = rule.id in result.rule.prerequisites
    return result.verdict in (("BLOCKED", "SKIP") if behind else ("PASS", "SKIP"))


caught_before: set[str] = set()
"""Bugs that an API before this one has shown: each is tried once, in the long run in every one."""


@pytest.mark.timeout(1_200)
async def test_every_rule_catches_its_bug_with_the_right_cause_first(wallet):
    casino, dialect = wallet
    missed, named_wrongly, broken_too, tries = {}, {}, {}, 0
    for name, bug in RULE_BUGS.items():
        rule = RULES[bug.breaks]
        if (rule.id, dialect) in NO_MISTAKE or (not WHOLE and name in caught_before | TAKE_THEIR_TIME):
            continue
        casino.switch_bug(name)
        results = await tried(casino, dialect, around(rule), LIMITS.get(name, 60_000), PATIENT)
        result = results.pop(rule.id)
        if result.verdict == "BLOCKED":  # by what cannot be a mistake of its own here
            result = (await tried(casino, dialect, (rule,)))[rule.id]
        if result.verdict == "SKIP":
            continue  # rightly so: the test below
        tries += 1
        caught_before.add(name)
        beside = {i: (r.verdict, r.got) for i, r in results.items() if i not in rule.also and not stands(r, rule)}
        if beside:
            broken_too[name] = beside
        if result.verdict != ("FAIL" if level(rule, dialect) == "must" else "WARN"):
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


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("dialect", OWN)
async def test_a_rule_that_cannot_fail_in_an_api_is_skipped_there(dialect, tmp_path):
    """A PASS says that the wallet could have done it wrong: with the rule's bug it does."""
    unseen, skipped_for_a_bug, caught = {}, {}, set()
    with reference_wallet(tmp_path, dialect) as casino:

        async def verdict(rule: Rule, bug: str) -> Result:
            casino.switch_bug(bug)
            return (await tried(casino, dialect, (rule,), LIMITS.get(bug, 60_000), PATIENT))[rule.id]

        for rule in RULES.values():
            bug = NO_MISTAKE.get((rule.id, dialect), rule.bug)
            if not WHOLE and (bug in TAKE_THEIR_TIME or rule.group in ("race", "restart")):
                continue
            result = await verdict(rule, bug)
            if result.verdict == "SKIP" and result.note:
                correct = await verdict(rule, "off")
                if (correct.verdict, correct.note) != ("SKIP", result.note):
                    skipped_for_a_bug[rule.id] = (result.note, correct.verdict, correct.note)
            elif result.verdict in ("FAIL", "WARN"):
                caught.add(rule.id)
            else:
                unseen[rule.id] = (bug, result.verdict, result.note)
    assert not unseen
    assert not skipped_for_a_bug
    assert caught >= IN_EVERY_API


@pytest.mark.parametrize(
    ("dialect", "bug", "rule", "told"),
    [
        ("slotegrator", "rounds-silently", "BAL-07", ("PASS", "")),
        ("softswiss-v2", "rounds-silently", "BAL-07", ("PASS", "")),
        ("slotegrator", "refuses-zero-bet", "FREE-01", ("PASS", "")),
        ("pragmatic", "refuses-zero-bet", "FREE-01", ("PASS", "")),
        ("slotegrator", "refuses-zero-rollback", "FREE-03", ("PASS", "")),
        ("slotegrator", "forgets-rollbacks", "ROLL-04", ("PASS", "")),
        ("mascot", "lost-update", "FREE-01", ("PASS", "")),
        ("slotegrator", "sends-bom", "CONN-03", ("PASS", "")),
        ("slotegrator", "prints-notices", "CONN-03", ("PASS", "")),
        ("softswiss-v2", "cuts-ids-at-32", "VAL-09", ("PASS", "")),
        ("hub88", "creates-players", "BAL-02", ("FAIL", "accepted, balance 0")),
        ("hub88", "parses-nan", "VAL-07", ("FAIL", "accepted, balance 100003")),
        ("softswiss-v1", "forgets-rollbacks", "ROLL-04", ("PASS", "")),
        ("softswiss-v2", "forgets-rollbacks", "ROLL-04", ("PASS", "")),
    ],
)
async def test_a_bug_does_what_it_says_and_no_more(dialect, bug, rule, told, tmp_path):
    """Decimals that a currency has are kept, and a free bet of 0 is no bet of 0. Whose account was just opened, or
    whose rollback is of an unknown bet, hears a balance, not a 500; what has no number is answered as that very call.
    """
    with reference_wallet(tmp_path, dialect) as casino:
        casino.switch_bug(bug)
        result = (await tried(casino, dialect, (RULES[rule],)))[rule]
    assert (result.verdict, result.got) == told


async def test_free_rounds_that_an_operator_counts_are_asked_of_it(tmp_path):
    """Where it cannot be asked, the SKIP says how."""
    with reference_wallet(tmp_path, "mascot") as casino:
        wallet, told = wallet_of(casino, "mascot"), []
        for hooks in ({}, by_url(f"{casino.url}/hooks", wallet.client)):
            asked = msgspec.structs.replace(wallet, hooks=hooks)
            told += [(one.verdict, one.note) async for one in run(asked, (RULES["FREE-01"],))]
        wallet.client.close()
    assert told == [("SKIP", NEEDS["free_round"]), ("PASS", "")]


@pytest.mark.skipif(not WHOLE, reason="CROUPIER_TEST_MATRIX=all")
@pytest.mark.timeout(14_400)
async def test_no_bug_breaks_another_rule(wallet):
    casino, dialect = wallet
    wrong, tries = {}, 0
    for name, bug in RULE_BUGS.items():
        rule = RULES[bug.breaks]
        casino.switch_bug(name)
        alone = (await tried(casino, dialect, (rule,), LIMITS.get(name, 60_000)))[rule.id]
        if alone.verdict == "SKIP" or (rule.id, dialect) in NO_MISTAKE:
            continue
        tries += 1
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
