"""Every error answer of ours: RFC 9457 problem details from the catalogue."""

from typing import Any, cast

import msgspec
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from croupier.api.fields import IN_WORDS
from croupier.api.replies import Reply
from croupier.domain.errors import ERRORS, problem_of
from croupier.domain.money import AMOUNT_MAX
from croupier.domain.refusal import Refused
from croupier.runtime.explanations import finding_of_refusal
from croupier.store.connect import AWAY
from croupier.store.records import Unavailable

MEDIA_TYPE = "application/problem+json"
AMOUNTS = frozenset({"amount", "bet", "min_bet", "max_bet", "max_win", "start_balance"})
DAY = "date"
"""The one part of an address that is no id: where it is none, that is a wrong value rather than nothing found."""
AWAY_DETAIL = (
    "The platform cannot reach its database. Repeat the call, with the same Idempotency-Key if it changes something."
)
STATUS_CODES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 415: "unsupported_media_type"}


class Problem(Refused):
    """A refusal with members of its own, such as `log_url`."""

    def __init__(self, code: str, detail: str = "", *, param: str | None = None, **members: object) -> None:
        super().__init__(code, detail, param=param)
        self.members = members


def problem_body(refused: Refused, *, player: bool = False) -> tuple[int, bytes]:
    status, body = problem_of(refused, player=player)
    if isinstance(refused, Problem):
        body |= refused.members
    return status, msgspec.json.encode(body)


def problem_headers(refused: Refused) -> dict[str, str]:
    """Headers that HTTP wants beside the status."""
    headers = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    match ERRORS[refused.code].status:
        case 401:
            headers["WWW-Authenticate"] = 'Bearer realm="croupier"'
        case 503:
            headers["Retry-After"] = "1"
    if isinstance(refused, Problem):
        if isinstance(wait := refused.members.get("retry_after"), int):
            headers["Retry-After"] = str(wait)
        if isinstance(allow := refused.members.get("allow"), str):
            headers["Allow"] = allow
    return headers


def problem_response(refused: Refused) -> Response:
    status, body = problem_body(refused)
    return Response(body, status, problem_headers(refused))


def problem_reply(refused: Refused, *, player: bool = False) -> Reply:
    """The same for what is answered without a framework."""
    status, body = problem_body(refused, player=player)
    headers = tuple((name.lower().encode(), value.encode()) for name, value in problem_headers(refused).items())
    return Reply(status, headers, body)


async def on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return logged(request, error)


def logged(request: Request, refused: Refused) -> Response:
    """The problem; a caller with a key is also told its finding, and where this very call can be looked at."""
    request.state.refused = refused.code
    if getattr(request.state, "operator_id", None) is not None:
        told = {
            "finding": finding_of_refusal(refused.code, ERRORS[refused.code].status),
            "log_url": f"/account/exchanges/{request.state.exchange_id}",
        }
        members = told | (refused.members if isinstance(refused, Problem) else {})
        refused = Problem(refused.code, refused.detail, param=refused.param, **members)
    return problem_response(refused)


async def on_http(request: Request, error: Exception) -> Response:
    """What routing itself refuses: an unknown address, a method it does not know."""
    assert isinstance(error, HTTPException)
    code = STATUS_CODES.get(error.status_code, "invalid_json" if error.status_code == 400 else "internal_error")
    response = logged(request, Refused(code))
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    if code == "method_not_allowed":
        # The framework names only those of the first route with this address.
        allowed: dict[str, str] = request.app.state.allowed
        address = getattr(request.scope.get("route"), "path", "")
        response.headers["Allow"] = allowed.get(address, response.headers.get("Allow", ""))
    return response


async def on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return logged(request, refusal_of(error.errors()[0], request.method))


async def on_crash(request: Request, error: Exception) -> Response:
    """The framework raises the error again after this answer, so that it is logged once, with its trace."""
    if isinstance(error, (Unavailable, *AWAY)):
        return logged(request, Refused("busy", AWAY_DETAIL))
    return logged(request, Refused("internal_error"))


def bad_amount(param: str | None) -> Refused:
    detail = f"{param or 'The amount'} must be a whole number of minor units from 0 to {AMOUNT_MAX}: 10.50 EUR is 1050."
    return Refused("invalid_amount", detail, param=param)


def refusal_of(error: dict[str, object], method: str) -> Refused:
    """The refusal for the first thing that a model found wrong."""
    where = error.get("loc")
    path = tuple(str(part) for part in where) if isinstance(where, tuple) else ()
    place, names = (path[0], path[1:]) if path else ("body", ())
    kind, message = str(error.get("type", "")), str(error.get("msg", ""))
    found = cast("dict[str, Any]", error.get("ctx", {}))
    param = ".".join(names) or None
    if kind == "json_invalid":
        return Refused("invalid_json")
    if place == "path" and method != "PUT" and names != (DAY,):
        return Refused("not_found", "No object has such an id.")
    if place == "body" and not names:
        return Refused("invalid_json" if kind == "missing" else "invalid_type", "The body must be a JSON object.")
    if kind == "extra_forbidden":
        return Refused("unknown_field", f"There is no {param} here.", param=param)
    if kind == "missing":
        return Refused("missing_field", f"{param} is required.", param=param)
    if names and names[-1] in AMOUNTS:
        return bad_amount(param)
    if kind == "string_pattern_mismatch":
        return Refused("invalid_value", f"{param} must be {IN_WORDS[found['pattern']]}.", param=param)
    if kind == "value_error":
        return Refused("invalid_value", f"{param} {found['error']}.", param=param)
    if kind.endswith(("_type", "_parsing")) or kind == "int_from_float":
        return Refused("invalid_type", f"{param}: {message}.", param=param)
    return Refused("invalid_value", f"{param}: {message}.", param=param)
