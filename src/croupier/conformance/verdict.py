"""What a trial proves: money first, answer second; and why, by the same engine that explains production traffic."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from croupier.conformance.checks import CHECKS, Complaint
from croupier.conformance.heard import WANTED, Heard, fits, in_words, repaired
from croupier.conformance.remembered import transactions
from croupier.conformance.rule import FIRST, Rule
from croupier.conformance.told import story
from croupier.conformance.trial import Inconclusive, Trial
from croupier.diagnosis.catalogue import CATALOGUE
from croupier.diagnosis.engine import Case, explain
from croupier.diagnosis.finding import GUESS, LIKELY, PATTERN, SURE, Finding, ranked
from croupier.diagnosis.ledgers import explain_balance
from croupier.dialects.answer_shapes import answer_shape
from croupier.dialects.native.codes import CODES
from croupier.domain.exchange import HttpResponse, NoAnswer
from croupier.domain.money import CURRENCIES, Money
from croupier.runtime.explanations import HARMLESS, by_reason, is_error
from croupier.runtime.masks import masked_answer, masked_body
from croupier.wallet.answer_shape import AnswerShape
from croupier.wallet.outcome import Accepted, Conflict, Declined, Unknown

Verdict = Literal["PASS", "WARN", "FAIL", "BLOCKED", "SKIP", "ERROR"]
SHOWN = 3
"""So many causes are shown; all are kept."""

SIGNED = FIRST[-1]
"""The first rule whose call has to succeed: what is wrong with address, player or server shows here."""

FIRST_BET = "ROUND-01"
MAY_NOT_PLAY = {
    "session_expired": "give the player's session with the id: operator_token at --players-url, or ID TOKEN",
    "player_blocked": "name a player that may play, or have one made there",
    "limit_reached": "name a player whose limits allow a bet, or have one made there",
}
"""What a wallet may rightly say of any player's bet -> what the caller has to change."""

PLAINLY: dict[str, frozenset[str]] = {
    "CONN-03": frozenset(
        {code for code, entry in CATALOGUE.items() if entry.layer in ("encoding", "json", "shape")}
        | {"CRP-ERR-002", "CRP-VAL-001"}
    ),
    SIGNED: frozenset({"CRP-HTTP-001", "CRP-HTTP-002", "CRP-HTTP-007", "CRP-NET-005", "CRP-CT-003", "CRP-CT-004"}),
}
"""Rule -> what an answer says so plainly that the rule's own cause is a guess beside it. A wallet that is not at this
address, or breaks down, has not looked at a signature yet; one with an error of its own, or whose bytes are no JSON
at all, has wrapped nothing.
"""

MOVED = ("CRP-SIG-009", "CRP-BAL-002")
"""What it is called when money moved and the answer is right: of rules about signatures, and of others."""

BENEATH = {"CONN-03": ("transport", "encoding", "json")}
"""Rule -> layers whose damage explains what is found above them. Elsewhere only a dead line does."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """`expected`, `got`: a difference in words. `findings`: causes, the likeliest first. `note`: why it is BLOCKED,
    SKIP or ERROR. `story`: what was sent and said, a line each, where the rule alone does not tell it. `heard`: the
    evidence. `ms`: how long it took.
    """

    rule: Rule
    verdict: Verdict
    expected: str = ""
    got: str = ""
    findings: tuple[Finding, ...] = ()
    note: str = ""
    story: tuple[str, ...] = ()
    heard: tuple[Heard, ...] = ()
    ms: int = 0


def judged(trial: Trial, *, money_only: bool = False) -> tuple[Complaint, tuple[Finding, ...]] | None:
    """What is wrong, with its causes; None when the rule is kept."""
    if trial.rule.id == FIRST_BET:
        _may_play(trial)
    complaint = _silent(trial) or _money(trial)
    if complaint is None and not money_only:
        complaint = _answers(trial) or _checked(trial)
    if complaint is None:
        return None
    return complaint, _causes(trial, complaint)


def _silent(trial: Trial) -> Complaint | None:
    """No answer where one was waited for: nothing above transport can be judged."""
    for one in trial.heard:
        if isinstance(one.answer, NoAnswer) and not one.cut and one.step.answer != "any":
            return Complaint("an answer", f"none: {one.answer.why} {one.answer.detail}".strip(), heard=one)
    return None


def _money(trial: Trial) -> Complaint | None:
    for label, wanted in trial.rule.expect.items():
        expressions = (wanted,) if isinstance(wanted, str) else wanted
        allowed = [trial.amounts.value(one) for one in expressions]
        if trial.after[label] not in allowed:
            who = "" if label == "p" else f" of player {label}"
            right = " or ".join(shown(trial, amount) for amount in allowed)
            return Complaint(f"balance{who} {right}", shown(trial, trial.after[label]))
    return None


def _answers(trial: Trial) -> Complaint | None:
    for one in trial.heard:
        if not one.cut and not fits(one, one.step.answer):
            _known(trial, one)
            what = f"the {'repeated ' if one.retry else ''}{one.kind} {one.label}: "
            return Complaint(what + WANTED[one.step.answer], in_words(one), heard=one)
        if one.step.reason and not (isinstance(one.outcome, Declined) and one.outcome.reason == one.step.reason):
            return Complaint(f"declined: {one.step.reason}", in_words(one), heard=one)
    return None


def _known(trial: Trial, one: Heard) -> None:
    """The first call that must succeed, for somebody whom the wallet has never seen. Inconclusive."""
    stranger = isinstance(one.outcome, Declined) and one.outcome.reason == "unknown_player"
    if stranger and trial.rule.id == SIGNED:
        who = one.call.context.player_id
        raise Inconclusive(f"the wallet does not know the player {who!r}: name one of its own, or have one made there")


def _may_play(trial: Trial) -> None:
    """A player who may not bet shows nothing of the wallet: its first bet is declined, and well. Inconclusive."""
    for one in trial.heard:
        reason = one.outcome.reason if isinstance(one.outcome, Declined) else ""
        if one.kind == "bet" and reason in MAY_NOT_PLAY:
            who = one.call.context.player_id
            raise Inconclusive(f"the wallet declines the first bet of {who!r}: {reason}; {MAY_NOT_PLAY[reason]}")


def _checked(trial: Trial) -> Complaint | None:
    for name in trial.rule.checks:
        complaint = CHECKS[name](trial)
        if complaint is not None:
            return complaint
    return None


def _causes(trial: Trial, complaint: Complaint) -> tuple[Finding, ...]:
    """The surest first, of equals the rule's own; but nothing before a line that is dead."""
    found: list[Finding] = []
    text = story(trial.wallet.voice, [complaint.heard] if complaint.heard is not None else trial.heard)
    if complaint.code:
        found.append(Finding(complaint.code, SURE, text))
    suspects = [complaint.heard] if complaint.heard is not None else trial.heard
    for one in suspects:
        found += _explained(trial, one)
    if not complaint.code and complaint.heard is None and "p" in trial.after:
        wanted = trial.rule.expect.get("p", "")
        expected = trial.amounts.value(wanted if isinstance(wanted, str) else wanted[0]) if wanted else 0
        at_once = max(
            (len(s.together) * max(o.repeat for o in s.together) for s in trial.rule.steps if s.together), default=1
        )
        digits = CURRENCIES[trial.wallet.currency].exponent
        if wanted:
            got = trial.after["p"]
            found += explain_balance(transactions(trial), expected, got, digits=digits, at_once=at_once)
    own = own_causes(trial.rule, trial.heard)
    if complaint.heard is not None and complaint.heard.retry and "CRP-IDEM-002" in own:
        found.append(Finding("CRP-IDEM-002", SURE, text))
    moved = next((code for code in MOVED if code in own), None)
    if complaint.heard is None and moved and trial.after.get("p") != trial.before.get("p") and _all_refused(trial):
        found.append(Finding(moved, SURE, text))
    if own[0] == "CRP-IDEM-006" and any(one.code == "CRP-IDEM-001" for one in found):
        # Rules that wait, or restart the wallet, stand after those about a repeat at once: it knew the id then.
        found.append(Finding("CRP-IDEM-006", SURE, text))
    if not any(one.code in own and one.confidence == SURE for one in found):
        # The rule is made so that this is what breaks it: only an exact hypothesis of the engine is better.
        plain = any(one.code in PLAINLY.get(trial.rule.id, ()) and one.confidence >= PATTERN for one in found)
        found.append(Finding(own[0], GUESS if plain else LIKELY, text))
    if any(one.code in own and one.confidence >= LIKELY for one in found):
        # That an amount is off says less than the line above it, which already shows by how much.
        found = [one for one in found if one.code != "CRP-BAL-004" or one.confidence > PATTERN]

    def order(one: Finding) -> tuple[bool, int, int]:
        place = own.index(one.code) if one.code in own else len(own)
        return one.entry.layer not in BENEATH.get(trial.rule.id, ("transport",)), -one.confidence, place

    return tuple(sorted(ranked(found), key=order))


def own_causes(rule: Rule, heard: Sequence[Heard]) -> tuple[str, ...]:
    """The rule's, the likeliest first. Where ids of digits and long ids were sent, what was refused decides."""
    refused = {one.step.id.partition(" ")[0] for one in heard if one.step.id and not isinstance(one.outcome, Accepted)}
    if refused == {"marks"} and "CRP-ID-001" in rule.causes:
        return ("CRP-ID-001", *(code for code in rule.causes if code != "CRP-ID-001"))
    return rule.causes


def _all_refused(trial: Trial) -> bool:
    """Each of the calls that must be."""
    wrong = [one for one in trial.heard if one.step.answer in ("no", "not ok")]
    return bool(wrong) and all(fits(one, "no") for one in wrong)


def _explained(trial: Trial, one: Heard) -> tuple[Finding, ...]:
    if one.cut or one.step.change.body == "broken":
        return ()
    refused = isinstance(one.outcome, Declined | Conflict)
    refused = refused or (isinstance(one.outcome, Unknown) and is_error(one.outcome.why))
    known = isinstance(one.model, Accepted) and not one.retry and one.model.balance is not None
    # Masked: what a cause quotes stands in reports.
    answer = masked_answer(one.answer, one.masks)
    answer = repaired(answer) if trial.rule.group != "encoding" else answer
    case = Case(
        request=one.request,
        answer=answer,
        shape=None if refused else shape_of(trial, one),
        balance_known=known and not any(step.together for step in trial.rule.steps),
        refused=refused,
        digits=CURRENCIES[trial.wallet.currency].exponent,
        now=one.at,
    )
    found = explain(case)
    if isinstance(one.outcome, Unknown) and isinstance(answer, HttpResponse) and _harmless(found):
        said = masked_body(f"{one.outcome.why}: {one.outcome.detail}".encode(), one.masks.token).decode()
        found = (*by_reason(said, answer.status), *found)
    return found


def _harmless(found: tuple[Finding, ...]) -> bool:
    return all(finding.code in HARMLESS for finding in found)


def shape_of(trial: Trial, one: Heard) -> AnswerShape:
    voice = trial.wallet.voice
    balance = one.model.balance if isinstance(one.model, Accepted) and one.model.balance is not None else 100_003
    request = voice.spoken.wallet.request(one.call, voice.operator, one.at)
    shape = answer_shape(
        voice.spoken.wallet, voice.spoken.operator, voice.operator, call=one.call, request=request, balance=balance
    )
    return msgspec.structs.replace(shape, codes=CODES) if voice.operator.dialect == "native" else shape


def shown(trial: Trial, amount: int) -> str:
    return str(Money(amount, CURRENCIES[trial.wallet.currency])).rpartition(" ")[0]


def took_ms(heard: Heard) -> int:
    return heard.answer.timing.total_us // 1000


def status_of(heard: Heard) -> str:
    return str(heard.answer.status) if isinstance(heard.answer, HttpResponse) else heard.answer.why
