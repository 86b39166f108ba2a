"""The fields of a request, wherever its API has them: a JSON body, a form, or the query of its address."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

import msgspec

from croupier.dialects.forms import TYPE as FORM
from croupier.dialects.forms import encoded
from croupier.domain.exchange import HttpRequest

Kind = Literal["json", "form", "query"]

QUERY_MAX = 4096


class CannotChange(Exception):
    """This dialect's bytes have no such thing; the text says why."""


def kind_of(request: HttpRequest) -> Kind:
    if request.body:
        return "form" if request.last_header("content-type") == FORM else "json"
    return "query" if urlsplit(request.url).query else "json"


def read(request: HttpRequest) -> object:
    """Lists are opened to objects with the names ``[0]``, ``[1]``: every value has a way to it. CannotChange."""
    match kind_of(request):
        case "json":
            try:
                return _opened(json.loads(request.body, parse_float=Decimal))
            except ValueError:
                raise CannotChange("its bodies are no JSON") from None
        case "form":
            return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        case "query":
            return dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))


def written(request: HttpRequest, fields: object, raw: Mapping[str, str], *, odd: bool = False) -> HttpRequest:
    """With these fields. `raw`: text in a JSON body -> what stands there unquoted. `odd`: the same in unusual bytes."""
    kind = kind_of(request)
    if kind == "json":
        text = json.dumps(_closed(fields), indent=2 if odd else None, separators=None if odd else (",", ":"))
        for mark, plain in raw.items():
            text = text.replace(json.dumps(mark), plain)
        if odd:
            # A letter of a name as an escape: legal, and different from every other writer's bytes.
            text = re.sub(r'"([a-z])', lambda found: f'"\\u{ord(found[1]):04x}', text, count=1)
        return msgspec.structs.replace(request, body=text.encode())
    members = fields if isinstance(fields, dict) else {}
    text = encoded((name, str(value)) for name, value in members.items())
    if odd:
        text = re.sub(r"^([a-z])", lambda found: f"%{ord(found[1]):02x}", text)
    if kind == "form":
        return msgspec.structs.replace(request, body=text.encode())
    if len(text) > QUERY_MAX:
        raise CannotChange("its calls are addresses, which servers cut")
    return msgspec.structs.replace(request, url=f"{request.url.partition('?')[0]}?{text}")


def broken(request: HttpRequest) -> HttpRequest:
    match kind_of(request):
        case "json":
            return msgspec.structs.replace(request, body=b'{"a":')
        case "form":
            return msgspec.structs.replace(request, body=b"%zz&=")
        case "query":
            return msgspec.structs.replace(request, url=request.url.partition("?")[0] + "?%zz&=")


def _opened(value: object) -> object:
    if isinstance(value, list):
        return {f"[{number}]": _opened(one) for number, one in enumerate(value)}
    return {name: _opened(one) for name, one in value.items()} if isinstance(value, dict) else value


def _closed(value: object) -> object:
    if not isinstance(value, dict):
        return value
    if value and all(re.fullmatch(r"\[\d+\]", name) for name in value):
        return [_closed(one) for one in value.values()]
    return {name: _closed(one) for name, one in value.items()}
