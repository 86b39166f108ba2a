"""What was sent and what came back, in a sentence: the evidence for a cause that no single answer shows by itself.

Nothing here knows a dialect's fields: what is unusual in a call is what differs from the same call in its plain form.
"""

import json
from decimal import Decimal
from urllib.parse import urlsplit

from croupier.conformance.fields import CannotChange, read
from croupier.conformance.heard import Heard
from croupier.conformance.rule import Change
from croupier.conformance.wire_changes import HOUR_US, Voice
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.runtime.masks import masked_body
from croupier.wallet.answer_shape import leaves
from croupier.wallet.calls import Balance

CALLS_TOLD = 3
SHOWN = 100
SIGNED = {
    "other": "signed with a key that is not yours",
    "old": "signed an hour ago",
    "both": "signed with two keys, the second of them yours",
}


def story(voice: Voice, heard: list[Heard]) -> str:
    """The calls that are unusual, else the last one; what each carried and what was said to it. Empty without calls."""
    odd = [one for one in heard if _is_odd(one)] or heard[-1:]
    more = f" … {len(odd) - CALLS_TOLD} more." if len(odd) > CALLS_TOLD else ""
    return " ".join(sentence(voice, one) for one in odd[:CALLS_TOLD]) + more


def sentence(voice: Voice, one: Heard) -> str:
    """``The bet b1, with `amount` -163, was answered HTTP 200 {"balance":…}.``"""
    retry = "repeated " if one.retry else ""
    details = [*_named(voice, one), *_changed(voice, one)]
    carried = f", {', '.join(details)}," if details else ""
    return f"The {retry}{one.kind} {one.label}{carried} was answered {answer_of(one)}."


def answer_of(one: Heard) -> str:
    """``HTTP 500 {"message":"Internal server error"}``: masked, on one line, cut."""
    if not isinstance(one.answer, HttpResponse):
        return "by a closed line" if one.cut else f"by nothing: {one.answer.why}"
    body = masked_body(one.body[: 8 * SHOWN], one.masks.token).decode("utf-8", "replace")
    return f"HTTP {one.answer.status} {short(body) or 'without a body'}"


def short(text: str, most: int = SHOWN) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else line[:most] + "…"


def _is_odd(one: Heard) -> bool:
    step = one.step
    return step.change != Change() or bool(step.id or step.currency or step.token) or step.answer in ("no", "not ok")


def _named(voice: Voice, one: Heard) -> list[str]:
    """What the rule is about, where that is no change of the bytes: an id of a special form, another currency."""
    if isinstance(one.call, Balance):
        return []
    roles = [("id", bool(one.step.id)), ("currency", bool(one.step.currency)), ("amount", not _is_odd(one))]
    wanted = [role for role, is_so in roles if is_so]
    told = []
    for role in wanted:
        try:
            where = voice.place(one.call, one.at, role)
            told.append(f"with `{'.'.join(where)}` {short(str(dict(leaves(read(one.request)))[where]), 70)}")
        except (CannotChange, KeyError):
            continue
    return told


def _changed(voice: Voice, one: Heard) -> list[str]:
    change = one.step.change
    if change == Change():
        return []
    plain = voice.spoken.wallet.request(one.call, voice.operator, one.at)
    told = [SIGNED[change.sign]] if change.sign in SIGNED else []
    if change.sign == "none":
        told.append("without a signature" + _gone(plain, one.request))
    if change.body == "broken":
        told.append(f"with the body {short(one.request.body.decode('utf-8', 'replace'))}")
    elif change.body:
        told.append({"indented": "with other white space and escapes in its body", "large": "of 64 KiB"}[change.body])
    if change.path:
        told.append(f"sent to {urlsplit(one.request.url).path}")
    if change.tampered or change.amount or change.drop or change.put or change.note:
        told += _fields(voice, one, plain)
    if change.tampered:
        told.append("changed after signing")
    return told


def _gone(plain: HttpRequest, sent: HttpRequest) -> str:
    names = {name.lower() for name, _ in sent.headers}
    gone = [f"`{name}`" for name, _ in plain.headers if name.lower() not in names]
    return f" (no {', '.join(gone)})" if gone else ""


def _fields(voice: Voice, one: Heard, plain: HttpRequest) -> list[str]:
    """What differs from the plain call, but for what time and key change in every call."""
    try:
        was = dict(leaves(read(plain)))
        sent = dict(leaves(read(one.request)))
    except (CannotChange, ValueError):
        return []
    later = dict(leaves(read(voice.spoken.wallet.request(one.call, voice.operator, one.at + HOUR_US))))
    never = {*voice.seals(one.call, one.at), *(at for at in was if later.get(at) != was[at])}
    told = [f"without `{'.'.join(at)}`" for at in was if at not in sent and at not in never]
    for at, value in sent.items():
        if at not in never and (at not in was or repr(was[at]) != repr(value)):
            shown = str(value) if isinstance(value, Decimal) else json.dumps(value)
            told.append(f"with `{'.'.join(at)}` {short(shown, 40)}")
    return told
