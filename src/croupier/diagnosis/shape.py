"""Layer 4: are the fields there, under their names, where the dialect has them?"""

import difflib
import json
import re
from collections.abc import Iterator
from itertools import islice

from croupier.diagnosis.finding import LIKELY, PATTERN, SURE, Finding
from croupier.diagnosis.syntax import parsed
from croupier.wallet.answer_shape import AnswerShape, Pointer, is_there, leaves, value_at

CLOSE = 60
"""In percent: names that are more alike are taken for each other."""

NAMES_COMPARED = 300

REFUSALS = ("error", "error_code", "errorCode", "errors", "code")


def of_shape(value: object, shape: AnswerShape) -> tuple[list[Finding], object]:
    """What is wrong with the fields, and the object with those moved and renamed that could be guessed."""
    missing = [at for at in shape.required if not is_there(value, at)]
    if not missing or not isinstance(value, dict):
        return [], value
    findings: list[Finding] = []
    for name, inner in value.items() if len(missing) == len(shape.required) else ():
        there = [at for at in missing if is_there(inner, at) or _near(inner, at)]
        if there and not _is_error(name, inner):
            fields = ", ".join(f"`{at[-1]}`" for at in there)
            findings.append(Finding("CRP-JSON-003", SURE, f"{fields} are within `{name}`."))
            value = {**value, **inner}
            missing = [at for at in shape.required if not is_there(value, at)]
            break
    refusal = next((name for name, inner in value.items() if _is_error(name, inner)), None)
    if refusal is not None and missing and not findings:
        return [_refusal(value, refusal, shape)], value
    renamed, value = _renamed(value, sorted(missing))
    return findings + renamed, value


def _is_error(name: str, said: object) -> bool:
    """Many envelopes have such a member in good answers as well: null, 0, false or empty then."""
    return name in REFUSALS and bool(said) and said not in ("0", "ok", "OK")


def _refusal(value: dict[str, object], name: str, shape: AnswerShape) -> Finding:
    said = value[name]
    code = next((str(inner) for at, inner in leaves(said, (name,)) if at[-1] in ("code", *REFUSALS)), "")
    if code in shape.codes:
        return Finding("CRP-ERR-001", PATTERN, f"{json.dumps(code)} is no answer to this call.")
    close = [known for known in shape.codes if _plain(known) == _plain(code)]
    close = close or difflib.get_close_matches(code.lower(), shape.codes, 1, CLOSE / 100)
    meant = f" Did you mean `{close[0]}`?" if close else ""
    shown = json.dumps(code) if code else f"`{name}` without a code"
    return Finding("CRP-ERR-001", SURE if close else PATTERN, f"{shown} is no code of this dialect.{meant}")


def _renamed(value: object, missing: list[Pointer]) -> tuple[list[Finding], object]:
    spelt: list[str] = []
    findings: list[Finding] = []
    for at in missing:
        outer, name = at[:-1], at[-1]
        within = value_at(value, outer)
        if not isinstance(within, dict):
            top = isinstance(value, dict) and name in value
            note = f" It stands at the top; it belongs into `{outer[0]}`." if top else ""
            findings.append(Finding("CRP-KEY-001", SURE if top else LIKELY, f"`{'.'.join(at)}` is missing.{note}"))
            continue
        other = next((known for known in within if _plain(known) == _plain(name)), None)
        if other is not None:
            spelt.append(f"{other} → {name}")
            value = _put(value, at, within[other])
            continue
        close = difflib.get_close_matches(
            name, [str(known) for known in islice(within, NAMES_COMPARED)], 1, CLOSE / 100
        )
        if close:
            findings.append(
                Finding(
                    "CRP-KEY-001", SURE, f"`{'.'.join(at)}` is missing; there is `{close[0]}`: did you mean `{name}`?"
                )
            )
            value = _put(value, at, within[close[0]])
        else:
            findings.append(Finding("CRP-KEY-001", LIKELY, f"`{'.'.join(at)}` is missing."))
    if spelt:
        findings.append(Finding("CRP-KEY-002", SURE, f"Rename {', '.join(spelt)}."))
    return findings, value


def _near(inner: object, at: Pointer) -> bool:
    return isinstance(inner, dict) and any(_plain(name) == _plain(at[-1]) for name in inner)


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", str(name).lower())


def _put(value: object, at: Pointer, inner: object) -> object:
    if not at:
        return inner
    members = value if isinstance(value, dict) else {}
    return {**members, at[0]: _put(members.get(at[0]), at[1:], inner)}


def expected_leaves(shape: AnswerShape) -> Iterator[tuple[Pointer, object]]:
    return leaves(parsed(shape.example.decode("utf-8")))
