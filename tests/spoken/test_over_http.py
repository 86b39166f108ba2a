"""Each API in both directions over real HTTP: the operator's server, the platform, and the casino's own wallet process.

A full round, free rounds, a bet that is taken back, lost answers; in the end both books are compared line by line.
"""

import asyncio
import datetime as dt
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from msgspec.structs import replace

from running import FRESH, House
from sandbox.process import CasinoProcess
from spoken.callers import CALLERS, GAME, Caller, environment

pytestmark = pytest.mark.asyncio(loop_scope="module")

FINISHED = ("closed", "declined", "cancelled")
LOST_IN_100 = 40


@dataclass
class Seat:
    """A player in the game."""

    house: House
    key: dict[str, str]
    rounds: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)

    async def spin(self, request_id: str, bet: int = 40) -> httpx.Response:
        for _ in range(200):
            body = {"request_id": request_id, "bet": bet}
            answer = await self.house.http.post("/play/v1/rounds", json=body, headers=self.key)
            if answer.json().get("code") not in ("round_in_progress", "busy"):
                break
            await asyncio.sleep(0.05)  # the round before is still being paid, or taken back
        if (round_id := answer.json().get("round_id")) is not None:
            self.rounds.append(round_id)
        return answer

    async def state(self, round_id: str) -> str:
        return (await self.house.http.get(f"/play/v1/rounds/{round_id}", headers=self.key)).json()["state"]


@dataclass
class Spoken:
    house: House
    caller: Caller
    casino: CasinoProcess
    operator_id: str

    async def open(self, url: str) -> Seat:
        token = httpx.URL(url).params["token"]
        answer = await self.house.http.post("/play/v1/sessions", json={"token": token})
        assert answer.status_code == 201, answer.text
        return Seat(self.house, {"Authorization": f"Bearer {answer.json()['play_token']}"})

    def money(self, player_id: str) -> int:
        return self.casino.get(f"/players/{player_id}")["balance"]

    async def asked(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The native API, which every operator may use as well."""
        headers = {"Authorization": f"Bearer {self.house.api_keys[self.operator_id]}"} | more.pop("headers", {})
        return await self.house.http.request(method, f"/api/v1{path}", headers=headers, **more)

    async def compared(self) -> dict[str, Any]:
        """The casino's statement against our journal."""
        today = dt.datetime.now(dt.UTC).date().isoformat()
        lines = (await self.caller.http.get(f"{self.casino.url}/statement", params={"date": today})).text
        query, headers = {"date": today, "clocks_differ": 0}, {"content-type": "text/csv"}
        answer = await self.asked("POST", "/reconciliations", params=query, content=lines, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=list(CALLERS))
async def spoken(house: House, request: pytest.FixtureRequest) -> AsyncIterator[Spoken]:
    dialect, operator_id = request.param, f"{request.param}-casino"
    with tempfile.TemporaryDirectory() as folder:
        operator, told = await house.casino(operator_id, "http://127.0.0.1:1/", dialect)
        casino = CasinoProcess(Path(folder), **environment(operator))
        try:
            registry, directory = house.worker.platform.registry, house.worker.platform.directory
            await registry.change_operator(replace(operator, wallet_url=f"{casino.url}/wallet", retry_base_ms=20), 1)
            await directory.look_again()
            async with httpx.AsyncClient(timeout=20, limits=FRESH) as http:
                yield Spoken(house, CALLERS[dialect](http, told), casino, operator_id)
        finally:
            casino.kill()


async def until(condition, why: str) -> None:
    for _ in range(300):
        if await condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(why)


async def test_a_round_free_rounds_and_lost_answers(spoken: Spoken):
    spoken.casino.open("ana", 100_000)
    assert GAME in await spoken.caller.games()

    # Plain rounds: what the player sees is what the casino's book says.
    seat, won = await spoken.open(await spoken.caller.launch("ana")), 0
    for number in range(10):
        answer = await seat.spin(f"plain-{number}")
        assert answer.status_code == 200, answer.text
        won += answer.json()["win"]
        if answer.json()["balance"] is not None:
            assert answer.json()["balance"] == spoken.money("ana")
    assert spoken.money("ana") == 100_000 - 10 * 40 + won

    # Free rounds, in this API's own terms: they take nothing, and what they win is money.
    await spoken.caller.give("ana", "spring", 3, 40)
    seat = await spoken.open(await spoken.caller.launch("ana"))
    for number in range(3):
        before = spoken.money("ana")
        answer = await seat.spin(f"free-{number}")
        assert (answer.status_code, answer.json()["bet"]) == (200, 0), answer.text
        assert answer.json()["free_round"]["left"] == 2 - number
        assert spoken.money("ana") == before + answer.json()["win"]

    async def used() -> bool:
        return await spoken.caller.left("ana", "spring") == 0

    await until(used, "the free rounds are not counted")
    paid = await seat.spin("paid-again")
    assert (paid.status_code, paid.json()["bet"]) == (200, 40)
    await spoken.caller.give("ana", "summer", 3, 40)
    await spoken.caller.take_away("ana", "summer")
    seat = await spoken.open(await spoken.caller.launch("ana"))
    assert (await seat.spin("not-free")).json()["bet"] == 40

    # Answers are lost: bets are taken back, wins are sent again, and in the end nothing differs.
    spoken.casino.post("/break", mode="lost_answers", share=LOST_IN_100, seed=7)
    answers = [await seat.spin(f"lost-{number}") for number in range(40)]
    codes = {answer.json().get("code") for answer in answers}
    assert codes == {None, "wallet_unknown"}, codes
    spoken.casino.post("/break", mode="off")

    async def finished() -> bool:
        return {await seat.state(round_id) for round_id in seat.rounds} <= set(FINISHED)

    await until(finished, "a round does not come to its end")
    states = [await seat.state(round_id) for round_id in seat.rounds]
    assert "cancelled" in states
    assert "closed" in states
    await until(lambda: no_open_lines(spoken), "the books differ")
    total = (await spoken.compared())["totals"][0]
    assert total["bets_ours"] == total["bets_theirs"] > 0
    assert total["wins_ours"] == total["wins_theirs"] > 0


async def no_open_lines(spoken: Spoken) -> bool:
    """A win that was accepted within the last second may still wait to be written."""
    found = (await spoken.compared())["items"]
    assert {one["action"] for one in found} <= {"wait"}, found
    return not found


async def test_a_demo_calls_no_wallet(spoken: Spoken):
    before = len(spoken.casino.get("/ledger")["items"])
    seat = await spoken.open(await spoken.caller.demo())
    assert (await seat.spin("demo")).status_code == 200
    assert len(spoken.casino.get("/ledger")["items"]) == before


async def test_a_player_without_money_is_told_so(spoken: Spoken):
    spoken.casino.open("poor", 39)
    seat = await spoken.open(await spoken.caller.launch("poor"))
    answer = await seat.spin("too-much")
    assert (answer.status_code, answer.json()["code"], answer.json()["money"]) == (
        402,
        "insufficient_funds",
        "not_placed",
    )
    assert spoken.money("poor") == 39


async def test_pragmatics_replay_link_shows_the_round_that_the_wallet_heard_of(spoken: Spoken):
    if spoken.caller.told.get("secret_key") is None:
        pytest.skip("the API has no such call")
    spoken.casino.open("shown", 1000)
    seat = await spoken.open(await spoken.caller.launch("shown"))
    assert (await seat.spin("shown")).status_code == 200
    heard = next(one["round_id"] for one in spoken.casino.get("/ledger")["items"] if one["player_id"] == "shown")

    async def link(player_id: str) -> dict[str, Any]:
        fields = {"externalPlayerId": player_id, "roundId": heard}
        return (await spoken.caller.call("POST", "/ReplayAPI/getSharedLink/", **fields)).json()

    async def known() -> bool:
        return (await link("shown"))["error"] == "0"

    await until(known, "the round does not appear")
    token = httpx.URL((await link("shown"))["sharedLink"]).params["token"]
    headers = {"Authorization": f"Bearer {token}"}
    replay = await spoken.house.http.get(f"/play/v1/rounds/{seat.rounds[-1]}/replay", headers=headers)
    assert replay.status_code == 200, replay.text
    assert (await link("ana"))["error"] == "7", "it is another player's"


async def test_slotegrators_self_validate_tells_of_our_rules(spoken: Spoken):
    if spoken.caller.told.get("merchant_key") is None:
        pytest.skip("the API has no such call")
    spoken.casino.open("checked", 1_000_000)
    await spoken.caller.launch("checked")
    spoken.casino.post("/bug", name="pays-retries-again")
    spoken.caller.http.timeout = httpx.Timeout(60)
    told = (await spoken.caller.call("POST", "/self-validate")).json()
    spoken.casino.post("/bug", name="off")
    assert told["success"] is False
    lines = {line.split()[1]: line for line in told["log"] if line.split()[0] in ("PASS", "FAIL", "SKIP", "BLOCKED")}
    assert lines["ROUND-02"].startswith("PASS")
    assert lines["IDEM-02"].startswith("FAIL IDEM-02 A retried win has no second effect. Expected balance ")
    assert "CRP-IDEM-001" in lines["IDEM-02"]
