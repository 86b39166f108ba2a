"""The casino's calls to us: one launcher for money and one for play."""

from typing import Any

import msgspec

from croupier.dialects.softswiss import codes, launch
from croupier.dialects.softswiss.facade import JSON, SoftswissFacade
from croupier.dialects.softswiss.handover import handover
from croupier.dialects.softswiss.launch import SoftswissError
from croupier.domain.exchange import HttpResponse
from croupier.domain.parties import Operator

BASE = "/api/v1/softswiss/launcher"

_encode = msgspec.json.Encoder().encode


class SoftswissV2Facade(SoftswissFacade):
    def __init__(self) -> None:
        super().__init__(
            {
                f"{BASE}/real": lambda asked: launch.real(asked, "game_id"),
                f"{BASE}/demo": lambda asked: launch.demo(asked, "game_id"),
            },
            _failed,
        )

    def handover(self, operator: Operator, base_url: str) -> dict[str, Any]:
        url = f"{base_url}/dialects/softswiss-v2"
        calls = ["/balance", "/betwin", "/rollback", "/finish"]
        return handover(operator, url, wallet_calls=calls, demo=f"{BASE}/demo", game="game_id")


def _failed(error: SoftswissError, status: int | None) -> HttpResponse:
    """A wrong signature too travels on HTTP 400."""
    http, name = (500, "internal") if error.code in (codes.INTERNAL, codes.UNAVAILABLE) else (400, "invalid_argument")
    meta = {"api_code": str(error.code), "api_message": error.message}
    return HttpResponse(status or http, JSON, _encode({"code": name, "msg": error.message, "meta": meta}))
