"""Runs rules in their order against one wallet. A rule whose prerequisite failed is BLOCKED: one bug, one finding."""

import time
from collections.abc import AsyncIterator, Iterable

import msgspec

from croupier.conformance.fields import CannotChange
from croupier.conformance.heard import Heard
from croupier.conformance.players import NoPlayers
from croupier.conformance.profiles import Profile
from croupier.conformance.rule import FIRST, Rule
from croupier.conformance.standstill import Standstill, stood_twice
from croupier.conformance.trial import Inconclusive, Trial
from croupier.conformance.verdict import Result, Verdict, judged
from croupier.conformance.wallet import Missing, Wallet
from croupier.diagnosis.finding import Finding
from croupier.dialects.amounts import CannotCarry
from croupier.domain.money import CURRENCIES

UNHARMED: frozenset[Verdict] = frozenset({"PASS", "SKIP"})
"""These stand although this machine stood still for a while."""

GREEN: frozenset[Verdict] = frozenset({"PASS", "WARN", "SKIP"})


async def run(wallet: Wallet, rules: Iterable[Rule], *, has: frozenset[str] = frozenset()) -> AsyncIterator[Result]:
    """Results as they come. `has`: hooks and abilities of this configuration."""
    profile, has = wallet.voice.profile, _has(wallet, has)
    verdicts: dict[str, Verdict] = {}
    log: list[Heard] = []
    async with Standstill(wallet.clock, wallet.voice.operator.timeout_ms) as standstill:
        for rule in rules:
            result = _without_trying(rule, profile, verdicts, has | frozenset(profile.has))
            if result is None:
                standstill.told()  # what was before is over
                result = await tried(wallet, rule, profile, log)
                if result.verdict not in UNHARMED and standstill.told():
                    result = _excused(await tried(wallet, rule, profile, log), standstill.told())
            verdicts[rule.id] = result.verdict
            yield result


def _excused(again: Result, stood_us: int) -> Result:
    """The second try of a rule during whose first this machine stood still: what it is worth if it did so again."""
    if again.verdict in UNHARMED or not stood_us:
        return again
    note = stood_twice(stood_us, "the rule was tried", again.rule.id)
    return Result(rule=again.rule, verdict="ERROR", note=note, heard=again.heard, ms=again.ms)


def _has(wallet: Wallet, told: frozenset[str]) -> frozenset[str]:
    """What was told, and what the wallet's description shows; hooks only where there is one to call."""
    shown = {
        "another player": wallet.players.many,
        "second currency": wallet.second_currency,
        "more currencies": wallet.more_currencies,
    }
    return (told - HOOKS) | frozenset(wallet.hooks) | frozenset(name for name, value in shown.items() if value)


def _without_trying(rule: Rule, profile: Profile, verdicts: dict[str, Verdict], has: frozenset[str]) -> Result | None:
    if rule.id in profile.skip:
        return Result(rule=rule, verdict="SKIP", note=profile.skip[rule.id])
    for one in rule.prerequisites:
        if verdicts.get(one) in ("FAIL", "BLOCKED", "ERROR"):
            return Result(rule=rule, verdict="BLOCKED", note=f"{one} comes first")
        if verdicts.get(one) == "WARN":
            return Result(rule=rule, verdict="SKIP", note=f"{one} comes first")
    missing = [need for need in rule.needs if need not in has]
    if missing:
        return Result(rule=rule, verdict="SKIP", note=NEEDS.get(missing[0], f"needs {missing[0]}"))
    return None


NEEDS = {
    "another player": "needs a second player: --player twice, --players, --players-url or --player-command",
    "restart": "needs --restart-command, which kills the wallet and starts it again, or --hooks-url",
    "expire": "needs --expire-command, which ends the sessions of a player, or --hooks-url",
    "block": "needs --block-command, which blocks a player, or --hooks-url",
    "limit": "needs --limit-command, which brings a player to a limit of theirs, or --hooks-url",
    "free_round": "needs --free-round-command, which gives a player a free round of the bonus certify, or --hooks-url",
    "tokens": "needs the token of a player's session: --player 'ID TOKEN', or operator_token from --players-url",
    "second currency": "needs --second-currency, where players hold two",
    "more currencies": "needs --more-currency, in which players can be made as well",
    "deep": "takes six minutes: --deep",
    "free rounds": "the wallet does not declare free rounds: --has 'free rounds'",
    "zero win without bet": "in this dialect a win names its bet",
}
"""What a rule may need -> why it is skipped, and how to enable it."""


HOOKS = frozenset({"restart", "expire", "block", "limit", "free_round"})


async def tried(wallet: Wallet, rule: Rule, profile: Profile, log: list[Heard]) -> Result:
    """In every currency, where the rule wants that: what the first broken one shows, and of each how it went."""
    if not rule.each_currency:
        return await _tried(wallet, rule, profile, log)
    results: dict[str, Result] = {}
    for currency in (wallet.currency, *wallet.more_currencies):
        one = await _tried(msgspec.structs.replace(wallet, currency=currency), rule, profile, log)
        if one.verdict == "FAIL" and profile.other_decimals == "should" and CURRENCIES[currency].exponent != 2:
            one = msgspec.structs.replace(one, verdict="WARN")
        results[currency] = one
    worst = min(results.values(), key=lambda one: WORST.index(one.verdict))
    told = "; ".join(f"{currency} {one.verdict}{_why(one)}" for currency, one in results.items())
    return msgspec.structs.replace(worst, note=told, ms=sum(one.ms for one in results.values()))


WORST: tuple[Verdict, ...] = ("FAIL", "WARN", "ERROR", "PASS", "SKIP", "BLOCKED")
"""A currency that an API cannot carry is said, and takes nothing from those that are right."""


def _why(one: Result) -> str:
    return f" ({one.note or f'expected {one.expected}, got {one.got}'})" if one.verdict != "PASS" else ""


async def _tried(wallet: Wallet, rule: Rule, profile: Profile, log: list[Heard]) -> Result:
    trial, began = Trial(wallet, rule, log), time.perf_counter_ns()
    verdict: Verdict = "PASS"
    note, expected, got = "", "", ""
    findings: tuple[Finding, ...] = ()
    try:
        await trial.run()
        found = judged(trial, money_only=rule.id in profile.money_only)
        if found is not None:
            complaint, findings = found
            verdict = "FAIL" if profile.level(rule, absent=complaint.absent) == "must" else "WARN"
            expected, got = complaint.expected, complaint.got
    except CannotChange as error:
        verdict, note = "SKIP", f"with this dialect {error}"
    except CannotCarry as error:
        verdict, note = "SKIP", str(error)
    except Missing as error:
        verdict, note = "SKIP", NEEDS[str(error)]
    except (Inconclusive, NoPlayers) as error:
        verdict, note = "ERROR", str(error)
    result = Result(
        rule=rule, verdict=verdict, expected=expected, got=got, findings=findings, note=note, heard=tuple(trial.heard),
        ms=(time.perf_counter_ns() - began) // 1_000_000,
    )  # fmt: skip
    return msgspec.structs.replace(result, heard=result.heard[-20:]) if verdict in GREEN else result


def exit_code(results: Iterable[Result], *, strict: bool) -> int:
    """0: green. 1: a FAIL, with `strict` also a WARN. 2: no such verdict, but an ERROR, with what it blocks."""
    results = list(results)
    if results and results[0].verdict == "FAIL" and results[0].rule.id == FIRST[0]:
        return 2  # no answer at all: nothing could be judged
    verdicts = {result.verdict for result in results}
    if verdicts & {"FAIL", "BLOCKED"} or (strict and "WARN" in verdicts):
        blamed_on_us = "FAIL" not in verdicts and "ERROR" in verdicts and not (strict and "WARN" in verdicts)
        return 2 if blamed_on_us else 1
    return 2 if "ERROR" in verdicts or not verdicts else 0


def first_to_fix(results: Iterable[Result]) -> Result | None:
    return next((result for result in results if result.verdict == "FAIL"), None)


def blocked_by(result: Result, results: Iterable[Result]) -> int:
    """How many rules wait for this one, directly or not."""
    waiting = {result.rule.id}
    count = 0
    for one in results:
        if one.verdict == "BLOCKED" and waiting & set(one.rule.prerequisites):
            waiting.add(one.rule.id)
            count += 1
    return count
