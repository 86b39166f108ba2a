"""Sending again now what the wallet owes an answer to: the same ids, nothing new, and written down."""

import asyncio

import httpx
import pytest

from croupier.domain.exchange import HttpResponse
from croupier.domain.ids import text_of
from croupier.store.accounts import User, add_user
from croupier.store.audit import audit_entries

pytestmark = pytest.mark.asyncio(loop_scope="module")

DOWN = HttpResponse(503, (("retry-after", "600"),), b"")


async def owed(house, casino, player: str, broken_wallet) -> str:
    """A bet whose fate is unknown, and whose rollback waits for ten minutes: the wallet asked for that."""
    broken_wallet(None)
    await casino.player(player)
    seat = await casino.open(player)
    broken_wallet(DOWN)
    refused = await seat.bet("r1")
    assert refused.status_code == 424, refused.text
    for _ in range(200):
        waiting = (await casino.call("GET", "/retries")).json()
        mine = [one for one in waiting["items"] if one["player_id"] == player]
        if mine and mine[0]["transaction_id"] in house.worker.platform.runner.driver._pausing:
            return mine[0]["transaction_id"]
        await asyncio.sleep(0.05)
    raise AssertionError("nothing waits")


async def settled(casino, transaction_id: str) -> dict:
    for _ in range(200):
        (one,) = (await casino.call("GET", f"/transactions?transaction_id={transaction_id}")).json()["items"]
        if one["state"] == "accepted":
            return one
        await asyncio.sleep(0.05)
    raise AssertionError("not within 10 seconds")


async def test_one_rollback_goes_out_at_once_and_only_once(house, broken_wallet):
    casino = await house.casino("retrier")
    rollback = await owed(house, casino, "ann", broken_wallet)
    broken_wallet(None)
    house.wallets.calls.clear()
    asked = await casino.call("POST", f"/transactions/{rollback}/retry", headers={"Idempotency-Key": "once"})
    assert (asked.status_code, asked.json()["kind"]) == (202, "rollback")
    assert (await settled(casino, rollback))["transaction_id"] == rollback
    assert house.wallets.calls == ["rollback"]
    again = await casino.call("POST", f"/transactions/{rollback}/retry", headers={"Idempotency-Key": "once"})
    assert again.headers["Idempotent-Replayed"] == "true"
    late = await casino.call("POST", f"/transactions/{rollback}/retry")
    assert (late.status_code, late.json()["code"]) == (409, "not_waiting")
    entries = await told(house, "retrier")
    assert len(entries) == 1
    assert '"act":"retry_transaction","actor":"api_key"' in entries[0]


async def told(house, operator_id):
    """What the audit log says of repeated sends; the operator itself was added before."""
    entries = await audit_entries(house.worker.platform.pool, operator_id)
    return [one.entry for one in entries if '"act":"retry' in one.entry]


async def test_all_since_a_time_with_a_preview_that_changes_nothing(house, broken_wallet):
    casino = await house.casino("retrier2")
    before = await owed(house, casino, "bob", broken_wallet)
    after = await owed(house, casino, "cat", broken_wallet)
    shown = (await casino.call("GET", "/retries")).json()
    assert [one["transaction_id"] for one in shown["items"]] == [before, after]
    assert (shown["asked"], shown["transactions"]) == (False, 2)
    assert shown["totals"] == [{"kind": "rollback", "currency": "EUR", "transactions": 2, "amount": 200}]
    assert await house.worker.platform.pool.fetchval("SELECT count(*) FROM retries WHERE operator_id = 'retrier2'") == 0

    broken_wallet(None)
    since = shown["items"][1]["first_sent_at"]
    asked = await casino.call("POST", "/retries", json={"since": since})
    assert asked.status_code == 202
    assert [one["transaction_id"] for one in asked.json()["items"]] == [after]
    await settled(casino, after)
    (still,) = (await casino.call("GET", "/retries")).json()["items"]
    assert still["transaction_id"] == before
    await casino.call("POST", "/retries", json={})
    await settled(casino, before)
    nothing = (await casino.call("POST", "/retries", json={})).json()
    assert (nothing["asked"], nothing["transactions"]) == (False, 0)
    entries = await told(house, "retrier2")
    assert len(entries) == 2
    assert f'"since":"{since}"' in entries[0]


async def test_bets_and_others_transactions_are_not_sent_again(house, broken_wallet):
    casino, other = await house.casino("retrier3"), await house.casino("stranger")
    rollback = await owed(house, casino, "dan", broken_wallet)
    broken_wallet(None)
    (bet,) = (await casino.call("GET", "/transactions?kind=bet")).json()["items"]
    refused = await casino.call("POST", f"/transactions/{bet['transaction_id']}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_waiting")
    assert (await other.call("POST", f"/transactions/{rollback}/retry")).status_code == 404
    assert (await other.call("GET", "/retries")).json()["items"] == []
    assert (await casino.call("POST", "/transactions/tx_none/retry")).status_code == 404


@pytest.mark.parametrize(("role", "status"), [("read_only", 403), ("support", 202)])
async def test_people_who_only_look_may_not(house, role, status):
    casino = await house.casino(f"people-{role.replace('_', '-')}")
    platform = house.worker.platform
    name = text_of(platform.world.ids.random(9))
    user = User(name, f"{name}@casino.test", casino.operator.operator_id, role)
    await add_user(platform.pool, user, "correct horse", platform.now(), reset=False)
    transport = httpx.ASGITransport(app=house.worker, client=(f"192.0.2.{150 + status % 100}", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://platform.test") as browser:
        await browser.post("/account/api/login", json={"email": user.email, "password": "correct horse"})
        browser.headers["x-croupier-csrf"] = (await browser.get("/account/api/me")).json()["csrf"]
        assert (await browser.get("/api/v1/retries")).status_code == 200
        assert (await browser.post("/api/v1/retries", json={})).status_code == status
