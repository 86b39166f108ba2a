"""Operators' servers as their own people would write them: they know their API's words, and nothing of our code."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import httpx

GAME = "krakens-hoard"
ISSUE = {
    "issue_id": "issue-1",
    "currency": "EUR",
    "games": ["croupier:krakens-hoard"],
    "freespins_quantity": 2,
    "bet_level": 1,
    "valid_until": "2026-01-01T00:00:00Z",
    "user": {"id": "mallory"},
}

HUB88_LAUNCH = {
    "user": "mallory",
    "token": "token-of-mallory",
    "game_code": "krakens-hoard",
    "currency": "EUR",
    "platform": "GPL_DESKTOP",
}
"""A launch in which nothing is wrong."""

LATE = {"bet_value": 40_000, "bet_count": 2, "start_time": "9999-12-20T00:00:00Z"}
"""Free bets that would end, thirty days later, in a year of five digits."""


class Hub88Caller:
    """Signs with the command that the technician was told to use."""

    dialect = "hub88"

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        make = ["openssl", "genpkey", "-algorithm", "RSA", "-out", "private.pem", "-pkeyopt", "rsa_keygen_bits:2048"]
        subprocess.run(make, cwd=self.folder, check=True, capture_output=True)
        show = ["openssl", "pkey", "-in", "private.pem", "-pubout"]
        public = subprocess.run(show, cwd=self.folder, check=True, capture_output=True).stdout.decode()
        self.settings = {"public_key": public}

    def agreed(self, told: dict[str, Any]) -> dict[str, str]:
        """What its wallet must know: our public key proves our calls."""
        self.told = told
        return {"CROUPIER_CASINO_WALLET_SECRET": told["public_key"]}

    async def post(self, http: httpx.AsyncClient, path: str, **members: Any) -> httpx.Response:
        body = json.dumps({"operator_id": self.told["operator_id"], **members}).encode()
        return await self.send(http, path, body, self.sign(body))

    async def send(self, http: httpx.AsyncClient, path: str, body: bytes, signature: str | None) -> httpx.Response:
        url = f"{self.told['base_url']}/operator/generic/v2{path}"
        headers = {} if signature is None else {"X-Hub88-Signature": signature}
        return await http.post(url, content=body, headers={"Content-Type": "application/json", **headers})

    def sign(self, body: bytes) -> str:
        command = ["openssl", "dgst", "-sha256", "-sign", "private.pem"]
        made = subprocess.run(command, cwd=self.folder, input=body, check=True, capture_output=True)
        return base64.b64encode(made.stdout).decode()

    bad = (
        ("wrong signature", "/game/url", {}, "wrong", 401, "RS_ERROR_INVALID_SIGNATURE"),
        ("no signature", "/game/url", {}, None, 401, "RS_ERROR_INVALID_SIGNATURE"),
        ("unknown call", "/game/nope", {}, "good", 404, "RS_ERROR_WRONG_SYNTAX"),
        ("wrong type", "/game/url", {"user": ["mallory"]}, "good", 400, "RS_ERROR_WRONG_TYPES"),
        ("unknown game", "/game/url", {"game_code": "nope"}, "good", 404, "RS_ERROR_INVALID_GAME"),
        ("unknown currency", "/game/url", {"currency": "ZZZ"}, "good", 403, "RS_ERROR_WRONG_CURRENCY"),
        ("unknown round", "/game/round", {"round": "rd_1"}, "good", 404, "RS_ERROR_TRANSACTION_DOES_NOT_EXIST"),
        ("unknown reward", "/freebet/rewards/cancel", {"reward_uuid": "x"}, "good", 404, "RS_ERROR_UNKNOWN"),
        ("unknown prepaid", "/freebet/rewards/create", {"prepaid_uuid": "x"}, "good", 400, "RS_ERROR_WRONG_SYNTAX"),
        ("too late", "/freebet/rewards/create", LATE, "good", 400, "RS_ERROR_WRONG_SYNTAX"),
    )
    changed_currency = ("/game/url", {"currency": "JPY"}, 400, "RS_ERROR_WRONG_CURRENCY")

    async def ill(self, http: httpx.AsyncClient, path: str, members: dict[str, Any], signature: str | None):
        """The status, and the word of its error, of a call that is wrong; `signature`: good, wrong or none."""
        body = json.dumps({"operator_id": self.told["operator_id"]} | HUB88_LAUNCH | members).encode()
        signed = None if signature is None else self.sign(body if signature == "good" else body + b" ")
        answer = await self.send(http, path, body, signed)
        return answer.status_code, answer.json()["status"]

    async def launch(self, http: httpx.AsyncClient, user: str, game: str, token: str) -> str:
        wanted = {"user": user, "token": token, "game_code": game, "currency": "EUR", "platform": "GPL_DESKTOP"}
        return _good(await self.post(http, "/game/url", **wanted, lang="en", country="DE"))["url"]

    async def demo(self, http: httpx.AsyncClient, game: str) -> str:
        wanted = {"game_code": game, "currency": "XXX", "platform": "GPL_MOBILE"}
        return _good(await self.post(http, "/game/url", **wanted))["url"]

    async def games(self, http: httpx.AsyncClient) -> list[str]:
        return [one["game_code"] for one in _good(await self.post(http, "/game/list"))]

    async def give_free_rounds(self, http: httpx.AsyncClient, user: str, game: str, count: int, bet: int) -> str:
        prepaids = _good(await self.post(http, "/freebet/prepaids/list", game_code=game))
        (mine,) = (one for one in prepaids if (one["currency"], one["bet_value"]) == ("EUR", bet * 1000))
        wanted = {"user": user, "prepaid_uuid": mine["prepaid_uuid"], "bet_count": count}
        return _good(await self.post(http, "/freebet/rewards/create", **wanted))["reward_uuid"]

    async def free_rounds_left(self, http: httpx.AsyncClient, user: str, name: str) -> bool:
        (reward,) = _good(await self.post(http, "/freebet/rewards/list", user=user, reward_uuid=name))
        return {"FRS_ACTIVE": True, "FRS_FINISHED": False}[reward["status"]]

    async def details(self, http: httpx.AsyncClient, user: str, round_id: str) -> str:
        return _good(await self.post(http, "/game/round", user=user, round=round_id))["url"]

    async def transactions(self, http: httpx.AsyncClient, user: str) -> list[dict[str, Any]]:
        """Page after page."""
        page = _good(await self.post(http, "/transactions/list", user=user, limit=3))
        found = page["transactions"]
        while page["cursor"] is not None:
            assert len(page["transactions"]) == 3
            page = _good(await self.post(http, "/transactions/list", user=user, limit=3, cursor=page["cursor"]))
            found += page["transactions"]
        return found


class SoftswissCaller:
    """HMAC of the body, as the API's description has it. `game`: its name for the game in a launch."""

    game = "game"
    real_path, demo_path = "/sessions", "/demo"

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.settings: dict[str, str] = {}

    def agreed(self, told: dict[str, Any]) -> dict[str, str]:
        self.told = told
        return {"CROUPIER_CASINO_WALLET_SECRET": told["auth_token"]}

    async def post(self, http: httpx.AsyncClient, path: str, **members: Any) -> httpx.Response:
        body = json.dumps({"casino_id": self.told["casino_id"], **members}).encode()
        return await self.send(http, path, body, self.sign(body))

    async def send(self, http: httpx.AsyncClient, path: str, body: bytes, signature: str | None) -> httpx.Response:
        headers = {} if signature is None else {"X-REQUEST-SIGN": signature}
        return await http.post(
            self.told["base_url"] + path, content=body, headers={"Content-Type": "application/json", **headers}
        )

    def sign(self, body: bytes) -> str:
        return hmac.new(self.told["auth_token"].encode(), body, hashlib.sha256).hexdigest()

    def wanted(self, user: str, game: str) -> dict[str, Any]:
        return {
            self.game: f"croupier:{game}",
            "currency": "EUR",
            "locale": "de",
            "client_type": "mobile",
            "urls": {"return_url": "https://casino.example/"},
            "user": {"id": user, "email": f"{user}@mail.example", "country": "DE"},
        }

    async def ill(self, http: httpx.AsyncClient, path: str, members: dict[str, Any], signature: str | None):
        body = json.dumps({"casino_id": self.told["casino_id"]} | self.wanted("mallory", GAME) | members).encode()
        signed = None if signature is None else self.sign(body if signature == "good" else body + b" ")
        answer = await self.send(http, path, body, signed)
        return answer.status_code, self.code_of(answer.json())

    async def launch(self, http: httpx.AsyncClient, user: str, game: str, token: str) -> str:
        answer = await self.post(http, self.real_path, **self.wanted(user, game))
        return _good(answer)["launch_options"]["game_url"]

    async def demo(self, http: httpx.AsyncClient, game: str) -> str:
        members = {self.game: f"croupier:{game}", "locale": "en", "client_type": "desktop"}
        return _good(await self.post(http, self.demo_path, **members))["launch_options"]["game_url"]


class SoftswissV1Caller(SoftswissCaller):
    dialect = "softswiss-v1"
    bad = (
        ("wrong signature", "/sessions", {}, "wrong", 403, 403),
        ("no signature", "/sessions", {}, None, 403, 403),
        ("unknown call", "/nope", {}, "good", 404, 404),
        ("wrong type", "/sessions", {"user": {"id": {}}}, "good", 400, 400),
        ("unknown game", "/sessions", {"game": "croupier:nope"}, "good", 400, 405),
        ("unknown currency", "/sessions", {"currency": "ZZZ"}, "good", 400, 154),
        ("unknown player", "/account/details", {"user": "mallory"}, "good", 400, 101),
        ("unknown round", "/round/details", {"round": "rd_1"}, "good", 404, 404),
        ("unknown issue", "/freespins/cancel", {"issue_id": "nope"}, "good", 404, 404),
        ("no free spins in this game", "/freespins/issue", {**ISSUE, "games": ["blackjack"]}, "good", 400, 406),
        (
            "free spins for too long",
            "/freespins/issue",
            {**ISSUE, "valid_until": "2099-01-01T00:00:00Z"},
            "good",
            400,
            605,
        ),
        ("free spins that are over", "/freespins/issue", ISSUE, "good", 400, 400),
        ("a player the wallet does not know", "/sessions", {"currency": "JPY"}, "good", 503, 503),
    )
    changed_currency = ("/sessions", {"currency": "JPY"}, 400, 155)

    def code_of(self, told: dict[str, Any]) -> int:
        return told["code"]

    async def give_free_rounds(
        self, http: httpx.AsyncClient, user: str, game: str, count: int, bet: int, *, lasts_s: float = 7 * 86_400
    ) -> str:
        until = (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=lasts_s)).isoformat(timespec="milliseconds")
        level = (20, 40, 60).index(bet) + 1
        issue = {**ISSUE, "issue_id": f"issue-of-{user}", "freespins_quantity": count, "bet_level": level}
        wanted = issue | {"games": [f"croupier:{game}"], "valid_until": until, "user": {"id": user}}
        for _ in range(2):  # the second changes nothing
            assert _good(await self.post(http, "/freespins/issue", **wanted)) == {}
        return issue["issue_id"]

    async def take_away(self, http: httpx.AsyncClient, issue_id: str) -> None:
        assert _good(await self.post(http, "/freespins/cancel", issue_id=issue_id)) == {}

    async def details(self, http: httpx.AsyncClient, user: str, round_id: str) -> str:
        told = _good(await self.post(http, "/round/details", round=round_id))
        assert (told["user_id"], told["finished"], told["actions"][0]["amount"]) == (user, True, 40)
        return told["details_url"]


class SoftswissV2Caller(SoftswissCaller):
    dialect = "softswiss-v2"
    game = "game_id"
    real_path, demo_path = "/api/v1/softswiss/launcher/real", "/api/v1/softswiss/launcher/demo"
    bad = (
        ("wrong signature", real_path, {}, "wrong", 400, "403"),
        ("no signature", real_path, {}, None, 400, "403"),
        ("unknown call", "/nope", {}, "good", 400, "404"),
        ("wrong type", real_path, {"user": {"id": {}}}, "good", 400, "400"),
        ("unknown game", real_path, {"game_id": "croupier:nope"}, "good", 400, "405"),
        ("unknown currency", real_path, {"currency": "ZZZ"}, "good", 400, "154"),
        ("a player the wallet does not know", real_path, {"currency": "JPY"}, "good", 500, "503"),
    )
    changed_currency = (real_path, {"currency": "JPY"}, 400, "155")

    def code_of(self, told: dict[str, Any]) -> str:
        return told["meta"]["api_code"]


def _good(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


CALLERS = (Hub88Caller, SoftswissV1Caller, SoftswissV2Caller)
