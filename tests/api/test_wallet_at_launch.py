"""Before a session opens the wallet is asked; what it answers decides, and is shown."""

import pytest

from croupier.domain.exchange import HttpResponse, NoAnswer

pytestmark = pytest.mark.asyncio(loop_scope="module")

JSON = (("content-type", "application/json"),)
ANSWERS = [
    ("no answer in time", NoAnswer("timeout"), "wallet_unreachable"),
    ("nobody listens", NoAnswer("refused", sent=False), "wallet_unreachable"),
    ("no such host", NoAnswer("dns", sent=False), "wallet_unreachable"),
    ("an inner address", NoAnswer("address_not_allowed", sent=False), "wallet_unreachable"),
    ("HTTP 500", HttpResponse(500, JSON, b"{}"), "wallet_refused"),
    ("a page for people", HttpResponse(200, (("content-type", "text/html"),), b"<html>"), "wallet_refused"),
    ("another currency", HttpResponse(200, JSON, b'{"balance":1,"currency":"USD"}'), "wallet_refused"),
    ("a balance with a fraction", HttpResponse(200, JSON, b'{"balance":1.5,"currency":"EUR"}'), "wallet_refused"),
    ("does not know the player", HttpResponse(200, JSON, b'{"error":{"code":"unknown_player"}}'), "wallet_refused"),
]


@pytest.mark.parametrize(("answer", "code"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
async def test_no_session_without_a_balance(house, casino, broken_wallet, answer, code):
    await casino.player("lou")
    broken_wallet(answer)
    refused = await casino.call("POST", "/sessions", json={"player_id": "lou", "game_id": "krakens-hoard"})
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (424, code), problem
    seen = await casino.call("GET", "/exchanges/" + problem["log_url"].rpartition("/")[2])
    assert seen.status_code == 200
    shown = seen.json()
    assert shown["call"] == "balance"
    assert shown["status"] == (answer.status if isinstance(answer, HttpResponse) else None)
    count = "SELECT count(*) FROM sessions WHERE player_id = 'lou'"
    assert await house.worker.platform.pool.fetchval(count) == 0


async def test_tokens_are_not_in_any_exchange(house, casino):
    await casino.player("max")
    launched = await casino.launch("max", operator_token="op-secret-7431")
    token = launched["launch_url"].split("token=")[1].split("&")[0]
    listed = (await casino.call("GET", "/exchanges?limit=200")).json()["items"]
    waiting = [e for chunk in house.worker.platform.exchanges.waiting.values() for e in chunk]
    assert any(e.direction == "in" for e in waiting) or any(i["direction"] == "in" for i in listed)
    shown = [await casino.call("GET", f"/exchanges/{item['exchange_id']}") for item in listed]
    everything = "\n".join([str(e) for e in waiting] + [answer.text for answer in shown])
    for secret in ("op-secret-7431", token, casino.api_key, casino.wallet.secret):
        assert secret not in everything


async def test_a_refused_call_can_be_looked_at(house, casino):
    refused = await casino.call("PUT", "/players/nat", json={"currency": "XXX"})
    shown = await casino.call("GET", "/exchanges/" + refused.json()["log_url"].rpartition("/")[2])
    assert shown.status_code == 200
    assert (shown.json()["direction"], shown.json()["verdict"]) == ("in", "error")
    assert shown.json()["why"] == "unknown_currency"
    assert '"XXX"' in shown.json()["request"]["body"]
