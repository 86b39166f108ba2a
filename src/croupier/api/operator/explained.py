"""What the diagnosis says about an exchange, as the API tells it."""

from typing import Literal

from pydantic import Field

from croupier.api.fields import View
from croupier.conformance.rule import RULES
from croupier.diagnosis.finding import Finding
from croupier.domain.errors import ERRORS
from croupier.domain.exchange import Exchange, HttpResponse
from croupier.domain.instants import rfc3339
from croupier.runtime.signature_steps import Steps
from croupier.store.exchange_reads import Group

Side = Literal["yours", "ours", "network"]
SHOWN_BY: dict[str, list[str]] = {}
"""Finding -> the rules that it may be the cause of, at most three."""
for _rule in RULES.values():
    for _code in _rule.causes:
        SHOWN_BY.setdefault(_code, []).append(_rule.id)
SHOWN_BY = {code: rules[:3] for code, rules in SHOWN_BY.items()}


class FindingView(View):
    """`confidence` in percent: 100 when nothing else fits these bytes. `spans`: where in the answer's body, as UTF-16
    offsets.
    """

    code: str
    side: Side
    title: str
    detail: str = Field(description="This occurrence, in a sentence")
    why: str = Field(description="What it costs")
    hint: str = Field(description="What to change")
    fix: str = Field(description="What to write in the framework that was recognised; empty when none was")
    confidence: int
    spans: list[tuple[int, int]]
    rules: list[str] = Field(description="Rules of `croupier certify` that a wallet with this fault breaks")
    doc_url: str


class MistakeView(View):
    mistake: str
    signature: str


class SignatureView(View):
    """How the signature of a message is made. Secrets are named, never shown.

    `text_sha256`, `expected`, `mistakes`: null and empty where they cannot be computed, because a secret in the text is
    masked; the last two also for people who may not cause such a call themselves.
    """

    of: Literal["request", "answer"]
    header: str
    algorithm: str
    key: str = Field(description="Which secret, and how it becomes the key")
    parts: list[str] = Field(description="What is put together")
    text: str = Field(description="What is signed, exactly; unprintable bytes as \\x…")
    text_sha256: str | None = Field(description="SHA-256 of these bytes in hex: compare it with yours first")
    expected: str | None
    given: str | None = Field(description="What came instead; a right signature is not kept")
    mistakes: list[MistakeView] = Field(description="What would come out of a usual mistake")


class GroupItem(View):
    """Failures with one cause at one endpoint."""

    finding: str | None = Field(description="null: unexplained")
    side: Side | None
    title: str
    why: str = Field(description="The reason that was recorded, when nothing explains it")
    direction: Literal["in", "out"]
    method: str
    endpoint: str
    exchanges: int
    rounds: int
    first_at: str
    last_at: str
    last_exchange_id: str
    doc_url: str | None


class GroupList(View):
    items: list[GroupItem]


def finding_view(finding: Finding, e: Exchange | None) -> FindingView:
    """`e` None: it is about the operator, not about one exchange."""
    entry = finding.entry
    body = e.answer.body if e is not None and isinstance(e.answer, HttpResponse) else b""
    # Our own refusals have a next step and a page for each of their codes.
    why = e.why if e is not None and e.direction == "in" and entry.layer == "ours" else ""
    refusal = ERRORS.get(why)
    return FindingView(
        code=finding.code,
        side=entry.side,
        title=entry.title if refusal is None else refusal.title,
        detail=finding.detail,
        why=entry.why,
        hint=entry.hint if refusal is None else refusal.hint,
        fix=finding.fix,
        confidence=finding.confidence,
        spans=[(_units(body, span.start), _units(body, span.end)) for span in finding.spans if span.part == "answer"],
        rules=SHOWN_BY.get(finding.code, []),
        doc_url=f"/docs/errors/{finding.code if refusal is None else why}",
    )


def signature_view(steps: Steps, of: Literal["request", "answer"], *, digests: bool) -> SignatureView:
    return SignatureView(
        of=of,
        header=steps.header,
        algorithm=steps.algorithm,
        key=steps.key,
        parts=list(steps.parts),
        text=text(steps.text),
        text_sha256=steps.text_sha256,
        expected=steps.expected if digests else None,
        given=steps.given,
        mistakes=[MistakeView(mistake=how, signature=made) for how, made in steps.mistakes] if digests else [],
    )


def group_item(group: Group, title: str) -> GroupItem:
    return GroupItem(
        finding=group.finding,
        side=group.side,  # type: ignore[arg-type]
        title=title,
        why=group.why,
        direction="out" if group.direction == "out" else "in",
        method=group.method,
        endpoint=group.endpoint,
        exchanges=group.exchanges,
        rounds=group.rounds,
        first_at=rfc3339(group.first_at),
        last_at=rfc3339(group.last_at),
        last_exchange_id=group.last_exchange_id,
        doc_url=f"/docs/errors/{group.finding}" if group.finding else None,
    )


def text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")


def _units(body: bytes, at: int) -> int:
    """A place among bytes as browsers count in the text that is shown."""
    return len(text(body[:at]).encode("utf-16-le")) // 2
