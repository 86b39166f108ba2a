"""Suspended rounds: two different people, a reason, one correcting record and one audit entry, written together."""

import asyncio
import itertools

import httpx
import msgspec
import pytest
import pytest_asyncio

from croupier.domain.exchange import HttpResponse
from croupier.domain.ids import text_of
from croupier.rounds.events import SuspendedByStaff
from croupier.store.accounts import User, add_user
from croupier.store.audit import audit_entries, broken_at
from croupier.store.records import Unavailable

pytestmark = pytest.mark.asyncio(loop_scope="module")
ADDRESSES = itertools.count(100)
PASSWORD = "correct horse"


class Person:
    def __init__(self, browser, email):
        self.browser, self.email, self.csrf = browser, email, ""

    async def call(self, method, path, **given):
        headers = {"x-croupier-csrf": self.csrf}
        return await self.browser.request(method, f"/api/v1{path}", headers=headers, **given)


@pytest_asyncio.fixture(loop_scope="module")
async def people(house, casino):
    """Signs somebody in with a role."""
    browsers = []

    async def add(role, email=None, operator="casino"):
        platform = house.worker.platform
        name = text_of(platform.world.ids.random(9))
        email = email or f"{name}@casino.test"
        await add_user(platform.pool, User(name, email, operator, role), PASSWORD, platform.now(), reset=False)
        transport = httpx.ASGITransport(app=house.worker, client=(f"192.0.2.{next(ADDRESSES)}", 1))
        browser = httpx.AsyncClient(transport=transport, base_url="http://platform.test")
        browsers.append(browser)
        person = Person(browser, email)
        await browser.post("/account/api/login", json={"email": email, "password": PASSWORD})
        person.csrf = (await browser.get("/account/api/me")).json()["csrf"]
        return person

    yield add
    for browser in browsers:
        await browser.aclose()


PLAYERS = itertools.count()


@pytest_asyncio.fixture(loop_scope="module")
async def stuck(house, casino):
    """A round whose win is in doubt: the wallet answers nothing, and somebody stops the round."""

    async def make():
        player = f"stuck-{next(PLAYERS)}"
        await casino.player(player)
        seat = await casino.open(player)
        for n in range(500):
            spun = (await seat.bet(f"{player}-{n}")).json()
            if spun.get("win"):
                break
        else:
            pytest.fail(f"no win in 500 spins: {spun}")
        # Wins are lost from here on, bets are not: the next winning round stays unpaid.
        send = house.wallets.send

        async def without_wins(request, **share):
            if request.url.endswith("/win"):
                return HttpResponse(500, (), b"")
            return await send(request, **share)

        house.wallets.send = without_wins
        runner = house.worker.platform.runner
        runner.world.network.send = without_wins
        try:
            for n in range(1000, 1500):
                spun = (await seat.bet(f"{player}-{n}")).json()
                if spun.get("state") == "paying":
                    break
            else:
                pytest.fail(f"no win in 500 spins: {spun}")
            place = house.worker.platform.runner.seats
            seats = (live.state.seat for live in place._live.values())
            seat_id = next(seat.seat_id for seat in seats if seat.key.player_id == player)
            await runner.decided(seat_id, SuspendedByStaff(runner.world.clock.now(), "ann", "looks odd"))
        finally:
            del house.wallets.send
            if "send" in vars(runner.world.network):
                del runner.world.network.send
        return player, spun["round_id"], spun["win"]

    return make


def words(to, settled):
    return {
        "to": to,
        "settled": settled,
        "evidence": "statement of the day, line 17, no such win",
        "reason": "the wallet never saw the win",
    }


async def test_two_people_resolve_a_round_and_the_player_is_paid(house, casino, people, stuck):
    player, round_id, win = await stuck()
    before = casino.wallet.book.balance(player)
    finance, boss = await people("finance"), await people("staff_admin")
    page = (await finance.call("GET", f"/rounds/{round_id}/resolutions")).json()
    assert page["state"] == "suspended"
    choice = next(c for c in page["choices"] if c["to"] == "paying")
    assert choice["balance_change"] == win
    assert {c["to"] for c in page["choices"]} >= {"paying", "closed"}
    proposed = await finance.call("POST", f"/rounds/{round_id}/resolutions", json=words("paying", choice["settled"]))
    assert proposed.status_code == 201, proposed.text
    name = proposed.json()["resolution_id"]

    audit_before = len(await audit_entries(house.worker.platform.pool))
    assert (await finance.call("POST", f"/resolutions/{name}/approve", json={"password": PASSWORD})).json()[
        "code"
    ] == "forbidden"
    wrong = await boss.call("POST", f"/resolutions/{name}/approve", json={"password": "guess"})
    assert wrong.json()["code"] == "login_failed"
    approved = await boss.call("POST", f"/resolutions/{name}/approve", json={"password": PASSWORD})
    assert approved.status_code == 200, approved.text
    assert approved.json()["approved_by"] == boss.email

    for _ in range(100):
        seen = (await casino.call("GET", f"/rounds/{round_id}")).json()
        if seen["state"] == "closed":
            break
    assert seen["state"] == "closed"
    assert casino.wallet.book.balance(player) == before + win
    assert any(h["what"] == "resolved_by_staff" for h in seen["timeline"])
    entries = await audit_entries(house.worker.platform.pool)
    assert len(entries) == audit_before + 1
    assert broken_at(entries) is None
    assert round_id in entries[-1].entry
    assert "staff_admin" in entries[-1].entry
    again = await boss.call("POST", f"/resolutions/{name}/approve", json={"password": PASSWORD})
    assert again.json()["code"] == "resolution_closed"


async def test_nobody_approves_what_he_proposed_whatever_account_he_uses(people, stuck):
    _, round_id, _ = await stuck()
    boss = await people("staff_admin", "boss@provider.test")
    twin = await people("staff_admin", "Boss+2@provider.test")
    choice = (await boss.call("GET", f"/rounds/{round_id}/resolutions")).json()["choices"][0]
    body = words(choice["to"], choice["settled"])
    name = (await boss.call("POST", f"/rounds/{round_id}/resolutions", json=body)).json()["resolution_id"]
    for person in (boss, twin):
        answer = await person.call("POST", f"/resolutions/{name}/approve", json={"password": PASSWORD})
        assert (answer.status_code, answer.json()["code"]) == (403, "second_person_needed")
    (item,) = (await boss.call("GET", f"/rounds/{round_id}/resolutions")).json()["items"]
    assert (item["state"], item["approved_by"]) == ("open", None)


async def test_a_key_is_nobody_and_other_roles_may_not(casino, people, stuck):
    _, round_id, _ = await stuck()
    path, body = f"/rounds/{round_id}/resolutions", words("closed", {})
    assert (await casino.call("POST", path, json=body)).json()["code"] == "person_needed"
    for role in ("owner", "support", "read_only"):
        person = await people(role)
        assert (await person.call("POST", path, json=body)).json()["code"] == "forbidden"
        assert (await person.call("GET", path)).status_code == 200


async def test_proposals_that_contradict_the_rules_are_refused_at_once(people, casino, stuck):
    _, round_id, _ = await stuck()
    finance = await people("finance")
    path = f"/rounds/{round_id}/resolutions"
    assert (await finance.call("POST", path, json=words("in_play", {}))).json()["code"] == "invalid_resolution"
    assert (await finance.call("POST", path, json=words("closed", {"b_x": "accepted"}))).json()["code"] == (
        "invalid_resolution"
    )
    for short in ({"reason": "ok"}, {"evidence": " " * 10}, {"reason": " a\t b \n      "}):
        answer = await finance.call("POST", path, json=words("closed", {}) | short)
        assert answer.json()["code"] == "invalid_value", short
    await casino.player("fine")
    seat = await casino.open("fine")
    fine = (await seat.bet("fine-1")).json()["round_id"]
    answer = await finance.call("POST", f"/rounds/{fine}/resolutions", json=words("closed", {}))
    assert answer.json()["code"] == "round_not_suspended"


async def test_an_approval_withdraws_what_else_was_proposed(house, people, stuck):
    """Its evidence is of before: should the round be suspended again, somebody has to look again."""
    _, round_id, _ = await stuck()
    finance, boss = await people("finance"), await people("staff_admin")
    path = f"/rounds/{round_id}/resolutions"
    ways = (await finance.call("GET", path)).json()["choices"]
    names = {}
    for to in ("paying", "closed"):
        settled = next(way["settled"] for way in ways if way["to"] == to)
        names[to] = (await finance.call("POST", path, json=words(to, settled))).json()["resolution_id"]
    approved = await boss.call("POST", f"/resolutions/{names['paying']}/approve", json={"password": PASSWORD})
    assert approved.status_code == 200, approved.text
    items = {one["resolution_id"]: one["state"] for one in (await finance.call("GET", path)).json()["items"]}
    assert items == {names["paying"]: "approved", names["closed"]: "withdrawn"}
    late = await boss.call("POST", f"/resolutions/{names['closed']}/approve", json={"password": PASSWORD})
    assert (late.status_code, late.json()["code"]) == (409, "resolution_closed")


async def test_a_record_that_could_not_be_written_approves_nothing_and_may_be_approved_again(
    house, casino, people, stuck, monkeypatch
):
    _, round_id, _ = await stuck()
    finance, boss, other = await people("finance"), await people("staff_admin"), await people("staff_admin")
    page = (await finance.call("GET", f"/rounds/{round_id}/resolutions")).json()
    choice = next(c for c in page["choices"] if c["to"] == "paying")
    body = words("paying", choice["settled"])
    name = (await finance.call("POST", f"/rounds/{round_id}/resolutions", json=body)).json()["resolution_id"]
    journal = house.worker.platform.world.journal

    async def away(record):
        raise Unavailable("away")

    count = len(await audit_entries(house.worker.platform.pool))
    with monkeypatch.context() as patch:
        patch.setattr(journal, "append", away)
        answer = await boss.call("POST", f"/resolutions/{name}/approve", json={"password": PASSWORD})
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert len(await audit_entries(house.worker.platform.pool)) == count
    late = await other.call("POST", f"/resolutions/{name}/approve", json={"password": PASSWORD})
    assert late.json()["code"] == "resolution_closed", "who began to approve may go on, nobody else"
    done = await boss.call("POST", f"/resolutions/{name}/approve", json={"password": PASSWORD})
    assert done.status_code == 200
    assert len(await audit_entries(house.worker.platform.pool)) == count + 1


async def test_a_changed_or_lost_audit_entry_is_seen(house):
    entries = await audit_entries(house.worker.platform.pool)
    assert entries
    assert broken_at(entries) is None
    first = msgspec.structs.replace(entries[0], entry=entries[0].entry + " ")
    assert broken_at([first, *entries[1:]]) == 1
    assert len(entries) > 1
    assert broken_at(entries[1:]) == 1


async def test_another_operators_proposals_do_not_exist(house, people, stuck):
    _, round_id, _ = await stuck()
    await house.casino("rival")
    finance, rival = await people("finance"), await people("staff_admin", operator="rival")
    choice = (await finance.call("GET", f"/rounds/{round_id}/resolutions")).json()["choices"][0]
    body = words(choice["to"], choice["settled"])
    name = (await finance.call("POST", f"/rounds/{round_id}/resolutions", json=body)).json()["resolution_id"]
    assert (await rival.call("GET", f"/rounds/{round_id}/resolutions")).status_code == 404
    assert (await rival.call("POST", f"/rounds/{round_id}/resolutions", json=body)).status_code == 404
    approval = await rival.call("POST", f"/resolutions/{name}/approve", json={"password": PASSWORD})
    assert approval.status_code == 404


REASON = {"reason": "the shoe was dealt twice"}


async def test_two_people_void_a_hand_and_the_stake_comes_back(house, casino, people):
    seat, dealt = await casino.hand("voided")
    balance, round_id = casino.wallet.book.balance(seat.player_id), dealt["round_id"]
    path = f"/rounds/{round_id}/voids"
    support, finance, owner = await people("support"), await people("finance"), await people("owner")
    page = (await support.call("GET", f"/rounds/{round_id}/resolutions")).json()
    assert (page["void"]["to"], page["void"]["balance_change"], page["may_suspend"]) == ("rolling_back", 100, True)
    assert (await casino.call("POST", path, json=REASON)).json()["code"] == "person_needed"
    proposed = await support.call("POST", path, json=REASON)
    assert proposed.status_code == 201, proposed.text
    name = proposed.json()["resolution_id"]
    assert (await casino.call("GET", f"/rounds/{round_id}")).json()["state"] == "in_play", "nothing was decided yet"
    count = len(await audit_entries(house.worker.platform.pool))
    approve = f"/voids/{name}/approve"
    for person in (support, owner):
        assert (await person.call("POST", approve, json={"password": PASSWORD})).json()["code"] == "forbidden"
    elsewhere = await finance.call("POST", f"/resolutions/{name}/approve", json={"password": PASSWORD})
    assert elsewhere.json()["code"] == "forbidden", "a void is no resolution"
    assert (await finance.call("POST", approve, json={"password": "guess"})).json()["code"] == "login_failed"
    done = await finance.call("POST", approve, json={"password": PASSWORD})
    assert done.status_code == 200, done.text
    for _ in range(100):
        seen = (await casino.call("GET", f"/rounds/{round_id}")).json()
        if seen["state"] == "cancelled":
            break
        await asyncio.sleep(0.05)
    assert (seen["state"], casino.wallet.book.balance(seat.player_id)) == ("cancelled", balance + 100)
    entries = await audit_entries(house.worker.platform.pool)
    assert len(entries) == count + 1
    told = msgspec.json.decode(entries[-1].entry)
    assert (told["act"], told["object"], told["reason"]) == ("void_round", round_id, REASON["reason"])
    assert (told["before"]["state"], told["after"]["state"]) == ("in_play", "rolling_back")
    assert told["proposed_by"] != told["actor"]
    assert (await finance.call("POST", approve, json={"password": PASSWORD})).json()["code"] == "resolution_closed"
    assert (await finance.call("POST", path, json=REASON)).json()["code"] == "round_not_open"


async def test_nobody_voids_alone_and_a_round_that_went_on_is_not_voided(house, casino, people):
    seat, dealt = await casino.hand("alone")
    round_id = dealt["round_id"]
    finance, boss = await people("finance"), await people("staff_admin")
    name = (await finance.call("POST", f"/rounds/{round_id}/voids", json=REASON)).json()["resolution_id"]
    approve = f"/voids/{name}/approve"
    assert (await finance.call("POST", approve, json={"password": PASSWORD})).json()["code"] == "second_person_needed"
    await seat.call("POST", f"/rounds/{round_id}/actions", json={"request_id": "stand", "action": "stand"})
    for _ in range(100):
        if (await casino.call("GET", f"/rounds/{round_id}")).json()["state"] == "closed":
            break
        await asyncio.sleep(0.05)
    count = len(await audit_entries(house.worker.platform.pool))
    late = await boss.call("POST", approve, json={"password": PASSWORD})
    assert (late.status_code, late.json()["code"]) == (409, "round_not_open")
    assert len(await audit_entries(house.worker.platform.pool)) == count


async def test_one_of_the_staff_stops_a_round_and_two_let_it_go_on(house, casino, people):
    _, dealt = await casino.hand("stopped")
    round_id = dealt["round_id"]
    path, boss = f"/rounds/{round_id}/suspensions", await people("staff_engineer")
    for role in ("owner", "finance", "support"):
        assert (await (await people(role)).call("POST", path, json=REASON)).json()["code"] == "forbidden"
    count = len(await audit_entries(house.worker.platform.pool))
    done = await boss.call("POST", path, json=REASON)
    assert done.status_code == 201, done.text
    page = (await boss.call("GET", f"/rounds/{round_id}/resolutions")).json()
    assert (page["state"], page["void"], page["may_suspend"]) == ("suspended", None, False)
    assert page["cause"] == f"staff: {REASON['reason']}"
    assert {"in_play", "rolling_back"} <= {one["to"] for one in page["choices"]}
    entries = await audit_entries(house.worker.platform.pool)
    assert len(entries) == count + 1
    told = msgspec.json.decode(entries[-1].entry)
    assert (told["act"], told["role"], told["object"]) == ("suspend_round", "staff_engineer", round_id)
    again = await boss.call("POST", path, json=REASON)
    assert (again.status_code, again.json()["code"]) == (409, "round_not_open")
    assert len((await boss.call("GET", f"/rounds/{round_id}/resolutions")).json()["items"]) == 1


async def test_another_operators_open_rounds_do_not_exist(house, casino, people):
    _, dealt = await casino.hand("rivals")
    await house.casino("rival-2")
    finance, rival = await people("finance"), await people("staff_admin", operator="rival-2")
    name = (await finance.call("POST", f"/rounds/{dealt['round_id']}/voids", json=REASON)).json()["resolution_id"]
    for what in ("voids", "suspensions"):
        assert (await rival.call("POST", f"/rounds/{dealt['round_id']}/{what}", json=REASON)).status_code == 404
    assert (await rival.call("POST", f"/voids/{name}/approve", json={"password": PASSWORD})).status_code == 404
    assert (await casino.call("GET", f"/rounds/{dealt['round_id']}")).json()["state"] == "in_play"
