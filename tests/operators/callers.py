"""Operators' servers as their own people would write them: they know their API's words, and nothing of our code."""

import base64
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import httpx

HUB88_LAUNCH = {
    "user": "mallory",
    "token": "token-of-mallory",
    "game_code": "krakens-hoard",
    "currency": "EUR",
    "platform": "GPL_DESKTOP",
}
"""A launch in which nothing is wrong."""


class Hub88Caller:
    """Signs with the command that the technician was told to use."""

    dialect = "hub88"
    free_spins_call_the_wallet = True

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp())
        make = ["openssl", "genpkey", "-algorithm", "RSA", "-out", "private.pem", "-pkeyopt", "rsa_keygen_bits:2048"]
        subprocess.run(make, cwd=self._folder, check=True, capture_output=True)
        show = ["openssl", "pkey", "-in", "private.pem", "-pubout"]
        public = subprocess.run(show, cwd=self._folder, check=True, capture_output=True).stdout.decode()
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
        made = subprocess.run(command, cwd=self._folder, input=body, check=True, capture_output=True)
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


def _good(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


CALLERS = (Hub88Caller,)
