"""Replies of the facade: JSON, and the one error body of this API."""

from typing import Any

import msgspec

from croupier.domain.errors import ERRORS
from croupier.domain.exchange import Headers, HttpResponse
from croupier.domain.refusal import Refused

NAMES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    415: "Unsupported Media Type",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
}
_STATUS = {
    "unauthenticated": 401,
    "unknown_game": 404,
    "unknown_campaign": 404,
    "operator_disabled": 403,
    "player_blocked": 403,
    "busy": 500,
    "internal_error": 500,
}
_encode = msgspec.json.Encoder().encode
_JSON = (("content-type", "application/json; charset=UTF-8"), ("cache-control", "no-store"))


def reply(value: Any, headers: Headers = ()) -> HttpResponse:
    return HttpResponse(200, _JSON + headers, _encode(value))


def refusal(refused: Refused) -> HttpResponse:
    """In the statuses that this API has."""
    status = _STATUS.get(refused.code)
    if status is None:
        known = ERRORS[refused.code].status if refused.code in ERRORS else 422
        status = known if known in NAMES else 422 if known == 409 else 400
    message = refused.detail or (ERRORS[refused.code].hint if refused.code in ERRORS else refused.code)
    members = {"name": NAMES[status], "message": message, "code": 0, "status": status}
    return HttpResponse(status, _JSON, _encode(members))
