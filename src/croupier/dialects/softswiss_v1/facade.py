"""The casino's calls to us: signed JSON, POST, one path for each."""

from collections.abc import Callable
from typing import Any

import msgspec

from croupier.dialects.actions import Steps
from croupier.dialects.facade import FacadeRequest, NotAuthentic, Once, WrongSignature
from croupier.dialects.softswiss import codes, launch
from croupier.dialects.softswiss.handover import handover
from croupier.dialects.softswiss.launch import Asked, Result, SoftswissError
from croupier.dialects.softswiss.signature import HEADER, proves
from croupier.dialects.softswiss_v1 import details, free_spins
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused

PUBLIC = "/public/data/"
CALLS: dict[str, Callable[[Asked], Steps[Result]]] = {
    "/sessions": lambda asked: launch.real(asked, "game"),
    "/demo": lambda asked: launch.demo(asked, "game"),
    "/freespins/issue": free_spins.issue,
    "/freespins/cancel": free_spins.cancel,
    "/round/details": details.of_round,
    "/account/details": details.of_account,
}

_JSON = (("content-type", "application/json"), ("cache-control", "no-store"))
_STATUS = {codes.SIGNATURE: 403, codes.NOT_FOUND: 404, codes.INTERNAL: 500, codes.UNAVAILABLE: 503}
_HTTP = {"method_not_allowed": 405, "body_too_large": 413}
_encode = msgspec.json.Encoder().encode


class SoftswissV1Facade:
    secrets: tuple[str, ...] = launch.SECRETS

    def login(self, operator: Operator) -> str:
        return operator.operator_id

    def caller(self, request: FacadeRequest) -> str | None:
        """`casino_id` of the body, or of the path where nothing is sent."""
        if request.path.startswith(PUBLIC):
            return request.path.removeprefix(PUBLIC).rstrip("/")
        return launch.casino_of(request.body)

    def authenticate(self, request: FacadeRequest, operator: Operator, at: int) -> Once | None:  # noqa: ARG002 - as Facade says
        """Nothing that is signed tells one call from its repeat: this API has no nonce and no time."""
        if request.path.startswith(PUBLIC) and request.method == "GET":
            return None
        given = request.last_header(HEADER)
        if given is None:
            raise NotAuthentic(f"The header {HEADER} is missing.")
        if not proves(given, operator.wallet_secrets, request.body):
            raise WrongSignature(f"{HEADER} is wrong: HMAC-SHA256 of the body's own bytes with the token, in hex.")
        return None

    def converse(self, request: FacadeRequest, operator: Operator, at: int) -> Steps[HttpResponse]:
        path = request.path.rstrip("/")
        if path.startswith(PUBLIC) and request.method == "GET":
            return HttpResponse(200, _JSON, _encode({"jackpots": []}))
        if request.method != "POST":
            raise Refused("method_not_allowed", "POST only.")
        call = CALLS.get(path)
        try:
            if call is None:
                raise SoftswissError(codes.NOT_FOUND, f"There is no {path[:80] or '/'} here.")
            answer = yield from call(Asked(operator, at, request.body))
        except SoftswissError as error:
            return _failed(error)
        except Refused as refused:
            return _failed(launch.told(refused))
        return HttpResponse(200, _JSON, _encode(answer))

    def refuse(self, request: FacadeRequest, refused: Refused) -> HttpResponse:
        if refused.code == "unauthenticated" and not request.path.startswith(PUBLIC):
            try:
                launch.read(request.body)
            except SoftswissError as error:
                return _failed(error)
        return _failed(launch.told(refused), _HTTP.get(refused.code))

    def signed(self, request: FacadeRequest, operator: Operator, reply: HttpResponse) -> HttpResponse:  # noqa: ARG002 - as Facade says
        """Replies are not signed."""
        return reply

    def handover(self, operator: Operator, base_url: str) -> dict[str, Any]:
        url = f"{base_url}/dialects/softswiss-v1"
        return handover(operator, url, wallet_calls=["/play", "/rollback"], demo="/demo", game="game")


def _failed(error: SoftswissError, status: int | None = None) -> HttpResponse:
    body = {"code": error.code, "message": error.message}
    return HttpResponse(status or _STATUS.get(error.code, 400), _JSON, _encode(body))
