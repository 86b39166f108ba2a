"""Disabling an operator and rotating its key reach the running platform within seconds."""

import asyncio
import json

import pytest
from msgspec.structs import replace

from croupier.store.audit import Actor, audit_entries
from croupier.store.going_live import STAFF, moved

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def applied(house):
    registry = house.worker.platform.registry
    version = await registry.version()
    for _ in range(100):
        if not await registry.lagging(version):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the worker did not apply the settings within five seconds")


async def test_a_disabled_operator_takes_no_bets_and_its_rounds_are_settled(house):
    casino = await house.casino("closing")
    seat, dealt = await casino.hand("p")
    await casino.player("late")
    other = await casino.open("late")
    await house.worker.platform.registry.change_operator(replace(casino.operator, enabled=False), 1)
    await applied(house)

    for answer in (
        await other.bet("r-1"),
        await casino.call("POST", "/sessions", json={"player_id": "late", "game_id": "blackjack"}),
        await casino.call("POST", "/demo-sessions", json={"currency": "EUR", "game_id": "blackjack"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "operator_disabled")
    assert (await casino.call("GET", "/rounds")).status_code == 200

    stand = {"request_id": "stand", "action": "stand"}
    closed = (await seat.call("POST", f"/rounds/{dealt['round_id']}/actions", json=stand)).json()
    assert closed["state"] == "closed", closed
    assert casino.wallet.book.balance(seat.player_id) == 100_000 - closed["bet"] + closed["win"]

    await house.worker.platform.registry.change_operator(casino.operator, 2)
    await applied(house)
    assert (await other.bet("r-2")).status_code == 200


async def test_after_a_restore_bets_wait_for_the_books_and_say_so(house):
    """Also in a session that was open before: nobody is told that the casino is disabled."""
    casino = await house.casino("restored")
    await casino.player("p")
    seat = await casino.open("p")
    await house.worker.platform.registry.change_operator(replace(casino.operator, compare_from=1), 1)
    await applied(house)
    refused = await seat.bet("r-1")
    told = refused.json()
    assert (refused.status_code, told["code"], told["money"]) == (403, "not_compared", "not_placed")
    assert told["detail"] == "Play waits until the casino has compared its books with ours. No money was moved."
    assert told["hint"] == "Try again later: the casino compares its books with ours first."


async def test_a_live_wallet_that_has_moved_takes_no_bets_until_it_is_opened_again(house):
    """Also in sessions that were open before; rounds are settled, and demo games go on."""
    casino = await house.casino("moving")
    seat, dealt = await casino.hand("p")
    await casino.player("late")
    other = await casino.open("late")
    registry, live = house.worker.platform.registry, replace(casino.operator, test=False, went_live="cert_1")
    closed, told = moved(live, replace(live, wallet_url=live.wallet_url + "/moved"), "")
    await registry.change_operator(closed, 1, Actor("somebody", "staff_admin"), told)
    await applied(house)

    asked = {"player_id": "late", "game_id": "blackjack"}
    refused = await other.bet("r-1"), await casino.call("POST", "/sessions", json=asked)
    assert [answer.json()["code"] for answer in refused] == ["not_certified", "not_certified"]
    assert "/moved" not in refused[0].text, "a player is told no address"
    demo = await casino.call("POST", "/demo-sessions", json={"currency": "EUR", "game_id": "blackjack"})
    assert demo.status_code == 201
    stand = {"request_id": "stand", "action": "stand"}
    settled = (await seat.call("POST", f"/rounds/{dealt['round_id']}/actions", json=stand)).json()
    assert settled["state"] == "closed", settled
    entries = await audit_entries(house.worker.platform.pool, "moving")
    told = json.loads(entries[-1].entry)
    assert (told["act"], told["from"], told["object"], told["open"]) == (
        "move_wallet", live.wallet_url, closed.wallet_url, False,
    )  # fmt: skip

    await registry.change_operator(replace(closed, went_live=STAFF), 2)
    await applied(house)
    assert (await other.bet("r-2")).status_code == 200


async def test_an_old_key_is_refused_and_a_new_one_works_at_once(house):
    casino = await house.casino("rotating")
    assert (await casino.call("GET", "/players")).status_code == 200
    new = await house.worker.platform.registry.rotate_key(casino.operator, 1, keep_old=False)
    await applied(house)
    assert (await casino.call("GET", "/players")).json()["code"] == "unauthenticated"
    casino.api_key = new
    assert (await casino.call("GET", "/players")).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer sk_test_x", "bearer  ", "Bearer \xff"]
)
async def test_what_is_no_key(house, header):
    answer = await house.http.get("/api/v1/players", headers={"Authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")
