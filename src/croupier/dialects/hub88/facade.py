"""Operator API, generic v2: signed JSON, POST, one path for each call."""

from collections.abc import Mapping
from typing import Any

import msgspec

from croupier.dialects.actions import Steps
from croupier.dialects.facade import FacadeRequest, NotAuthentic, Once, WrongSignature
from croupier.dialects.hub88 import free_bets, games, transactions
from croupier.dialects.hub88.signature import HEADER, proves, public_pem
from croupier.dialects.hub88.wanted import WRONG_SYNTAX, Asked, Hub88Error, read
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused

BASE = "/operator/generic/v2"
CALLS = {**games.CALLS, **free_bets.CALLS, **transactions.CALLS}

_JSON = (("content-type", "application/json"), ("cache-control", "no-store"))
_encode = msgspec.json.Encoder().encode
_ERRORS = {
    "unauthenticated": (401, "INVALID_SIGNATURE"),
    "unknown_game": (404, "INVALID_GAME"),
    "free_rounds_unsupported": (400, "INVALID_GAME"),
    "unknown_currency": (403, "WRONG_CURRENCY"),
    "currency_is_fixed": (400, "WRONG_CURRENCY"),
    "player_blocked": (403, "USER_DISABLED"),
    "operator_disabled": (403, "INVALID_PARTNER"),
    "not_found": (404, "UNKNOWN"),
    "method_not_allowed": (405, WRONG_SYNTAX),
    "body_too_large": (413, WRONG_SYNTAX),
    "busy": (503, "UNKNOWN"),
    "internal_error": (500, "UNKNOWN"),
}


class Hub88Facade:
    secrets: tuple[str, ...] = ()
    words: Mapping[str, str] = {"starts_at": "start_time", "ends_at": "end_time"}

    def login(self, operator: Operator) -> str:
        return str(operator.number)

    def caller(self, request: FacadeRequest) -> str | None:
        """Every body names its `operator_id`, as a number or as text."""
        try:
            given = read(request.body).get("operator_id")
        except Hub88Error:
            return None
        return str(given) if type(given) is int else given if isinstance(given, str) else None

    def authenticate(self, request: FacadeRequest, operator: Operator, at: int) -> Once | None:  # noqa: ARG002 - as Facade says
        """Nothing that is signed tells one call from its repeat: this API has no nonce and no time."""
        header = operator.settings.get("signature_header", HEADER)
        known = operator.settings.get("public_key")
        if known is None:
            raise NotAuthentic("Your public key is not known here yet; send it to your contact at the provider.")
        signature = request.last_header(header)
        if signature is None:
            raise NotAuthentic(f"The header {header} is missing.")
        if not proves(signature, known, request.body):
            raise WrongSignature(f"{header} is wrong: sign the body's own bytes with RSA-SHA256 and your private key.")
        return None

    def converse(self, request: FacadeRequest, operator: Operator, at: int) -> Steps[HttpResponse]:
        if request.method != "POST":
            raise Refused("method_not_allowed", "POST only.")
        path = request.path.rstrip("/")
        call = CALLS.get(path.removeprefix(BASE)) if path.startswith(BASE) else None
        try:
            if call is None:
                raise Hub88Error(404, WRONG_SYNTAX, f"There is no {request.path} here.")
            answer = yield from call(Asked(operator, at, request.body))
        except Hub88Error as error:
            return _failed(error)
        return HttpResponse(200, _JSON, _encode(answer))

    def refuse(self, request: FacadeRequest, refused: Refused) -> HttpResponse:
        status, word = _ERRORS.get(refused.code, (400, WRONG_SYNTAX))
        text = refused.detail or refused.code
        if refused.code == "unauthenticated":
            try:
                read(request.body)
            except Hub88Error as error:
                return _failed(error)
        return _failed(Hub88Error(status, word, text))

    def signed(self, request: FacadeRequest, operator: Operator, reply: HttpResponse) -> HttpResponse:  # noqa: ARG002 - as Facade says
        """Replies are not signed."""
        return reply

    def handover(self, operator: Operator, base_url: str) -> dict[str, Any]:
        header = operator.settings.get("signature_header", HEADER)
        url = f"{base_url}/dialects/hub88"
        theirs = operator.settings.get("public_key")
        told = f"croupier operator set {operator.operator_id} --setting public_key=@FILE"
        return {
            "operator_id": operator.number,
            "base_url": url,
            "public_key": public_pem(operator.wallet_secrets[0]),
            "your_public_key": theirs or f"still missing: send it, and we run {told}",
            "signature_header": header,
            "wallet_url": operator.wallet_url.rstrip("/"),
            "wallet_calls": ["/user/balance", "/transaction/bet", "/transaction/win", "/transaction/rollback"],
            "first_request": (
                f'body=\'{{"operator_id":{operator.number}}}\'; curl {url}{BASE}/game/list -d "$body" '
                f'-H "Content-Type: application/json" -H "{header}: '
                '$(printf %s "$body" | openssl dgst -sha256 -sign private.pem | base64 -w0)"'
            ),
        }


def _failed(error: Hub88Error) -> HttpResponse:
    body = {"error": error.message, "status": f"RS_ERROR_{error.word}"}
    return HttpResponse(error.status, _JSON, _encode(body))
