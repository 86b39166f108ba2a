"""Layer 1: a status that is no success. Whose words are these: a proxy's, a framework's, or the wallet's?"""

import re
from email.utils import parsedate_to_datetime

from croupier.diagnosis.finding import GUESS, LIKELY, PATTERN, SURE, Finding, Span
from croupier.diagnosis.syntax import TAG
from croupier.domain.exchange import HttpRequest, HttpResponse

SKEW_S = 60
"""A clock is called wrong when it is further away."""

PROXY = re.compile(
    rb"just a moment|cf-ray|attention required|incapsula|imperva|akamai|bad gateway</title|gateway time-?out</title"
    rb"|<center>nginx|<center>cloudflare|ddos-guard|sucuri",
    re.IGNORECASE,
)
PROXIES = ("cloudflare", "ddos-guard", "sucuri", "awselb", "imperva", "akamai")
NO_ROUTE = re.compile(
    r'"(detail|title|error|message)"\s*:\s*"(not found\.?|method not allowed\.?|cannot (get|post|put) [^"]*'
    r'|(the )?route [^"]*)"',
    re.IGNORECASE,
)
"""What frameworks say in JSON of an address that nobody serves."""

SIGNATURE = re.compile(r"signature|hmac|x-sign|unsigned|timestamp|\bsign\b|webhook-", re.IGNORECASE)
STALE = re.compile(
    r"stale\w*|too old|clock skew|(expired|old|invalid)[ _-]?(time[ _-]?stamp|signature)"
    r"|time[ _-]?stamp[ _-]?(is )?(too|out|expired|invalid|not within)|outside (of )?(the )?(tolerance|time window)",
    re.IGNORECASE,
)
LEAK = re.compile(
    rb"Traceback \(most recent call last\)|\bat [\w.$]+\([\w.]+:\d+\)|SQLSTATE|SELECT .{1,200} FROM |stack trace:"
)

TOLD: tuple[tuple[str, str, str], ...] = (
    (r"deadlock|could not serialize|lock wait timeout|database is locked", "CRP-CONC-003", "a lock conflict"),
    (r"duplicate key|unique constraint|duplicate entry|UNIQUE constraint failed", "CRP-IDEM-005", "a key stored twice"),
    (r"value too long|data too long|string or binary data would be truncated", "CRP-ID-001", "an id that does not fit"),
)
"""What databases say when their error reaches us: pattern, code, in words."""


def of_status(answer: HttpResponse, request: HttpRequest, now: int | None) -> list[Finding]:
    status, body = answer.status, answer.body
    text = body[:8192].decode("utf-8", "replace")
    shown = f"HTTP {status}" + (f": {_short(text)}" if text.strip() else "")
    if 300 <= status < 400:
        to = answer.header("location") or "elsewhere"
        return [Finding("CRP-NET-003", SURE, f"{request.method} {request.path} was redirected to {to}.")]
    if status == 429:
        after = answer.header("retry-after")
        note = f" and asks to wait {after}" if after else ""
        return [Finding("CRP-HTTP-005", SURE, f"The wallet answered 429{note}.")]
    if status == 419 or (status in (400, 401, 403) and re.search(r"csrf|xsrf", text, re.IGNORECASE)):
        return [Finding("CRP-HTTP-004", SURE, shown)]
    for pattern, code, words in TOLD:
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            span = Span("answer", found.start(), found.end())
            return [Finding(code, LIKELY, f"The answer speaks of {words}: {_short(found[0])}.", (span,))]
    if _is_proxy(answer):
        return [Finding("CRP-NET-005", LIKELY, shown)]
    leaked = LEAK.search(body)
    leak = [Finding("CRP-LEAK-001", SURE, "The error shows code or a query.", (_span(leaked),))] if leaked else []
    if status >= 500:
        return [Finding("CRP-HTTP-002", LIKELY, shown), *leak]
    if status in (401, 403):
        clock = _clock(answer, now)
        if not clock and (stale := STALE.search(text)):
            words = f"The refusal speaks of the time of signing: {_short(stale[0])}."
            clock = [Finding("CRP-SIG-008", LIKELY, words, (Span("answer", *stale.span()),))]
        if SIGNATURE.search(text) or SIGNATURE.search(answer.header("www-authenticate") or ""):
            return [Finding("CRP-SIG-010", PATTERN, shown), *clock, *leak]
        if status == 401 and any("sign" in name.lower() for name, _ in request.headers):
            # A signed call is answered so when its signature does not fit; most wallets say no more.
            return [Finding("CRP-SIG-010", PATTERN, shown), *clock, *leak]
        return [Finding("CRP-HTTP-007", PATTERN, shown), *clock, *leak]
    if status in (404, 405) and (not _is_json(text) or NO_ROUTE.search(text)):
        return [Finding("CRP-HTTP-001", LIKELY, f"{request.method} {request.path}: {shown}"), *leak]
    return [_refused(text, request, shown), *leak]


def _refused(text: str, request: HttpRequest, shown: str) -> Finding:
    form = "urlencoded" in (request.last_header("content-type") or "")
    names = [name for name in _names(request.body) if re.search(rf"\b{re.escape(name)}\b", text)]
    if len(names) > 1 and re.search(r"required|missing|must not be (empty|null)", text, re.IGNORECASE) and not form:
        return Finding("CRP-CT-003", LIKELY, f"Reported as missing although they were sent: {', '.join(names[:5])}.")
    if form and re.search(
        r"unexpected token|invalid json|json (parse|decode|syntax)|not valid json", text, re.IGNORECASE
    ):
        return Finding("CRP-CT-004", LIKELY, shown)
    if _is_json(text):
        return Finding("CRP-HTTP-003", PATTERN, f"A refusal came as {shown}")
    return Finding("CRP-HTTP-001", GUESS, shown)


def _clock(answer: HttpResponse, now: int | None) -> list[Finding]:
    date = answer.header("date")
    if date is None or now is None:
        return []
    try:
        behind = now // 1_000_000 - round(parsedate_to_datetime(date).timestamp())
    except (ValueError, TypeError, OverflowError):
        return []
    if abs(behind) <= SKEW_S:
        return []
    word = "behind" if behind > 0 else "ahead"
    return [Finding("CRP-SIG-008", SURE, f"Your server's clock is {abs(behind)} s {word}.")]


def _is_proxy(answer: HttpResponse) -> bool:
    page = answer.body.lstrip()[:1] == b"<"
    server = (answer.header("server") or "").lower()
    basic = answer.status == 401 and "basic" in (answer.header("www-authenticate") or "").lower()
    return basic or (page and (PROXY.search(answer.body) is not None or any(name in server for name in PROXIES)))


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def _names(body: bytes) -> list[str]:
    return re.findall(r'"([a-z_A-Z]{2,40})"\s*:', body[:4096].decode("utf-8", "replace"))


def _span(found: "re.Match[bytes]") -> Span:
    return Span("answer", found.start(), found.end())


def _short(text: str) -> str:
    line = " ".join(TAG.sub(" ", text).split())
    return line[:120] + ("…" if len(line) > 120 else "")
