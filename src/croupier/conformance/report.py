"""One result object for all formats: the same sentences in each."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from croupier.conformance.heard import Heard
from croupier.conformance.progress import Progress
from croupier.conformance.rule import RULE_SET, RULES, Rule
from croupier.conformance.runner import blocked_by, first_to_fix
from croupier.conformance.verdict import SHOWN, Result, Verdict
from croupier.diagnosis.finding import Finding
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.runtime.masks import masked_body, masked_headers, masked_request

SCHEMA = "croupier.certify/2"
BODY_SHOWN = 4096
EVIDENCE_MAX = 12
ORDER: tuple[Verdict, ...] = ("PASS", "WARN", "FAIL", "BLOCKED", "SKIP", "ERROR")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """`at`: when it ended, microseconds. `clock`: minutes and runs of this wallet until now. `progress`: since
    the last run; None where there was none. `seed`: of the random stories, where they were told. `dialect_hash`: see
    `Voice.fingerprint`. `again`: the command that tries one rule, ``{}``.
    """

    results: tuple[Result, ...]
    dialect: str
    wallet_url: str
    currency: str
    level: str
    at: int
    ms: int
    clock: str = ""
    progress: Progress | None = None
    seed: int | None = None
    dialect_hash: str = ""
    again: str = ""

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(result.verdict for result in self.results)
        return {verdict: found[verdict] for verdict in ORDER}

    @property
    def summary(self) -> str:
        return ", ".join(f"{count} {verdict}" for verdict, count in self.counts.items() if count)

    @property
    def fix_first(self) -> str:
        """The one thing to do next; empty when nothing must be mended."""
        first = first_to_fix(self.results)
        if first is None:
            return ""
        fails, blocked = self.counts["FAIL"], blocked_by(first, self.results)
        waits = f", {blocked} rule{'' if blocked == 1 else 's'} blocked by it" if blocked else ""
        return f"{first.rule.id} ({fails} FAIL{waits})"

    @property
    def try_again(self) -> str:
        """The command that tries what is to be mended first, or what nothing could be said of; empty without one."""
        first = first_to_fix(self.results)
        first = first or next((one for one in self.results if one.verdict == "ERROR"), None)
        return self.again.format(first.rule.id) if first is not None else ""


def fingerprint(rules: Sequence[Rule]) -> str:
    """Of the rules that were run: two reports with the same one mean the same."""
    return hashlib.sha256(msgspec.json.encode(list(rules))).hexdigest()[:12]


def fix_of(finding: Finding) -> str:
    return f"{finding.entry.hint} In your framework: `{finding.fix}`" if finding.fix else finding.entry.hint


def as_data(report: Report) -> dict[str, Any]:
    """The JSON report. Its shape changes only with the number in `schema`."""
    return {
        "schema": SCHEMA,
        "rule_set": RULE_SET,
        "rules_hash": fingerprint([result.rule for result in report.results]),
        "rules_known": len(RULES),
        "dialect": report.dialect,
        "dialect_hash": report.dialect_hash or None,
        "seed": report.seed,
        "wallet_url": report.wallet_url,
        "currency": report.currency,
        "level": report.level,
        "ended_at_us": report.at,
        "ms": report.ms,
        "counts": report.counts,
        "fix_first": report.fix_first or None,
        "clock": report.clock or None,
        "progress": msgspec.to_builtins(report.progress),
        "results": [result_data(result) for result in report.results],
    }


def as_json(report: Report) -> str:
    return json.dumps(as_data(report), indent=1, ensure_ascii=False) + "\n"


def result_data(result: Result) -> dict[str, Any]:
    rule = result.rule
    return {
        "id": rule.id,
        "address": rule.address,
        "level": rule.level,
        "requirement": rule.requirement,
        "guards": rule.guards,
        "verdict": result.verdict,
        "expected": result.expected or None,
        "got": result.got or None,
        "note": result.note or None,
        "story": list(result.story),
        "ms": result.ms,
        "causes": [_cause(one) for one in result.findings],
        "evidence": [exchange_data(one) for one in evidence(result)],
    }


def _cause(one: Finding) -> dict[str, Any]:
    return {
        "code": one.code,
        "confidence": one.confidence,
        "title": one.entry.title,
        "detail": one.detail,
        "fix": fix_of(one),
        "side": one.entry.side,
        "bytes": [{"part": span.part, "start": span.start, "end": span.end} for span in one.spans],
    }


def causes(result: Result) -> tuple[Finding, ...]:
    return result.findings[:SHOWN]


def evidence(result: Result) -> tuple[Heard, ...]:
    return result.heard[-EVIDENCE_MAX:] if result.verdict not in ("PASS", "SKIP") else ()


def masked(one: Heard) -> tuple[HttpRequest, str]:
    """Request, and the answer's body as text, for every format: a copy of a report gives nobody the right to call."""
    return masked_request(one.request, one.masks), text(masked_body(one.body, one.masks.token))


def exchange_data(one: Heard) -> dict[str, Any]:
    request, said = masked(one)
    answer, timing = one.answer, one.answer.timing
    return {
        "call": one.kind,
        "transaction": one.label,
        "retry": one.retry,
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": [list(header) for header in request.headers],
            "body": text(request.body),
        },
        "answer": {
            "status": answer.status if isinstance(answer, HttpResponse) else None,
            "headers": [list(header) for header in masked_headers(answer.headers, one.masks.header)]
            if isinstance(answer, HttpResponse)
            else [],
            "body": said,
            "no_answer": None if isinstance(answer, HttpResponse) else f"{answer.why} {answer.detail}".strip(),
        },
        "timing_us": {
            "dns": timing.dns_us,
            "connect": timing.connect_us,
            "tls": timing.tls_us,
            "first_byte": timing.first_byte_us,
            "total": timing.total_us,
        },
        "curl": curl(request),
    }


def curl(request: HttpRequest) -> str:
    """A line to paste, of a request as it is told: its signature is masked."""
    headers = "".join(f" -H {_quoted(f'{name}: {value}')}" for name, value in request.headers)
    return f"curl -X {request.method}{headers} --data-raw {_quoted(text(request.body))} {_quoted(request.url)}"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def text(body: bytes) -> str:
    """Bytes as text without control characters; what is too long is cut."""
    shown = body[:BODY_SHOWN].decode("utf-8", "backslashreplace")
    more = f" … {len(body)} bytes" if len(body) > BODY_SHOWN else ""
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in shown) + more
