"""Replies of the facade: JSON with `error`, a number as text, and `description`."""

from typing import Any

import msgspec

from croupier.domain.exchange import HttpResponse
from croupier.domain.refusal import Refused

_NUMBERS = {
    "unauthenticated": "5",
    "wallet_refused": "4",
    "wallet_unreachable": "100",
    "unknown_player": "2",
    "player_blocked": "6",
    "unknown_game": "8",
    "operator_disabled": "8",
    "busy": "100",
    "internal_error": "100",
}
"""Whatever else is refused has parameters to blame: 7."""
_STATUS = {"not_found": 404, "method_not_allowed": 405, "body_too_large": 413}
_encode = msgspec.json.Encoder().encode
_JSON = (("content-type", "application/json;charset=UTF-8"), ("cache-control", "no-store"))


def reply(**members: Any) -> HttpResponse:
    return HttpResponse(200, _JSON, _encode({"error": "0", "description": "OK"} | members))


def refusal(refused: Refused) -> HttpResponse:
    """On HTTP 200, but for what is no call of this API at all."""
    members = {"error": _NUMBERS.get(refused.code, "7"), "description": refused.detail or refused.code}
    return HttpResponse(_STATUS.get(refused.code, 200), _JSON, _encode(members))
