"""What a stranger or a careless client sends: the API's own error, nothing changed, and the exchange is kept."""

import asyncio
import json
import secrets
import subprocess
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from running import FRESH, House
from spoken.callers import CALLERS, GAME, Caller

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAYER = {"player_id": "ana", "player_name": "Ana", "currency": "EUR", "session_id": "s-1", "game_uuid": GAME}
FREE = {"player_id": "bea", "player_name": "Bea", "currency": "EUR", "game_uuid": GAME, "freespin_id": "f-1"}
FREE |= {"quantity": 5, "valid_from": 0, "valid_until": 4_000_000_000, "total_bet_id": 40}

BONUS = {"playerId": "ana", "currency": "EUR", "gameIDList": GAME, "rounds": 5, "totalBet": "0.40"}
BONUS |= {"bonusCode": "c-1", "expirationDate": 4_000_000_000}
OTHER = BONUS | {"playerId": "bea", "bonusCode": "c-9"}
SEVEN = {"error": "7"}
OVER = SEVEN | {"description": "expirationDate is over already."}

# API -> what is sent, the status, and what the answer holds; first comes what is good and must change nothing more.
BAD: dict[str, list[tuple[str, str, dict[str, Any], int, dict[str, Any]]]] = {
    "slotegrator": [
        ("POST", "/games/init", PLAYER, 200, {}),
        ("POST", "/games/init", PLAYER | {"currency": "JPY"}, 422, {"name": "Unprocessable Entity", "status": 422}),
        ("POST", "/games/init", PLAYER | {"currency": "XXX"}, 422, {"status": 422}),
        ("POST", "/games/init", PLAYER | {"player_id": "a b"}, 422, {"status": 422}),
        ("POST", "/games/init", PLAYER | {"player_id": "a" * 65}, 422, {"status": 422}),
        ("POST", "/games/init", PLAYER | {"player_id": "cyd", "session_id": "\u0000"}, 422, {"status": 422}),
        ("POST", "/games/init", PLAYER | {"player_id": "cyd", "game_uuid": "nobody"}, 404, {"name": "Not Found"}),
        ("POST", "/games/init", {"game_uuid": GAME}, 422, {"message": "player_id must be given."}),
        ("POST", "/freespins/set", FREE | {"quantity": "five"}, 422, {"status": 422}),
        ("POST", "/freespins/set", FREE | {"quantity": "-1"}, 422, {"status": 422}),
        ("POST", "/freespins/set", FREE | {"quantity": "10001"}, 422, {"status": 422}),
        ("POST", "/freespins/set", FREE | {"valid_until": 1}, 422, {"message": "valid_until is over already."}),
        ("POST", "/freespins/set", FREE | {"player_name": ""}, 422, {"message": "player_name must be given."}),
        ("POST", "/freespins/set", FREE | {"valid_until": 2**39}, 422, {"status": 422}),
        ("POST", "/freespins/set", FREE | {"total_bet_id": 39}, 422, {"status": 422}),
        ("POST", "/freespins/set", FREE | {"game_uuid": "blackjack"}, 422, {"status": 422}),
        ("POST", "/freespins/cancel", {"freespin_id": "f-1"}, 404, {"message": "There is no freespin_id f-1."}),
        ("GET", "/nothing", {}, 404, {"name": "Not Found", "code": 0}),
        ("GET", "/games/init", {}, 405, {"name": "Method Not Allowed"}),
        ("GET", "/games", {"page": "0"}, 422, {"status": 422}),
        ("GET", "/games", {"page": "٣"}, 422, {"status": 422}),
    ],
    "pragmatic": [
        ("POST", "/FreeRoundsBonusAPI/createFRB/", BONUS, 200, {"error": "0"}),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", BONUS | {"bonusCode": "c-2", "currency": "JPY"}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", BONUS | {"bonusCode": "c-3", "currency": "XXX"}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", BONUS | {"playerId": "bea"}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", OTHER | {"rounds": "five"}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", OTHER | {"rounds": "0"}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", OTHER | {"expirationDate": "1"}, 200, OVER),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", OTHER | {"expirationDate": str(2**39)}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", OTHER | {"totalBet": "0.39"}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", OTHER | {"totalBet": "0.405"}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", OTHER | {"totalBet": "NaN"}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", OTHER | {"gameIDList": "nobody"}, 200, {"error": "8"}),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", OTHER | {"gameIDList": "blackjack"}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/createFRB/", {"bonusCode": "c-4"}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/cancelFRB/", {"bonusCode": "c-4"}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/v2/players/add/", {"bonusCode": "c-1", "playerList": "a b"}, 200, SEVEN),
        ("POST", "/FreeRoundsBonusAPI/v2/bonus/create/", OTHER | {"gameIDList": ""}, 200, SEVEN),
        ("POST", "/CasinoGameAPI/game/url/", {"symbol": "nobody", "token": "ana"}, 200, {"error": "8"}),
        ("POST", "/CasinoGameAPI/game/url/", {"symbol": GAME}, 200, SEVEN),
        ("POST", "/CasinoGameAPI/game/url/", {"symbol": GAME, "token": "ana"}, 200, {"error": "100"}),
        ("POST", "/CasinoGameAPI/game/url/", {"symbol": GAME, "playMode": "FUN"}, 200, SEVEN),
        ("POST", "/CasinoGameAPI/nothing", {}, 404, SEVEN),
        ("PUT", "/CasinoGameAPI/getCasinoGames", {}, 405, SEVEN),
    ],
}
STRANGER = {"slotegrator": {"merchant_key": "another"}, "pragmatic": {"secret_key": "another"}}
UNSIGNED = {
    "slotegrator": (401, {"name": "Unauthorized", "status": 401, "code": 0}),
    "pragmatic": (200, {"error": "5"}),
}
REPEATABLE = {"pragmatic"}
"""Its calls carry no time and no nonce, so a second one cannot be told from a repeat: it changes nothing more."""


@dataclass
class Met:
    house: House
    caller: Caller
    operator_id: str
    dialect: str

    async def kept(self) -> list[dict[str, Any]]:
        """Their calls, oldest first."""
        headers = {"Authorization": f"Bearer {self.house.api_keys[self.operator_id]}"}
        answer = await self.house.http.get("/api/v1/exchanges?limit=200", headers=headers)
        return [one for one in answer.json()["items"][::-1] if one["direction"] == "in"]

    async def grown_to(self, count: int) -> list[dict[str, Any]]:
        for _ in range(100):
            if len(found := await self.kept()) >= count:
                break
            await asyncio.sleep(0.05)
        assert len(found) == count
        return found

    async def players(self) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.house.api_keys[self.operator_id]}"}
        return (await self.house.http.get("/api/v1/players", headers=headers)).json()["items"]

    async def campaigns(self) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.house.api_keys[self.operator_id]}"}
        return (await self.house.http.get("/api/v1/campaigns", headers=headers)).json()["items"]


@pytest_asyncio.fixture(loop_scope="module", params=list(BAD))
async def met(house: House, request: pytest.FixtureRequest) -> AsyncIterator[Met]:
    operator_id = f"bad-{secrets.token_hex(4)}"
    _, told = await house.casino(operator_id, "http://127.0.0.1:1/", request.param)
    async with httpx.AsyncClient(timeout=20, limits=FRESH) as http:
        yield Met(house, CALLERS[request.param](http, told), operator_id, request.param)


def held(answer: httpx.Response, wanted: dict[str, Any]) -> bool:
    told = answer.json()
    return all(told.get(name) == value for name, value in wanted.items())


async def test_a_bad_call_changes_nothing_and_is_kept(met: Met):
    good, *bad = BAD[met.dialect]
    for number, (method, path, fields, status, wanted) in enumerate([good, *bad], 1):
        answer = await met.caller.call(method, path, **fields)
        assert (answer.status_code, held(answer, wanted)) == (status, True), (path, fields, answer.text)
        if number == 1:
            before = await met.players(), await met.campaigns()
    assert (await met.players(), await met.campaigns()) == before
    kept = await met.grown_to(len(bad) + 1)
    assert [one["verdict"] for one in kept[:1]] == ["ok"]
    assert {one["verdict"] for one in kept[1:]} == {"error"}


async def test_a_strangers_signature_and_a_call_that_comes_twice(met: Met):
    status, wanted = UNSIGNED[met.dialect]
    method, path, fields, *_ = BAD[met.dialect][0]
    stranger = type(met.caller)(met.caller.http, met.caller.told | STRANGER[met.dialect])
    answer = await stranger.call(method, path, **fields)
    assert (answer.status_code, held(answer, wanted)) == (status, True), answer.text
    assert await met.players() == []
    sent: list[httpx.Request] = []

    async def remember(request: httpx.Request) -> None:
        sent.append(request)

    met.caller.http.event_hooks = {"request": [remember]}
    assert (await met.caller.call(method, path, **fields)).status_code == 200
    met.caller.http.event_hooks = {}
    (first,) = sent
    again = await met.caller.http.request(first.method, first.url, headers=first.headers, content=first.content)
    if met.dialect in REPEATABLE:
        assert again.content == (await met.caller.call(method, path, **fields)).content
        assert (len(await met.players()), len(await met.campaigns())) == (1, 1)
        return
    assert (again.status_code, held(again, wanted)) == (status, True), again.text
    kept = await met.grown_to(3)
    assert [one["verdict"] for one in kept] == ["error", "ok", "error"]
    assert [one["why"] for one in kept] == ["unauthenticated", "", "unauthenticated"]


async def test_the_first_request_can_be_copied(met: Met):
    """Into a shell, as it was printed; with curl and openssl, and nothing of ours."""
    command = ["bash", "-c", met.caller.told["first_request"]]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, timeout=20, check=True)
    assert GAME in json.dumps(json.loads(done.stdout))


@pytest.mark.parametrize("met", ["pragmatic"], indirect=True)
async def test_the_data_feed_wants_the_password_and_does_not_keep_it(met: Met):
    told, at = met.caller.told, int(time.time() * 1000) - 3_600_000
    feed = told["data_feed"].replace("MILLISECONDS", str(at))
    answer = await met.caller.http.get(feed.replace("SECRET_KEY", told["secret_key"]))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=UTF-8"), answer.text
    first, columns = answer.text.splitlines()
    assert at <= int(first.removeprefix("timepoint=")) < at + 3_600_000
    assert columns.startswith("extPlayerID,gameID,playSessionID,")
    refused = await met.caller.http.get(feed.replace("SECRET_KEY", "guessed"))
    assert (refused.status_code, refused.headers["content-type"]) == (401, "text/plain; charset=UTF-8")
    kept = await met.grown_to(2)
    assert [one["verdict"] for one in kept] == ["ok", "error"]
    headers = {"Authorization": f"Bearer {met.house.api_keys[met.operator_id]}"}
    for one in kept:
        shown = await met.house.http.get(f"/api/v1/exchanges/{one['exchange_id']}", headers=headers)
        assert "password=***" in shown.json()["request"]["url"]
        assert told["secret_key"] not in shown.text
