"""What a diagnosis says."""

from collections.abc import Iterable

import msgspec

from croupier.diagnosis.catalogue import CATALOGUE, Entry, rank

SURE, LIKELY, PATTERN, GUESS = 100, 80, 60, 30
"""Confidence in percent: exact match of a unique hypothesis; exact, but another fits too; a pattern; a guess.
What is below a guess is not said: a wrong fix costs more than none."""


class Span(msgspec.Struct, frozen=True):
    """Bytes that prove it, from `start` to before `end`. `part` of the exchange: ``answer``."""

    part: str
    start: int
    end: int


DETAIL_MAX = 1000
"""Characters; what strangers wrote may stand in it."""


class Finding(msgspec.Struct, frozen=True):
    """One cause. `detail`: this occurrence in a sentence, short and without anything a terminal would obey.
    `fix`: what to write in the framework that was recognised.
    """

    code: str
    confidence: int
    detail: str
    spans: tuple[Span, ...] = ()
    fix: str = ""

    def __post_init__(self) -> None:
        if len(self.detail) > DETAIL_MAX or not self.detail.isprintable():
            cut = self.detail if len(self.detail) <= DETAIL_MAX else self.detail[: DETAIL_MAX - 1] + "…"
            shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)
            msgspec.structs.force_setattr(self, "detail", shown)

    @property
    def entry(self) -> Entry:
        return CATALOGUE[self.code]


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each code once, the likeliest cause first."""
    best: dict[str, Finding] = {}
    for one in findings:
        if one.code not in best or best[one.code].confidence < one.confidence:
            best[one.code] = one
    return tuple(sorted(best.values(), key=lambda one: rank(one.code, one.confidence)))


def with_fix(finding: Finding, framework: str | None) -> Finding:
    if framework is None:
        return finding
    fixes = finding.entry.fixes
    fix = fixes.get(framework) or fixes.get(FAMILY.get(framework, ""), "")
    return msgspec.structs.replace(finding, fix=fix)


FAMILY = {"laravel": "php", "symfony": "php", "uvicorn": "fastapi", "next": "express"}
"""What helps in the family helps its member."""
