"""The report as JUnit XML, Markdown and one HTML file."""

import html
import xml.etree.ElementTree as ET

from croupier.conformance.report import Report, causes, curl, evidence, fix_of, masked, text
from croupier.conformance.verdict import Result, Verdict, status_of, took_ms

WORST: tuple[Verdict, ...] = ("FAIL", "ERROR", "WARN", "BLOCKED", "SKIP", "PASS")
_OUTCOMES = {"FAIL": "failure", "BLOCKED": "skipped", "SKIP": "skipped", "ERROR": "error"}


def junit(report: Report) -> str:
    """A test case for each rule; what only warns passes, with the warning as its output."""
    counts = report.counts
    skipped = counts["SKIP"] + counts["BLOCKED"]
    suite = ET.Element(
        "testsuite",
        name=f"croupier certify {report.dialect}",
        tests=str(len(report.results)),
        failures=str(counts["FAIL"]),
        errors=str(counts["ERROR"]),
        skipped=str(skipped),
        time=_seconds(report.ms),
    )
    for result in report.results:
        case = ET.SubElement(
            suite, "testcase", classname=result.rule.group, name=f"{result.rule.id} {result.rule.name}",
            time=_seconds(result.ms),
        )  # fmt: skip
        told = in_lines(result)
        kind = _OUTCOMES.get(result.verdict)
        if kind is not None:
            ET.SubElement(case, kind, message=text((told[0] if told else result.note).encode())).text = "\n".join(told)
        elif told:
            ET.SubElement(case, "system-out").text = "\n".join(told)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"


def _seconds(ms: int) -> str:
    return f"{ms // 1000}.{ms % 1000:03d}"


def in_lines(result: Result) -> list[str]:
    """What all formats say of one result, below its title."""
    lines = []
    if result.expected:
        lines.append(f"expected  {result.expected}    got  {result.got}")
    for number, one in enumerate(causes(result)):
        lines.append(f"{'cause' if number == 0 else 'or':8}  {one.code}  {one.entry.title}. {one.detail}")
        if number == 0:
            lines.append(f"fix       {fix_of(one)}")
    lines += [f"{'story' if number == 0 else '':9} {told}" for number, told in enumerate(result.story)]
    if result.note:
        lines.append(f"because   {result.note}")
    shown = evidence(result)
    if shown and result.expected:
        lines.append(f"evidence  {len(shown)} request{'' if len(shown) == 1 else 's'}")
        lines.append(f"read      croupier explain {result.findings[0].code if result.findings else result.rule.id}")
    return [text(line.encode()) for line in lines]


def markdown(report: Report) -> str:
    """For a ticket: what is not green, with its bytes."""
    lines = [f"# Wallet check: {report.summary}", ""]
    lines += [f"`{report.wallet_url}`, dialect {report.dialect}, {report.currency}, level {report.level}.", ""]
    if report.fix_first:
        lines += [f"**Fix this first: {report.fix_first}**", ""]
    if report.try_again:
        lines += ["Then again:", "", "```sh", report.try_again, "```", ""]
    if report.progress is not None and report.progress.words:
        lines += [f"Since the last run: {report.progress.words}.", ""]
    for result in report.results:
        if result.verdict in ("PASS", "SKIP", "BLOCKED"):
            continue
        lines += [f"## {result.verdict} {result.rule.id}: {result.rule.requirement}", ""]
        lines += [f"Without it: {result.rule.guards}.", "", "```text", *in_lines(result), "```", ""]
        for one in evidence(result)[-3:]:
            lines += [f"{one.kind} `{one.label}` → {status_of(one)} in {took_ms(one)} ms", "", "```text"]
            request, answered = masked(one)
            lines += [text(request.body), "→", answered, "```", ""]
    waiting = [result for result in report.results if result.verdict in ("BLOCKED", "SKIP")]
    if waiting:
        lines += ["| | Rule | Why |", "|---|---|---|"]
        lines += [f"| {one.verdict} | {one.rule.id} | {one.note} |" for one in waiting]
    return "\n".join(lines) + "\n"


_BADGE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{label}: {told}">
<title>{label}: {told}</title><rect width="{width}" height="20" rx="3" fill="#444"/>
<path d="M{left} 0h{right_less}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{left}z" fill="{colour}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="8" y="14" textLength="{label_length}">{label}</text>
<text x="{told_at}" y="14" textLength="{told_length}">{told}</text></g></svg>
"""
_COLOURS = {"green": "#1b6b3a", "warns": "#7a5200", "broken": "#b3261e", "unknown": "#555"}


def badge(report: Report) -> str:
    """A picture of one line for a README: how many rules are kept, and of which level."""
    counts, label = report.counts, f"wallet check, {report.level}"
    tried = len(report.results) - counts["SKIP"]
    if counts["FAIL"]:
        told, colour = f"{counts['FAIL']} broken", _COLOURS["broken"]
    elif counts["ERROR"] or counts["BLOCKED"] or not tried:
        told, colour = "not known", _COLOURS["unknown"]
    else:
        warns = f", {counts['WARN']} warn" if counts["WARN"] else ""
        skipped = f", {counts['SKIP']} not tried" if counts["SKIP"] else ""
        told, colour = f"{counts['PASS']} kept{warns}{skipped}", _COLOURS["warns" if warns else "green"]
    label_length, told_length = len(label) * 6, len(told) * 6
    left = label_length + 16
    return _BADGE.format(
        label=html.escape(label), told=html.escape(told), colour=colour, label_length=label_length,
        told_length=told_length, left=left, width=left + told_length + 16, right_less=told_length + 13,
        told_at=left + 8,
    )  # fmt: skip


_STYLE = """
:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 20%,transparent);--bad:light-dark(#b3261e,#ff8a80);
--warn:light-dark(#7a5200,#ffca66);--good:light-dark(#1b6b3a,#7ddba0)}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem}code,pre{font:13px/1.5 ui-monospace,monospace}
pre{overflow-x:auto;border:1px solid var(--line);padding:.5rem;white-space:pre-wrap;overflow-wrap:anywhere}
details{border-top:1px solid var(--line);padding:.4rem 0}summary{cursor:pointer}
.FAIL b,.ERROR b{color:var(--bad)}.WARN b{color:var(--warn)}.PASS b{color:var(--good)}
summary b{display:inline-block;min-width:4.5rem}@media(max-width:30rem){summary b{display:block}}
"""


def page(report: Report) -> str:
    """One file, nothing fetched: everything that was tried, the worst first and open."""
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>Wallet check: {html.escape(report.summary)}</title><style>{_STYLE}</style><main>",
        f"<h1>Wallet check: {html.escape(report.summary)}</h1>",
        f"<p><code>{html.escape(report.wallet_url)}</code>, dialect {report.dialect}, {report.currency},",
        f"{_seconds(report.ms)} s. {html.escape(report.clock)}</p>",
    ]
    if report.fix_first:
        parts.append(f"<p><strong>Fix this first: {html.escape(report.fix_first)}</strong></p>")
    if report.try_again:
        parts.append(f"<p>Then again:</p><pre>{html.escape(report.try_again)}</pre>")
    if report.progress is not None and report.progress.words:
        parts.append(f"<p>Since the last run: {html.escape(report.progress.words)}.</p>")
    worst_first = sorted(report.results, key=lambda result: WORST.index(result.verdict))
    parts += [_section(result) for result in worst_first]
    return "\n".join(parts) + "\n</main></html>\n"


def _section(result: Result) -> str:
    rule, opened = result.rule, " open" if result.verdict in ("FAIL", "ERROR") else ""
    told = "\n".join(in_lines(result))
    body = f"<p>{html.escape(rule.level)}; without it: {html.escape(rule.guards)}.</p>"
    body += f"<pre>{html.escape(told)}</pre>" if told else ""
    for one in evidence(result):
        request, answered = masked(one)
        said = f"{text(request.body)}\n→ {status_of(one)} in {took_ms(one)} ms\n{answered}"
        title = f"{one.kind} {one.label}{', again' if one.retry else ''}"
        body += f"<p>{html.escape(title)}</p><pre>{html.escape(said)}</pre>"
        body += f"<details><summary>curl</summary><pre>{html.escape(curl(request))}</pre></details>"
    return (
        f'<details class="{result.verdict}" id="{rule.id}"{opened}><summary><b>{result.verdict}</b> {rule.id} '
        f"{html.escape(rule.requirement)}</summary>{body}</details>"
    )
