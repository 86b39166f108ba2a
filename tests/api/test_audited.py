"""Whatever a person changes, or takes away, has one entry in the audit log: who, what, when, before and after."""

import datetime as dt
import itertools
import json

import httpx
import pytest
import pytest_asyncio

from croupier.api.operator.app import openapi_document
from croupier.domain.ids import text_of
from croupier.store.accounts import User, add_user
from croupier.store.audit import audit_entries

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPERATIONS = [f"{m.upper()} {p.removeprefix('/api/v1')}" for p, ops in openapi_document()["paths"].items() for m in ops]
CHANGES = [one for one in OPERATIONS if not one.startswith("GET ")]
CAMPAIGN = {"game_ids": ["krakens-hoard"], "rounds": 3, "bet": 20, "currency": "EUR"}
CAMPAIGN |= {"starts_at": "2026-01-01", "ends_at": "2100-01-01"}
TODAY = str(dt.datetime.now(dt.UTC).date())
NOTHING = b"transaction_id,kind,amount,currency,player_id,round_id,state,at\n"

# In the order in which one follows from the other. Body, the act in the log, and what else the entry says.
TRIED = {
    "PUT /players/{player_id}": ({"currency": "EUR"}, "launch", {"new": True, "fields": ["currency"]}),
    "POST /demo-sessions": ({"game_id": "krakens-hoard", "currency": "EUR"}, "launch", {"game": "krakens-hoard"}),
    "POST /sessions": ({"player_id": "audited", "game_id": "krakens-hoard"}, "launch", {"player": "audited"}),
    "DELETE /sessions/{session_id}": (None, "end_session", {}),
    "PUT /game-sets/{set_id}": (
        {"name": "Sea", "game_ids": ["krakens-hoard"]},
        "games",
        {"before": None, "after": {"name": "Sea", "game_ids": ["krakens-hoard"]}},
    ),
    "DELETE /game-sets/{set_id}": (
        None,
        "games",
        {"before": {"name": "Sea", "game_ids": ["krakens-hoard"]}, "after": None},
    ),
    "PUT /campaigns/{campaign_id}": (CAMPAIGN, "campaigns", {"before": None}),
    "PUT /campaigns/{campaign_id}/players": (
        {"player_ids": ["audited"]},
        "campaigns",
        {"before": {"players": 0}, "after": {"players": 1}, "player_ids": ["audited"]},
    ),
    "DELETE /campaigns/{campaign_id}": (
        None,
        "campaigns",
        {"before": {"state": "running"}, "after": {"state": "cancelled"}},
    ),
    "POST /certifications": ({"player_ids": ["unplayed"], "rules": ["CONN-01"]}, "certify", {"rules": 1}),
    "DELETE /certifications/{certification_id}": (None, "certify", {}),
    "PUT /certifications/schedule": (
        {"every_days": 7},
        "change_operator",
        {"before": {"recheck_days": 0}, "after": {"recheck_days": 7}},
    ),
    "PUT /origins": (
        {"origins": ["https://casino.example"]},
        "change_operator",
        {"before": {"origins": []}, "after": {"origins": ["https://casino.example"]}},
    ),
    "PUT /exchanges/retention": ({"days": 3, "failed_days": 90}, "change_operator", {}),
    "POST /reconciliations": (NOTHING, "money", {"date": TODAY, "orders": 0}),
}
ELSEWHERE = {
    "POST /transactions/{transaction_id}/retry": "test_retries.py",
    "POST /retries": "test_retries.py",
    "POST /going-live": "test_certifications.py",
    "POST /resolutions/{resolution_id}/approve": "test_resolutions.py",
    "POST /voids/{resolution_id}/approve": "test_resolutions.py",
    "POST /rounds/{round_id}/suspensions": "test_resolutions.py",
}
NONE = {
    "POST /rounds/{round_id}/resolutions": "changes nothing; the entry of its approval names who proposed it",
    "POST /rounds/{round_id}/voids": "changes nothing; the entry of its approval names who proposed it",
}


async def test_every_route_that_changes_something_is_in_this_table():
    """A new route fails here until its entry is tried below, or somewhere that is named."""
    assert sorted(CHANGES) == sorted([*TRIED, *ELSEWHERE, *NONE])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(house, casino):
    """A browser of each role, with the person's id as `user_id`."""
    found, addresses = {}, itertools.count(30)
    platform = house.worker.platform
    for role in ("owner", "finance", "support", "read_only"):
        name = text_of(platform.world.ids.random(9))
        email = f"{role}-{name}@casino.test"
        await add_user(platform.pool, User(name, email, "casino", role), "correct horse", platform.now(), reset=False)
        transport = httpx.ASGITransport(app=house.worker, client=(f"192.0.2.{next(addresses)}", 1))
        browser = httpx.AsyncClient(transport=transport, base_url="http://platform.test/api/v1")
        await browser.post("http://platform.test/account/api/login", json={"email": email, "password": "correct horse"})
        me = (await browser.get("http://platform.test/account/api/me")).json()
        browser.headers["x-croupier-csrf"] = me["csrf"]
        found[role] = (browser, name, email)
    yield found
    for browser, _, _ in found.values():
        await browser.aclose()


async def test_each_change_of_a_person_has_one_entry(house, casino, people):
    browser, user_id, email = people["owner"]
    pool = house.worker.platform.pool
    names = {"player_id": "audited", "set_id": "sea", "campaign_id": "gift"}
    for route, (body, act, facts) in TRIED.items():
        if route == "POST /sessions":
            await casino.player("audited")
        before = len(await audit_entries(pool, "casino"))
        method, path = route.split(" ")
        given = (
            {"content": body, "headers": {"content-type": "text/csv"}} if isinstance(body, bytes) else {"json": body}
        )
        query = f"?date={TODAY}" if route == "POST /reconciliations" else ""
        answer = await browser.request(
            method, path.format(**names).removeprefix("/") + query, **given if body is not None else {}
        )
        assert answer.status_code < 300, f"{route}: {answer.text}"
        if answer.content:
            names |= {name: value for name, value in answer.json().items() if name.endswith("_id")}
        entries = (await audit_entries(pool, "casino"))[before:]
        assert len(entries) == 1, f"{route}: {[one.entry for one in entries]}"
        told = json.loads(entries[0].entry)
        assert (told["actor"], told["role"], told["act"], told["operator"]) == (user_id, "owner", act, "casino"), route
        assert facts.items() <= told.items(), f"{route}: {told}"
    newest = (await browser.get("audit", params={"limit": 1})).json()["items"][0]
    assert (newest["act"], newest["email"], newest["actor"]) == ("money", email, user_id)


@pytest.mark.parametrize(
    ("path", "what"),
    [("transactions?player_id=audited", "transactions"), (f"statements/{TODAY}", f"statement {TODAY}")],
)
async def test_a_file_that_a_person_saves_is_told_and_a_servers_is_not(house, casino, people, path, what):
    browser, user_id, _ = people["finance"]
    pool = house.worker.platform.pool
    before = len(await audit_entries(pool, "casino"))
    await casino.call("GET", f"/{path}", headers={"accept": "text/csv"})
    await browser.get(path)
    assert len(await audit_entries(pool, "casino")) == before, "a look, and a server"
    assert (await browser.get(path, headers={"accept": "text/csv"})).status_code == 200
    (entry,) = (await audit_entries(pool, "casino"))[before:]
    told = json.loads(entry.entry)
    assert (told["act"], told["object"], told["actor"]) == ("export", what, user_id)
    if "?" in path:
        assert told["asked"] == {"player_id": "audited"}


async def test_who_sees_which_entries(house, casino, people):
    """Owners and the operator's own server all of them, finance what is about money, support its own."""
    support, support_id, _ = people["support"]
    opened = (await casino.open("audited")).session_id
    assert (await support.delete(f"sessions/{opened}")).status_code == 204
    seen = {}
    for role, (browser, _, _) in people.items():
        answer = await browser.get("audit", params={"limit": 200})
        seen[role] = answer.json()["items"] if answer.status_code == 200 else answer.json()["code"]
    by_key = (await casino.call("GET", "/audit?limit=200")).json()["items"]
    assert seen["read_only"] == "forbidden"
    assert seen["owner"] == by_key
    assert {one["act"] for one in by_key} >= {"add_operator", "add_user", "campaigns", "export", "money"}
    assert {one["act"] for one in seen["finance"]} == {"money", "export"}
    assert [(one["act"], one["actor"]) for one in seen["support"]] == [("end_session", support_id)]


async def test_pages_and_times_of_the_log(house, casino):
    whole = (await casino.call("GET", "/audit?limit=200")).json()["items"]
    met, cursor = [], None
    while True:
        page = (await casino.call("GET", "/audit?limit=3" + (f"&cursor={cursor}" if cursor else ""))).json()
        met += page["items"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert met == whole
    assert [one["number"] for one in whole] == sorted((one["number"] for one in whole), reverse=True)
    assert (await casino.call("GET", f"/audit?limit=200&from={TODAY}&to={TODAY}")).json()["items"] == whole
    assert (await casino.call("GET", "/audit?to=2020-01-01")).json()["items"] == []


async def test_words_in_a_reason_do_not_make_an_entry_ones_own(house, casino, people):
    """The looked-for member is searched in the entry's text: what somebody wrote must not look like it."""
    browser, user_id, _ = people["owner"]
    forged = {"name": f'","actor":"{people["support"][1]}', "game_ids": []}
    assert (await browser.put("game-sets/forged", json=forged)).status_code == 201
    seen = (await people["support"][0].get("audit", params={"limit": 200})).json()["items"]
    assert all(one["actor"] != user_id for one in seen)
