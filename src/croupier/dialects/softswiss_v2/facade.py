"""The casino's calls to us: signed JSON, POST, one launcher for money and one for play."""

from typing import Any

import msgspec

from croupier.dialects.actions import Steps
from croupier.dialects.facade import FacadeRequest, NotAuthentic, Once, WrongSignature
from croupier.dialects.softswiss import codes, launch
from croupier.dialects.softswiss.handover import handover
from croupier.dialects.softswiss.launch import Asked, SoftswissError
from croupier.dialects.softswiss.signature import HEADER, proves
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused

BASE = "/api/v1/softswiss/launcher"
CALLS = {f"{BASE}/real": launch.real, f"{BASE}/demo": launch.demo}

_JSON = (("content-type", "application/json"), ("cache-control", "no-store"))
_HTTP = {"method_not_allowed": 405, "body_too_large": 413}
_encode = msgspec.json.Encoder().encode


class SoftswissV2Facade:
    secrets: tuple[str, ...] = launch.SECRETS

    def login(self, operator: Operator) -> str:
        return operator.operator_id

    def caller(self, request: FacadeRequest) -> str | None:
        return launch.casino_of(request.body)

    def authenticate(self, request: FacadeRequest, operator: Operator, at: int) -> Once | None:  # noqa: ARG002 - as Facade says
        """Nothing that is signed tells one call from its repeat: this API has no nonce and no time."""
        given = request.last_header(HEADER)
        if given is None:
            raise NotAuthentic(f"The header {HEADER} is missing.")
        if not proves(given, operator.wallet_secrets, request.body):
            raise WrongSignature(f"{HEADER} is wrong: HMAC-SHA256 of the body's own bytes with the token, in hex.")
        return None

    def converse(self, request: FacadeRequest, operator: Operator, at: int) -> Steps[HttpResponse]:
        if request.method != "POST":
            raise Refused("method_not_allowed", "POST only.")
        path = request.path.rstrip("/")
        try:
            if path not in CALLS:
                raise SoftswissError(codes.NOT_FOUND, f"There is no {path[:80] or '/'} here.")
            answer = yield from CALLS[path](Asked(operator, at, request.body), "game_id")
        except SoftswissError as error:
            return _failed(error)
        except Refused as refused:
            return _failed(launch.told(refused))
        return HttpResponse(200, _JSON, _encode(answer))

    def refuse(self, request: FacadeRequest, refused: Refused) -> HttpResponse:
        if refused.code == "unauthenticated":
            try:
                launch.read(request.body)
            except SoftswissError as error:
                return _failed(error)
        return _failed(launch.told(refused), _HTTP.get(refused.code))

    def signed(self, request: FacadeRequest, operator: Operator, reply: HttpResponse) -> HttpResponse:  # noqa: ARG002 - as Facade says
        """Replies are not signed."""
        return reply

    def handover(self, operator: Operator, base_url: str) -> dict[str, Any]:
        url = f"{base_url}/dialects/softswiss-v2"
        calls = ["/balance", "/betwin", "/rollback", "/finish"]
        return handover(operator, url, wallet_calls=calls, demo=f"{BASE}/demo", game="game_id")


def _failed(error: SoftswissError, status: int | None = None) -> HttpResponse:
    """A wrong signature too travels on HTTP 400."""
    http, name = (500, "internal") if error.code in (codes.INTERNAL, codes.UNAVAILABLE) else (400, "invalid_argument")
    meta = {"api_code": str(error.code), "api_message": error.message}
    return HttpResponse(status or http, _JSON, _encode({"code": name, "msg": error.message, "meta": meta}))
