"""Operators' servers as they call us: each API written again from its description, with a client of its own."""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from croupier.domain.parties import Operator

GAME = "krakens-hoard"


@dataclass
class Caller:
    """`told`: what `croupier operator add` printed."""

    http: httpx.AsyncClient
    told: dict[str, Any]

    async def games(self) -> set[str]: ...
    async def launch(self, player_id: str) -> str:
        """The address that starts the game."""

    async def demo(self) -> str: ...
    async def give(self, player_id: str, gift: str, rounds: int, bet: int) -> None: ...
    async def left(self, player_id: str, gift: str) -> int:
        """Free rounds."""

    async def take_away(self, player_id: str, gift: str) -> None: ...


class SlotegratorCaller(Caller):
    async def call(self, method: str, path: str, **fields: Any) -> httpx.Response:
        """As PHP's documentation of the API has it: sort, encode, HMAC-SHA1."""
        named = {
            "X-Merchant-Id": self.told["merchant_id"],
            "X-Timestamp": str(int(time.time())),
            "X-Nonce": secrets.token_hex(16),
        }
        text = urlencode(sorted((fields | named).items()))
        sign = hmac.new(self.told["merchant_key"].encode(), text.encode(), hashlib.sha1).hexdigest()
        url, headers = self.told["base_url"] + path, named | {"X-Sign": sign}
        if method == "GET":
            return await self.http.get(url, params=fields, headers=headers)
        return await self.http.post(url, data=fields, headers=headers)

    async def done(self, method: str, path: str, **fields: Any) -> Any:
        answer = await self.call(method, path, **fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def games(self) -> set[str]:
        return {one["uuid"] for one in (await self.done("GET", "/games", expand="tags,parameters", page=1))["items"]}

    async def launch(self, player_id: str) -> str:
        wanted = {"game_uuid": GAME, "player_id": player_id, "player_name": "Ana B.", "currency": "EUR"}
        return (await self.done("POST", "/games/init", **wanted, session_id=f"s-{player_id}", language="de"))["url"]

    async def demo(self) -> str:
        return (await self.done("POST", "/games/init-demo", game_uuid=GAME, return_url="https://casino.example/"))[
            "url"
        ]

    async def give(self, player_id: str, gift: str, rounds: int, bet: int) -> None:
        bets = (await self.done("GET", "/freespins/bets", game_uuid=GAME, currency="EUR"))["total_bets"]
        (bet_id,) = [one["bet_id"] for one in bets if one["amount"] == bet / 100]
        now = int(time.time())
        await self.done(
            *("POST", "/freespins/set"),
            player_id=player_id,
            player_name="Ana B.",
            currency="EUR",
            quantity=rounds,
            valid_from=now - 60,
            valid_until=now + 3600,
            freespin_id=gift,
            game_uuid=GAME,
            total_bet_id=bet_id,
        )

    async def left(self, player_id: str, gift: str) -> int:
        return (await self.done("GET", "/freespins/get", freespin_id=gift))["quantity_left"]

    async def take_away(self, player_id: str, gift: str) -> None:
        await self.done("POST", "/freespins/cancel", freespin_id=gift)
        assert (await self.done("GET", "/freespins/get", freespin_id=gift))["status"] == "canceled"


CALLERS: dict[str, type[Caller]] = {"slotegrator": SlotegratorCaller}


def environment(operator: Operator) -> dict[str, str]:
    """What the casino and the platform have agreed on, for the casino's process."""
    return {
        "CROUPIER_CASINO_DIALECT": operator.dialect,
        "CROUPIER_CASINO_OPERATOR_ID": operator.operator_id,
        "CROUPIER_CASINO_NUMBER": str(operator.number),
        "CROUPIER_CASINO_WALLET_SECRET": operator.wallet_secrets[0],
    }
