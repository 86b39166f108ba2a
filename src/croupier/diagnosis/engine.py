"""Explains one answer: layer by layer from transport to values. What can be repaired is, so that one run tells all."""

import msgspec

from croupier.diagnosis.finding import Finding, ranked, with_fix
from croupier.diagnosis.framework import framework_of
from croupier.diagnosis.http_layer import of_status
from croupier.diagnosis.shape import of_shape
from croupier.diagnosis.syntax import read
from croupier.diagnosis.times import of_times
from croupier.diagnosis.transport import of_transport
from croupier.diagnosis.values import of_values
from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.wallet.answer_shape import AnswerShape

BODY_MAX = 65_536


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange, and what was expected of it.

    `shape`: of a right answer; None = only transport, HTTP and JSON are looked at. `balance_known`: the balance of its
    example is what the player must have now. `refused`: the dialect read a clear refusal, so fields of success need
    not be there. `digits`: of the currency. `now`: when it was sent, microseconds; None = times are not looked at.
    """

    request: HttpRequest
    answer: HttpResponse | NoAnswer
    shape: AnswerShape | None = None
    balance_known: bool = False
    refused: bool = False
    digits: int = 2
    now: int | None = None


def explain(case: Case) -> tuple[Finding, ...]:
    """All causes that the bytes prove, the likeliest first; empty when nothing is wrong or nothing explains it."""
    answer = case.answer
    if isinstance(answer, NoAnswer):
        return ranked(of_transport(answer, case.request))
    framework = framework_of(answer)
    findings = _of_answer(case, answer)
    return tuple(with_fix(one, framework) for one in ranked(findings))


def _of_answer(case: Case, answer: HttpResponse) -> list[Finding]:
    if len(answer.body) > BODY_MAX:
        answer = msgspec.structs.replace(answer, body=answer.body[:BODY_MAX])
    if not 200 <= answer.status < 300 and not case.refused:
        return of_status(answer, case.request, case.now)
    findings, value = read(answer)
    if value is None or case.shape is None:
        return findings
    if not case.refused:
        more, value = of_shape(value, case.shape)
        findings += more
        findings += of_values(value, case.shape, balance_known=case.balance_known, digits=case.digits)
    return findings + of_times(value, case.now)
