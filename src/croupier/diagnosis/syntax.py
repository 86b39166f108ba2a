"""Layers 2 and 3: encoding and JSON. Damage is reported, repaired where that is certain, and reading goes on."""

import ast
import json
import re
import warnings
from decimal import Decimal
from typing import NoReturn

from croupier.diagnosis.finding import LIKELY, PATTERN, SURE, Finding, Span
from croupier.domain.exchange import HttpResponse

BOM = b"\xef\xbb\xbf"
PAGE_READ = 8192
"""Characters of a page that are looked at."""
TAG = re.compile(r"<[^<>]*>")
_TITLE = re.compile(r"<title>(.{0,300}?)</title>|<h1>(.{0,300}?)</h1>", re.DOTALL | re.IGNORECASE)
# What stands without an end costs no more than what is looked at: no search begins again at every sign of one.

CHARSETS = ("cp1251", "cp1252", "latin-1")


class NotJson(ValueError):
    pass


def read(answer: HttpResponse) -> tuple[list[Finding], object]:
    """What is wrong with the text, and the JSON object in it; None when there is none."""
    findings = _framing(answer)
    body, start = answer.body, 0
    if body.startswith(BOM):
        findings.append(Finding("CRP-ENC-001", SURE, "The body begins with EF BB BF.", (Span("answer", 0, 3),)))
        body, start = body[3:], 3
    text, more = _text(body, start)
    findings += more
    more, value = _value(text, start)
    findings += more
    if isinstance(value, dict) and not any(one.code == "CRP-CT-002" for one in findings):
        kind = answer.header("content-type")
        if kind is None or "json" not in kind.lower():
            said = f"says {kind!r}" if kind else "is missing"
            findings.append(Finding("CRP-CT-001", SURE, f"The header Content-Type {said}, the body is JSON."))
    return findings, value if isinstance(value, dict) else None


def parsed(text: str) -> object:
    """Strict JSON; fractions keep their digits. NotJson for NaN and everything else."""
    try:
        value: object = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError) as error:  # an exponent that no Decimal has is of arithmetic
        raise NotJson(str(error)[:120]) from None
    return value


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _framing(answer: HttpResponse) -> list[Finding]:
    length = answer.header("content-length")
    if length is None or not (length.isascii() and length.isdigit()):
        return []
    if (length.lstrip("0") or "0") == str(len(answer.body)):
        return []
    return [Finding("CRP-ENC-004", SURE, f"Content-Length says {length}, the body has {len(answer.body)} bytes.")]


def _text(body: bytes, start: int) -> tuple[str, list[Finding]]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        at = Span("answer", start + error.start, start + error.end)
        charset = next(name for name in CHARSETS if _decodes(body, name))
        return body.decode(charset), [Finding("CRP-ENC-002", LIKELY, f"It reads as {charset.upper()}.", (at,))]
    twice = re.search("[\u00c2-\u00f4][\u0080-\u00bf\u2018-\u2122]", text)
    if twice and _decoded_again(text) is not None:
        shown = twice[0]
        return text, [Finding("CRP-ENC-003", LIKELY, f"“{shown}” is “{_decoded_again(shown)}”, encoded twice.")]
    return text, []


def _decodes(body: bytes, charset: str) -> bool:
    try:
        body.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def _decoded_again(text: str) -> str | None:
    for charset in ("latin-1", "cp1252"):
        try:
            return text.encode(charset).decode("utf-8")
        except UnicodeError:
            continue
    return None


def _value(text: str, start: int) -> tuple[list[Finding], object]:
    try:
        value = parsed(text)
    except NotJson:
        return _repaired(text, start)
    if isinstance(value, str):
        try:
            inner = parsed(value)
        except NotJson:
            inner = None
        if isinstance(inner, dict):
            return [Finding("CRP-JSON-002", SURE, "The text holds the object that should be the answer.")], inner
    if not isinstance(value, dict):
        kind = {list: "an array", str: "a text", bool: "true or false", type(None): "null"}.get(type(value), "a number")
        return [Finding("CRP-JSON-004", SURE, f"The body is {kind}.")], None
    return _halves(value), value


def _halves(value: dict[str, object]) -> list[Finding]:
    r"""Escapes like \ud800 without their second half: JSON can write them, UTF-8 cannot."""
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except RecursionError:  # read, but too deep to be written
        return []
    except UnicodeEncodeError as error:
        half = error.object[error.start].encode("ascii", "backslashreplace").decode("ascii")
        return [Finding("CRP-ENC-002", SURE, f"{half} is half a character: UTF-8 cannot say it.")]
    return []


def _repaired(text: str, start: int) -> tuple[list[Finding], object]:
    if not text.strip():
        return [Finding("CRP-JSON-004", SURE, "The body is empty.")], None
    decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)
    for found in list(re.finditer(r"[{]", text))[:50]:
        try:
            value, end = decoder.raw_decode(text, found.start())
        except (ValueError, ArithmeticError, RecursionError):
            continue
        before, after = text[: found.start()].strip(), text[end:].strip()
        if not value and not before:
            continue
        if not before and after[:1] in ("{", "["):
            spot = Span("answer", start + end, start + len(text))
            return [Finding("CRP-JSON-006", SURE, f"A second value follows: {after[:40]!r}.", (spot,))], value
        junk = before or after
        spot = (
            Span("answer", start, start + found.start()) if before else Span("answer", start + end, start + len(text))
        )
        return [Finding("CRP-JSON-001", SURE, f"This stands around the JSON: {_plain(junk)!r}.", (spot,))], value
    if text.lstrip()[:1] == "<":
        title = _TITLE.search(text, 0, PAGE_READ)
        shown = _plain(title[0]) if title else _plain(text)
        return [Finding("CRP-CT-002", SURE, f"The page says: {shown!r}.")], None
    almost = _tolerant(text)
    if almost is not None:
        return [Finding("CRP-JSON-005", SURE, "A tolerant reader understands it, JSON readers do not.")], almost
    return [Finding("CRP-JSON-007", PATTERN, f"The body begins with {text.strip()[:40]!r}.")], None


def _tolerant(text: str) -> object:
    """The object that was meant by almost-JSON, or None."""
    tidy = re.sub(r",\s*([}\]])", r"\1", text.strip())
    for candidate in (tidy, re.sub(r"\b(NaN|-?Infinity)\b", "null", tidy)):
        try:
            value = parsed(candidate)
        except NotJson:
            continue
        if isinstance(value, dict):
            return value
    if len(text) > 4096:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):  # what Python thinks of a stranger's text is for nobody's log
            literal = ast.literal_eval(text.strip())
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):  # TypeError: a set of lists
        return None
    return literal if isinstance(literal, dict) else None


def _plain(text: str) -> str:
    return " ".join(TAG.sub(" ", text[:PAGE_READ]).split())[:80]
