"""A check and its results, as the API tells them."""

from typing import Any, Literal

from pydantic import Field

from croupier.api.fields import View
from croupier.api.operator.explained import Side
from croupier.api.wire import rfc3339_or_none
from croupier.conformance.report import ORDER
from croupier.conformance.rule import RULES
from croupier.domain.instants import rfc3339
from croupier.store.certifications import Certification, State

Verdict = Literal["PASS", "WARN", "FAIL", "BLOCKED", "SKIP", "ERROR"]


class CertificationItem(View):
    """`green`: every rule of it was judged, and no FAIL, BLOCKED or ERROR is among them."""

    certification_id: str
    state: State = Field(description="queued, running, finished, stopped by a person, or cut_off: see `why`")
    ahead: int = Field(description="While it is queued: how many checks wait before it")
    why: str = Field(description="Why it ended before all was judged; empty when it did not")
    green: bool
    level: str
    whole: bool = Field(description="All rules of the level, not a choice of them")
    rules: int
    judged: int
    counts: dict[str, int] = Field(description="Verdict -> how many rules")
    fix_first: str | None = Field(description="The one thing to do next")
    asked_at: str
    asked_by: str
    began_at: str | None
    ended_at: str | None
    dialect: str | None = Field(description="What was tried, as it was then; null until it began")
    wallet_url: str | None
    currency: str
    rule_set: str | None
    rules_hash: str | None = Field(description="Two checks with the same one tried the same rules")
    version: str | None = Field(description="Of the platform")


class CertificationList(View):
    items: list[CertificationItem]
    next_cursor: str | None


class CauseView(View):
    """`confidence` in percent: 100 when nothing else fits what was seen."""

    code: str
    title: str
    detail: str
    fix: str
    side: Side
    confidence: int
    doc_url: str


class RuleView(View):
    id: str
    group: str
    address: str
    level: Literal["must", "should"]
    requirement: str
    guards: str = Field(description="What goes wrong without it")
    verdict: Verdict | None = Field(description="null until it is judged")
    expected: str | None
    got: str | None
    note: str | None = Field(description="Why it is BLOCKED, SKIP or ERROR")
    ms: int | None
    causes: list[CauseView] = Field(description="The likeliest first")


class CheckedCall(View):
    """`answer`: the status, or why there is none."""

    exchange_id: str
    call: str
    transaction: str
    retry: bool
    answer: str
    ms: int


class CheckedMessage(View):
    status: int | None
    headers: list[tuple[str, str]]
    body: str
    no_answer: str | None


class CheckedRequest(View):
    method: str
    url: str
    headers: list[tuple[str, str]]
    body: str


class Evidence(View):
    exchange_id: str
    call: str
    transaction: str
    retry: bool
    request: CheckedRequest
    answer: CheckedMessage
    curl: str


class RuleDetail(RuleView):
    calls: list[CheckedCall] = Field(description="In their order, at most the last 40; each is an exchange")
    evidence: list[Evidence] = Field(description="The last of them with their bytes; empty for PASS and SKIP")


class CertificationView(CertificationItem):
    player_ids: list[str]
    players_url: str | None
    hooks_url: str | None
    second_currency: str | None
    has: list[str]
    results: list[RuleView]


def item(c: Certification) -> dict[str, Any]:
    given = list(c.verdicts.values())
    tried = c.wallet
    return {
        "certification_id": c.certification_id,
        "state": c.state,
        "ahead": c.ahead,
        "why": c.why,
        "green": c.green,
        "level": c.asked.level,
        "whole": c.asked.whole,
        "rules": len(c.asked.rules),
        "judged": len(given),
        "counts": {verdict: given.count(verdict) for verdict in ORDER},
        "fix_first": c.fix_first or None,
        "asked_at": rfc3339(c.asked_at),
        "asked_by": c.asked_by,
        "began_at": rfc3339_or_none(c.began_at),
        "ended_at": rfc3339_or_none(c.ended_at),
        "dialect": tried.dialect if tried else None,
        "wallet_url": tried.wallet_url if tried else None,
        "currency": c.asked.currency,
        "rule_set": tried.rule_set if tried else None,
        "rules_hash": tried.rules_hash if tried else None,
        "version": tried.version if tried else None,
    }


def view(c: Certification, results: list[dict[str, Any]]) -> CertificationView:
    by_rule = {result["id"]: result for result in results}
    return CertificationView(
        **item(c),
        player_ids=[one.partition(" ")[0] for one in c.asked.players],
        players_url=c.asked.players_url or None,
        hooks_url=c.asked.hooks_url or None,
        second_currency=c.asked.second_currency or None,
        has=list(c.asked.has),
        results=[_rule(by_rule[name]) if name in by_rule else _waiting(name) for name in c.asked.rules],
    )


def rule_detail(result: dict[str, Any]) -> RuleDetail:
    shown = [Evidence(**{name: one[name] for name in Evidence.model_fields}) for one in result["evidence"]]
    return RuleDetail(**_rule(result).model_dump(), calls=result["calls"], evidence=shown)


def _rule(result: dict[str, Any]) -> RuleView:
    fields = {name: result[name] for name in RuleView.model_fields if name != "causes"}
    causes = [
        CauseView(**{name: one[name] for name in CauseView.model_fields if name != "doc_url"},
                  doc_url=f"/docs/errors/{one['code']}")
        for one in result["causes"]
    ]  # fmt: skip
    return RuleView(**fields, causes=causes)


def _waiting(rule_id: str) -> RuleView:
    """Not judged; one that this release does not know any more keeps its id."""
    rule = RULES.get(rule_id)
    return RuleView(
        id=rule_id,
        group=rule.group if rule else "",
        address=rule.address if rule else "",
        level=rule.level if rule else "must",
        requirement=rule.requirement if rule else "",
        guards=rule.guards if rule else "",
        verdict=None, expected=None, got=None, note=None, ms=None, causes=[],
    )  # fmt: skip
