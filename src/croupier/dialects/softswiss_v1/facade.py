"""The casino's calls to us: launches, free spins, details; and public data, which anybody may read."""

from typing import Any

import msgspec

from croupier.dialects.actions import Steps
from croupier.dialects.facade import FacadeRequest, Once
from croupier.dialects.softswiss import codes, launch
from croupier.dialects.softswiss.facade import JSON, SoftswissFacade
from croupier.dialects.softswiss.handover import handover
from croupier.dialects.softswiss.launch import SoftswissError
from croupier.dialects.softswiss_v1 import details, free_spins
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused

PUBLIC = "/public/data/"

_STATUS = {codes.SIGNATURE: 403, codes.NOT_FOUND: 404, codes.INTERNAL: 500, codes.UNAVAILABLE: 503}
_encode = msgspec.json.Encoder().encode


class SoftswissV1Facade(SoftswissFacade):
    def __init__(self) -> None:
        super().__init__(
            {
                "/sessions": lambda asked: launch.real(asked, "game"),
                "/demo": lambda asked: launch.demo(asked, "game"),
                "/freespins/issue": free_spins.issue,
                "/freespins/cancel": free_spins.cancel,
                "/round/details": details.of_round,
                "/account/details": details.of_account,
            },
            _failed,
        )

    def caller(self, request: FacadeRequest) -> str | None:
        """`casino_id` of the body, or of the path where nothing is sent."""
        if request.path.startswith(PUBLIC):
            return request.path.removeprefix(PUBLIC).rstrip("/")
        return super().caller(request)

    def authenticate(self, request: FacadeRequest, operator: Operator, at: int) -> Once | None:
        return None if _public(request) else super().authenticate(request, operator, at)

    def converse(self, request: FacadeRequest, operator: Operator, at: int) -> Steps[HttpResponse]:
        if _public(request):
            return HttpResponse(200, JSON, _encode({"jackpots": []}))
        reply = yield from super().converse(request, operator, at)
        return reply

    def refuse(self, request: FacadeRequest, refused: Refused) -> HttpResponse:
        if request.path.startswith(PUBLIC):
            # Nothing was sent, so no body is to blame.
            return self.told(refused)
        return super().refuse(request, refused)

    def handover(self, operator: Operator, base_url: str) -> dict[str, Any]:
        url = f"{base_url}/dialects/softswiss-v1"
        return handover(operator, url, wallet_calls=["/play", "/rollback", "/freespins"], demo="/demo", game="game")


def _public(request: FacadeRequest) -> bool:
    return request.path.startswith(PUBLIC) and request.method == "GET"


def _failed(error: SoftswissError, status: int | None) -> HttpResponse:
    body = {"code": error.code, "message": error.message}
    return HttpResponse(status or _STATUS.get(error.code, 400), JSON, _encode(body))
