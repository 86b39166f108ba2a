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


class PragmaticCaller(Caller):
    async def call(self, method: str, path: str, **fields: Any) -> httpx.Response:
        fields = {name: str(value) for name, value in fields.items()} | {"secureLogin": self.told["secure_login"]}
        text = "&".join(f"{name}={value}" for name, value in sorted(fields.items()) if value != "")
        hashed = hashlib.md5((text + self.told["secret_key"]).encode(), usedforsecurity=False).hexdigest()
        return await self.http.request(method, f"{self.told['api_url']}/http{path}", data=fields | {"hash": hashed})

    async def done(self, path: str, **fields: Any) -> dict[str, Any]:
        answer = (await self.call("POST", path, **fields)).json()
        assert answer["error"] == "0", answer
        return answer

    async def games(self) -> set[str]:
        return {one["gameID"] for one in (await self.done("/CasinoGameAPI/getCasinoGames/"))["gameList"]}

    async def launch(self, player_id: str) -> str:
        """A token of the reference wallet is the player's id."""
        wanted = {"symbol": GAME, "token": player_id, "externalPlayerId": player_id, "platform": "WEB"}
        return (await self.done("/CasinoGameAPI/game/url/", **wanted, lobbyUrl="https://casino.example/"))["gameURL"]

    async def demo(self) -> str:
        return (await self.done("/CasinoGameAPI/game/url/", symbol=GAME, playMode="DEMO", language="de"))["gameURL"]

    async def give(self, player_id: str, gift: str, rounds: int, bet: int) -> None:
        wanted = {"playerId": player_id, "currency": "EUR", "gameIDList": GAME, "rounds": rounds, "bonusCode": gift}
        until = int(time.time()) + 3600
        await self.done("/FreeRoundsBonusAPI/createFRB/", **wanted, expirationDate=until, totalBet=f"{bet / 100:.2f}")

    async def left(self, player_id: str, gift: str) -> int:
        bonuses = (await self.done("/FreeRoundsBonusAPI/getPlayersFRB/", playerId=player_id))["bonuses"]
        return next(one["rounds"] - one["roundsPlayed"] for one in bonuses if one["bonusCode"] == gift)

    async def take_away(self, player_id: str, gift: str) -> None:
        await self.done("/FreeRoundsBonusAPI/cancelFRB/", bonusCode=gift)
        bonuses = (await self.done("/FreeRoundsBonusAPI/getPlayersFRB/", playerId=player_id))["bonuses"]
        assert gift not in {one["bonusCode"] for one in bonuses}


CALLERS: dict[str, type[Caller]] = {"slotegrator": SlotegratorCaller, "pragmatic": PragmaticCaller}


def environment(operator: Operator) -> dict[str, str]:
    """What the casino and the platform have agreed on, for the casino's process."""
    return {
        "CROUPIER_CASINO_DIALECT": operator.dialect,
        "CROUPIER_CASINO_OPERATOR_ID": operator.operator_id,
        "CROUPIER_CASINO_NUMBER": str(operator.number),
        "CROUPIER_CASINO_WALLET_SECRET": operator.wallet_secrets[0],
    }
