"""Wallets that do the right thing and say it wrongly."""

import json
from collections.abc import Callable
from decimal import Decimal

import msgspec

from croupier.domain.exchange import HttpResponse
from croupier.sandbox.misbehaviour import Spoil

BALANCES = ("balance", "newBalance", "cash")
FUNDS = (b"insufficient_funds", b"not_enough_money")
NOTICE = b"<br />\n<b>Notice</b>: Undefined index: note in wallet.php on line 7<br />\n"
_encode = msgspec.json.Encoder(decimal_format="number").encode
TRACE = 'Traceback (most recent call last): File "wallet.py", line 41, in bet'


def redirected(_: HttpResponse) -> HttpResponse:
    return HttpResponse(307, (("location", "/wallet/"), ("content-type", "text/plain")), b"")


def wrapped(response: HttpResponse) -> HttpResponse:
    return msgspec.structs.replace(response, body=b'{"data":' + response.body + b"}")


def typed_as_page(response: HttpResponse) -> HttpResponse:
    return _with_header(response, "content-type", "text/html; charset=utf-8")


def closing(response: HttpResponse) -> HttpResponse:
    return _with_header(response, "connection", "close")


def in_hundredths(response: HttpResponse) -> HttpResponse:
    return _members(response, _times_100)


def _times_100(value: object) -> object:
    if isinstance(value, str):
        return format(Decimal(value) * 100, "f") if value.replace(".", "", 1).isdigit() else value
    return value * 100 if isinstance(value, int | Decimal) else value


def with_bom(response: HttpResponse) -> HttpResponse:
    return msgspec.structs.replace(response, body=b"\xef\xbb\xbf" + response.body)


def with_notice(response: HttpResponse) -> HttpResponse:
    return msgspec.structs.replace(response, body=NOTICE + response.body)


def funds_as_500(response: HttpResponse) -> HttpResponse:
    refused = any(word in response.body.lower() for word in FUNDS)
    return HttpResponse(500, response.headers, b'{"message":"Server Error"}') if refused else response


def with_trace(response: HttpResponse) -> HttpResponse:
    """Of refusals; status and JSON stay right."""
    try:
        members = json.loads(response.body)
    except ValueError:
        return response
    if not isinstance(members, dict) or members.get("error") == 0:
        return response
    error = members["error"] if isinstance(members.get("error"), dict) else members
    text = next((name for name in ("message", "msg", "description", "error_description") if name in error), None)
    if text is None:
        return response
    error[text] = TRACE
    return msgspec.structs.replace(response, body=json.dumps(members).encode())


def _members(response: HttpResponse, change: Callable[[object], object]) -> HttpResponse:
    members = json.loads(response.body, parse_float=Decimal)
    inner = members.get("result", members) if isinstance(members, dict) else {}
    for name in BALANCES:
        if isinstance(inner, dict) and name in inner:
            inner[name] = change(inner[name])
    return msgspec.structs.replace(response, body=_encode(members))


def _with_header(response: HttpResponse, name: str, value: str) -> HttpResponse:
    kept = tuple(header for header in response.headers if header[0].lower() != name)
    return msgspec.structs.replace(response, headers=(*kept, (name, value)))


SPOILS_REFUSALS: frozenset[Spoil] = frozenset({redirected, with_bom, with_notice, with_trace})
"""These show in refusals of requests that were not understood as well."""
