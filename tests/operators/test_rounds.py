"""One operator of each API: launched by its own calls, played through its own wallet, over HTTP. Both books agree."""

import asyncio
import datetime as dt
import subprocess
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from croupier.dialects import DIALECTS
from croupier.domain.parties import Operator
from operators.callers import CALLERS
from ports import free_port
from running import House
from sandbox.process import CasinoProcess

pytestmark = pytest.mark.asyncio(loop_scope="module")

GAME, BET = "krakens-hoard", 40


class Casino:
    """An operator: its server that calls us, and its wallet, a process of its own that knows the API's words only."""

    def __init__(self, house: House, caller: Any, operator: Operator, told: dict[str, Any], wallet: CasinoProcess):
        self.house, self.caller, self.operator, self.told, self.wallet = house, caller, operator, told, wallet
        self.http = house.http

    async def opened(self, url: str) -> str:
        answer = await self.http.post("/play/v1/sessions", json={"token": httpx.URL(url).params["token"]})
        assert answer.status_code == 201, answer.text
        return answer.json()["play_token"]

    async def launch(self, user: str) -> str:
        return await self.opened(await self.caller.launch(self.http, user, GAME, f"token-of-{user}"))

    async def session(self, play: str) -> dict[str, Any]:
        answer = await self.http.get("/play/v1/session", headers={"Authorization": f"Bearer {play}"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def spin(self, play: str, name: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {play}"}
        return await self.http.post("/play/v1/rounds", json={"request_id": name, "bet": BET}, headers=headers)

    async def api(self, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.house.api_keys[self.operator.operator_id]}"} | given.pop(
            "headers", {}
        )
        return await self.http.request(method, f"/api/v1{path}", headers=headers, **given)

    def balance(self, user: str) -> int:
        return self.wallet.get(f"/players/{user}")["balance"]

    def lines(self, user: str) -> list[dict[str, Any]]:
        return self.wallet.get(f"/ledger?player_id={user}")["items"]


async def until(condition, why: str) -> None:
    for _ in range(150):
        if condition():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(why)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=CALLERS, ids=lambda caller: caller.dialect)
async def casino(house: House, request, tmp_path_factory) -> AsyncIterator[Casino]:
    caller, port = request.param(), free_port()
    operator, told = await house.casino(
        *(f"casino-{caller.dialect}", f"http://127.0.0.1:{port}/wallet", caller.dialect),
        settings=caller.settings,
        timeout_ms=5000,  # the machine of a test may stand still for a second
        retry_base_ms=20,
    )
    agreed = {"CROUPIER_CASINO_DIALECT": caller.dialect, "CROUPIER_CASINO_NUMBER": str(operator.number)}
    wallet = CasinoProcess(tmp_path_factory.mktemp("wallet"), port=port, **agreed, **caller.agreed(told))
    yield Casino(house, caller, operator, told, wallet)
    wallet.kill()


async def test_rounds_with_money(casino: Casino):
    casino.wallet.open("ana", 10_000)
    if hasattr(casino.caller, "games"):
        assert GAME in await casino.caller.games(casino.http)
    play = await casino.launch("ana")
    assert (await casino.session(play))["balance"] == 10_000
    expected = 10_000
    for number in range(4):
        answer = await casino.spin(play, f"money-{number}")
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        expected += shown["win"] - BET
        assert (shown["bet"], shown["balance"], casino.balance("ana")) == (BET, expected, expected)
    bets = [line for line in casino.lines("ana") if line["kind"] == "bet"]
    assert [line["amount"] for line in bets] == [BET] * 4
    assert shown["round_id"] in {line["round_id"] for line in bets}
    await the_calls_have_the_apis_names(casino, shown["round_id"])
    if hasattr(casino.caller, "details"):
        assert "/play/?token=" in await casino.caller.details(casino.http, "ana", shown["round_id"])
    if hasattr(casino.caller, "transactions"):
        await every_transaction_is_listed(casino, "ana")


BETS_GO_TO = {
    "hub88": "POST /wallet/transaction/bet",
    "softswiss-v1": "POST /wallet/play",
    "softswiss-v2": "POST /wallet/betwin",
}
"""API -> the call that takes a bet, below the operator's address."""


async def the_calls_have_the_apis_names(casino: Casino, round_id: str) -> None:
    transactions = (await casino.api("GET", f"/rounds/{round_id}")).json()["transactions"]
    calls = [(t["kind"], call) for t in transactions for call in t["calls"]]
    for _, call in calls:
        logged = (await casino.api("GET", f"/exchanges/{call['exchange_id']}")).json()
        assert (call["method"], call["path"]) == (logged["method"], logged["path"])
    sent = {f"{call['method']} {call['path']}" for kind, call in calls if kind == "bet"}
    assert sent == {BETS_GO_TO[casino.operator.dialect]}


async def every_transaction_is_listed(casino: Casino, player_id: str) -> None:
    """As its wallet has booked them: each once, the newest first."""
    booked = {(line["kind"], line["transaction_id"], line["amount"]) for line in casino.lines(player_id)}
    for _ in range(50):
        listed = await casino.caller.transactions(casino.http, player_id)
        if len(listed) >= len(booked):
            break
        await asyncio.sleep(0.1)
    told = [(one["kind"], one["supplier_transaction_id"], one["amount"] // 1000) for one in listed]
    assert set(told) == booked
    assert len(told) == len(booked)
    assert [one["created_at"] for one in listed] == sorted((one["created_at"] for one in listed), reverse=True)


async def test_free_rounds(casino: Casino):
    if not hasattr(casino.caller, "give_free_rounds"):
        assert DIALECTS[casino.operator.dialect].abilities.free_bets == "absent"
        wanted = {"game_ids": [GAME], "rounds": 2, "bet": BET, "currency": "EUR"}
        lasts = {"starts_at": "2026-01-01T00:00:00Z", "ends_at": "2099-01-01T00:00:00Z"}
        refused = await casino.api("PUT", "/campaigns/spring", json=wanted | lasts)
        assert (refused.status_code, refused.json()["code"]) == (422, "free_rounds_unsupported"), refused.text
        assert "has no free rounds" in refused.json()["detail"]
        return
    casino.wallet.open("bea", 1000)
    first = await casino.launch("bea")  # the player has to be known
    assert (await casino.session(first))["free_rounds"] is None
    name = await casino.caller.give_free_rounds(casino.http, "bea", GAME, 2, BET)
    casino.wallet.post("/players/bea", issue=name)
    play = await casino.launch("bea")
    assert (await casino.session(play))["free_rounds"]["left"] == 2
    won = 0
    for number in range(3):
        answer = await casino.spin(play, f"free-{number}")
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        won += shown["win"]
        assert shown["bet"] == (0 if number < 2 else BET)
    await until(lambda: casino.balance("bea") == 1000 + won - BET, "what was won is not there")
    if hasattr(casino.caller, "free_rounds_left"):
        for _ in range(50):
            if not await casino.caller.free_rounds_left(casino.http, "bea", name):
                return
            await asyncio.sleep(0.1)
        raise AssertionError("the operator is not told that they are used up")


HOW = ("played", "cancelled", "expired")


@pytest.mark.parametrize("how", HOW)
async def test_free_rounds_that_are_told_in_one_sum(casino: Casino, how: str):
    """No call for any of them; then one, which is repeated until it is answered and pays once."""
    if not DIALECTS[casino.operator.dialect].abilities.free_sum:
        pytest.skip("the API hears of each")
    user = f"sum-{how}"
    casino.wallet.open(user, 1000)
    await casino.launch(user)
    lasts_s = 8 if how == "expired" else 86_400
    name = await casino.caller.give_free_rounds(casino.http, user, GAME, 3, BET, lasts_s=lasts_s)
    assert casino.wallet.post(f"/players/{user}", issue=name).status_code == 200
    play = await casino.launch(user)
    assert casino.wallet.post("/break", mode="lost_answers", calls=["win"]).status_code == 200
    won = 0
    for number in range(3 if how == "played" else 1):
        shown = (await casino.spin(play, f"{user}-{number}")).json()
        assert (shown["state"], shown["bet"], shown["free_round"]["number"]) == ("closed", 0, number + 1), shown
        won += shown["win"]
    # The call names no player, so there is one only, by whatever API he is named.
    more = await casino.api("PUT", f"/campaigns/{name}/players", json={"player_ids": ["bea"]})
    assert (more.status_code, more.json()["param"]) == (422, "player_ids"), more.text
    if how == "cancelled":
        await casino.caller.take_away(casino.http, name)
    await until(lambda: casino.lines(user), "the sum is not told")
    assert casino.balance(user) == 1000 + won
    progress = (await casino.api("GET", f"/campaigns/{name}")).json()["progress"]
    assert [(one["won"], one["owed"]) for one in progress] == [(won, won)]
    casino.wallet.post("/break", mode="off")
    for _ in range(100):
        campaign = (await casino.api("GET", f"/campaigns/{name}")).json()
        rounds = (await casino.api("GET", f"/rounds?campaign_id={name}")).json()["items"]
        if not campaign["progress"][0]["owed"] and all(one["state"] == "closed" for one in rounds):
            break
        await asyncio.sleep(0.1)
    assert (campaign["won"], campaign["owed"]) == (won, 0)
    assert [one["settlement"] for one in rounds] == [True, *[False] * (len(rounds) - 1)]
    assert sum(one["win"] for one in rounds[1:]) == rounds[0]["win"] == won
    (line,) = casino.lines(user)
    assert (line["kind"], line["transaction_id"], line["amount"]) == ("win", name, won)
    assert casino.balance(user) == 1000 + won
    again = await casino.spin(play, f"{user}-money")
    assert (again.status_code, again.json()["bet"]) == (200, BET), again.text


async def test_a_bet_without_an_answer_is_rolled_back(casino: Casino):
    casino.wallet.open("cyd", 1000)
    play = await casino.launch("cyd")
    assert casino.wallet.post("/break", mode="lost_answers", calls=["bet", "rollback"]).status_code == 200
    answer = await casino.spin(play, "lost")
    assert (answer.status_code, answer.json().get("code")) == (424, "wallet_unknown"), answer.text
    await until(lambda: casino.balance("cyd") == 1000, "it was never rolled back")
    casino.wallet.post("/break", mode="off")
    assert "reversed" in {line["state"] for line in casino.lines("cyd")}
    await until_spins(casino, play)


async def until_spins(casino: Casino, play: str) -> None:
    """The round that was rolled back is over on our side too."""
    for number in range(100):
        answer = await casino.spin(play, f"again-{number}")
        if answer.status_code == 200:
            return
        assert answer.json()["code"] == "round_in_progress", answer.text
        await asyncio.sleep(0.1)
    raise AssertionError("the seat stays closed")


async def test_a_win_without_an_answer_is_sent_again_and_counts_once(casino: Casino):
    casino.wallet.open("dan", 10_000)
    play = await casino.launch("dan")
    assert casino.wallet.post("/break", mode="lost_answers", calls=["win"]).status_code == 200
    expected = 10_000
    for number in range(12):
        answer = await casino.spin(play, f"win-{number}")
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        expected += shown["win"] - BET
        await until(lambda: casino.balance("dan") == expected, "the win is not there")  # noqa: B023 - asked at once
        for _ in range(100):
            if (await casino.session(play))["open_round"] is None:
                break
            await asyncio.sleep(0.1)
        if shown["win"]:
            break
    casino.wallet.post("/break", mode="off")
    assert shown["win"], "twelve rounds without a win"


async def test_too_little_money_is_a_clear_no(casino: Casino):
    casino.wallet.open("eve", BET - 1)
    play = await casino.launch("eve")
    answer = await casino.spin(play, "poor")
    assert (answer.status_code, answer.json()["code"]) == (402, "insufficient_funds"), answer.text
    assert casino.balance("eve") == BET - 1


async def test_play_money_calls_no_wallet(casino: Casino):
    before = len(casino.wallet.get("/ledger?limit=10000")["items"])
    play = await casino.opened(await casino.caller.demo(casino.http, GAME))
    assert (await casino.spin(play, "demo")).status_code == 200
    assert len(casino.wallet.get("/ledger?limit=10000")["items"]) == before


async def test_both_books_agree(casino: Casino):
    """The wallet's own statement of the day against our journal."""
    today = dt.datetime.now(dt.UTC).date()
    statement = (await casino.http.get(f"{casino.wallet.url}/statement?date={today}")).raise_for_status().content
    assert statement.count(b"\n") > 10
    asked = {"content": statement, "headers": {"content-type": "text/csv"}, "params": {"date": str(today)}}
    for _ in range(20):
        answer = await casino.api("POST", "/reconciliations", **asked)
        assert answer.status_code == 201, answer.text
        if not answer.json()["items"]:
            break
        await asyncio.sleep(0.25)
    assert answer.json()["items"] == []
    assert answer.json()["agree"] == statement.count(b"\n") - 1


async def known(casino: Casino) -> list[Any]:
    """What a call may leave behind: all players and campaigns as they are now."""
    found = [await casino.api("GET", f"/{what}?limit=200") for what in ("players", "campaigns")]
    assert [one.status_code for one in found] == [200, 200], [one.text for one in found]
    return [one.json() for one in found]


async def test_bad_calls_change_nothing_and_are_logged(casino: Casino):
    before = await known(casino)
    for what, path, members, signature, status, word in casino.caller.bad:
        assert await casino.caller.ill(casino.http, path, members, signature) == (status, word), what
    assert await known(casino) == before
    for _ in range(50):
        kept = (await casino.api("GET", "/exchanges?verdict=error&limit=50")).json()["items"]
        theirs = [one for one in kept if one["call"] == casino.caller.dialect]
        if len(theirs) >= len(casino.caller.bad):
            break
        await asyncio.sleep(0.1)
    assert len(theirs) == len(casino.caller.bad)


async def test_free_bets_of_many_are_given_to_all_or_none(casino: Casino):
    """One of them has had this reference before, for something else."""
    if casino.caller.dialect != "hub88":
        pytest.skip("the API has no such call")
    given = {"game_code": GAME, "currency": "EUR", "bet_value": BET * 1000, "operator_reference": "spring"}

    async def give(users: list[str], count: int) -> httpx.Response:
        path = "/freebet/rewards/create_bulk"
        return await casino.caller.post(casino.http, path, users=users, bet_count=count, **given)

    assert (await give(["bulk-a"], 5)).status_code == 200
    before = await known(casino)
    refused = await give(["bulk-b", "bulk-a"], 6)
    assert (refused.status_code, refused.json()["status"]) == (400, "RS_ERROR_WRONG_SYNTAX")
    assert await known(casino) == before
    first, again = await give(["bulk-b", "bulk-a"], 5), await give(["bulk-b", "bulk-a"], 5)
    assert [one["user"] for one in first.json()] == ["bulk-b", "bulk-a"]
    assert first.json() == again.json()


async def test_a_player_keeps_the_first_currency(casino: Casino):
    casino.wallet.open("mallory", 1000)
    assert (await casino.api("PUT", "/players/mallory", json={"currency": "EUR"})).status_code == 201
    path, members, status, word = casino.caller.changed_currency
    assert await casino.caller.ill(casino.http, path, members, "good") == (status, word)
    assert (await casino.api("GET", "/players/mallory")).json()["currency"] == "EUR"


async def test_the_first_request_can_be_copied_into_a_shell(casino: Casino):
    """As it was printed; with curl and openssl, the operator's own key, and nothing of ours."""
    command = ["bash", "-c", casino.told["first_request"]]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=casino.caller.folder, capture_output=True, timeout=20, check=True
    )
    shown = done.stdout.decode()
    assert "krakens-hoard" in shown or "/play/?token=" in shown, shown
