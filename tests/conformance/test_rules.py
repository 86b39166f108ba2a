"""The rules as data: whole, consistent, and with amounts that tell every bug from every other."""

from collections import Counter

import pytest

from croupier.conformance.amounts import Amounts, chosen, clashes
from croupier.conformance.checks import CHECKS
from croupier.conformance.formats import badge
from croupier.conformance.profiles import PROFILES, Profile
from croupier.conformance.progress import Progress, progress
from croupier.conformance.report import Report
from croupier.conformance.rule import FIRST, LEVELS, RULES, selected, with_prerequisites
from croupier.conformance.runner import NEEDS, exit_code
from croupier.conformance.verdict import Result
from croupier.diagnosis.catalogue import CATALOGUE
from croupier.dialects import DIALECTS


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_whole(rule):
    assert rule.steps
    assert rule.expect or rule.checks or any(step.answer != "any" for step in rule.steps), "it cannot fail"
    assert rule.causes, "a failure without a cause helps nobody"
    assert not [code for code in rule.causes if code not in CATALOGUE]
    assert not [name for name in rule.checks if name not in CHECKS]
    assert not [need for need in rule.needs if need not in NEEDS], "a SKIP says how to enable it"
    assert rule.requirement.endswith(".")
    assert not rule.guards.endswith(".")


def test_names_are_given_once():
    for names in ([r.bug for r in RULES.values()], [r.address for r in RULES.values()]):
        assert not [name for name, count in Counter(names).items() if count > 1]


@pytest.mark.parametrize("dialect", [*PROFILES, "a plain one"])
def test_no_must_stands_behind_a_should(dialect):
    """Else a WARN could keep a wallet from green."""
    profile = PROFILES.get(dialect, Profile())
    wrong = [
        (rule.id, one)
        for rule in RULES.values()
        if rule.id not in profile.skip and profile.level(rule) == "must"
        for one in with_prerequisites({rule.id}) - {rule.id}
        if profile.level(RULES[one]) == "should"
    ]
    assert not wrong


def test_profiles_speak_of_rules_and_dialects_that_exist():
    assert PROFILES.keys() <= DIALECTS.keys()
    for profile in PROFILES.values():
        assert {*profile.should, *profile.must, *profile.skip} <= RULES.keys()


ORDER = ("native", "mascot", "slotegrator", "hub88", "softswiss-v1", "softswiss-v2", "pragmatic")
TABLE = {
    "SIG-05": "S S - M S S -",
    "SIG-06": "M S M - - - -",
    "SIG-08": "S - S S S S -",
    "SIG-09": "S - - - - - -",
    "TIME-06": "M - - - - - -",
    "ROUND-03": "S M M M S - M",
    "ROUND-04": "S M M S S - S",
    "ROUND-07": "- M M S S - S",
    "ROUND-09": "M M M - M M M",
    "IDEM-05": "M S S M S S S",
    "IDEM-06": "M S S S S S S",
    "IDEM-07": "M S S S S S S",
    "ROLL-03": "M - M M M M -",
    "RACE-07": "M - M M M M -",
    "ROLL-11": "- S S S S S S",
    "ROLL-15": "S M M S S - S",
    "FREE-01": "M M M M - - M",
    "FREE-02": "M M M M - - M",
    "FREE-03": "M M M M - - M",
    "FREE-04": "M M M M - - M",
}
"""What each API promises: M must, S should, - it has no such thing. Written down from the design, not from the data."""
DEVIATIONS = {
    ("ROUND-07", "hub88"): ("-", "its win names the bet that it pays"),
    ("SIG-08", "slotegrator"): ("-", "one URL serves all calls, and the action is part of what is signed"),
    ("SIG-08", "softswiss-v1"): ("-", "bets and wins share an address, and the action is part of what is signed"),
    ("SIG-08", "softswiss-v2"): ("-", "bets and wins share an address, and the type is part of what is signed"),
}


@pytest.mark.parametrize("identifier", TABLE)
def test_how_strict_a_rule_is_in_each_dialect(identifier):
    rule, found = RULES[identifier], {}
    for dialect in ORDER:
        profile = PROFILES[dialect]
        lacks = {"free rounds", "zero win without bet"} & set(rule.needs) - set(profile.has)
        found[dialect] = "-" if identifier in profile.skip or lacks else profile.level(rule)[0].upper()
    wanted = dict(zip(ORDER, TABLE[identifier].split(), strict=True))
    assert found == {name: DEVIATIONS.get((identifier, name), (level,))[0] for name, level in wanted.items()}


def test_an_id_that_may_be_absent_must_be_right_where_it_is_there():
    rule, mascot = RULES["ROUND-09"], PROFILES["mascot"]
    assert (mascot.level(rule), mascot.level(rule, absent=True)) == ("must", "should")
    assert PROFILES["native"].level(rule, absent=True) == "must"


def test_selecting():
    assert [rule.id for rule in selected(("CONN-03",))] == list(FIRST[:3])
    assert [rule.id for rule in selected(("rollback/late-bet",))][-1] == "ROLL-05"
    assert {"ROLL-01", "ROUND-01", "SIG-01"} <= {rule.id for rule in selected(("rollback",))}
    assert selected(("ROLL",)) == selected(("rollback",))
    assert {rule.group for rule in selected((), "basic")} >= set(LEVELS["basic"])
    with pytest.raises(KeyError):
        selected(("ROLL-99",))


def test_expressions():
    amounts = Amounts(163, 279, 57, {"p": 100_003, "q": 500})
    assert amounts.value("B0 - 2*bet + win") == 100_003 - 326 + 279
    assert amounts.value("q0 + other") == 557
    assert amounts.value("0") == 0
    for wrong in ("B0 * 2", "stake", "B0 -"):
        with pytest.raises(ValueError, match="no sum"):
            amounts.value(wrong)


def test_probe_amounts_tell_bugs_apart():
    assert clashes(100, 200, 50), "round amounts do not"
    assert all(chosen(b0) == (163, 279, 57) for b0 in range(20_000, 200_000, 77))
    assert chosen(100) is None


def results_of(*verdicts):
    return tuple(Result(rule=rule, verdict=one) for rule, one in zip(list(RULES.values())[4:], verdicts, strict=False))


@pytest.mark.parametrize(
    ("verdicts", "strict", "code"),
    [
        (("PASS", "WARN", "SKIP"), False, 0),
        (("PASS", "WARN", "SKIP"), True, 1),
        (("FAIL", "BLOCKED", "ERROR"), False, 1),
        (("ERROR", "BLOCKED"), False, 2),
        (("PASS", "ERROR"), False, 2),
        ((), False, 2),
    ],
)
def test_exit_codes(verdicts, strict, code):
    assert exit_code(results_of(*verdicts), strict=strict) == code


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        (("PASS", "PASS"), "2 kept"),
        (("PASS", "WARN", "SKIP", "SKIP"), "1 kept, 1 warn, 2 not tried"),
        (("SKIP",), "not known"),
        (("PASS", "FAIL"), "1 broken"),
    ],
)
def test_a_badge_says_what_was_not_tried(verdicts, told):
    report = Report(
        results=results_of(*verdicts), dialect="native", wallet_url="", currency="EUR", level="production", at=1, ms=1
    )
    assert f"wallet check, production: {told}" in badge(report)


def test_progress_is_what_changed_for_rules_that_were_judged():
    """A rule that waits for another is not mended; one that was never judged before is new when it is red."""
    names = ("ROUND-01", "ROUND-02", "ROUND-05", "ROLL-01", "ROLL-02")
    before = {"ROUND-01": True, "ROUND-02": True, "ROUND-05": True, "ROLL-01": False}
    verdicts = ("PASS", "BLOCKED", "WARN", "FAIL", "FAIL")
    now = [Result(rule=RULES[name], verdict=verdict) for name, verdict in zip(names, verdicts, strict=True)]
    changed = progress(before, now)
    assert changed == Progress(fixed=("ROUND-01",), new=("ROLL-01", "ROLL-02"), still=("ROUND-05", "ROUND-02"))
    assert changed.words == "1 fixed: ROUND-01; 2 new: ROLL-01, ROLL-02; 2 still: ROUND-05, ROUND-02"
    assert progress({}, now) is None


def test_what_was_agreed_makes_a_should_a_must():
    zero_win = RULES["ROUND-03"]
    assert PROFILES["native"].agreed("none").level(zero_win) == "should"
    assert PROFILES["native"].agreed("zero_win").level(zero_win) == "must"
    assert PROFILES["softswiss-v1"].agreed("zero_win").level(zero_win) == "should", "its own documents leave it open"
