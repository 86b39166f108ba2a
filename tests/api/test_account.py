"""Signing in to the account: who may, what the cookie opens, and what it needs for a change."""

import csv
import io
import itertools
import json

import httpx
import pytest
import pytest_asyncio

from croupier.api.account.attempts import FREE, pause_s
from croupier.api.operator import transactions
from croupier.domain.ids import text_of
from croupier.store.accounts import User, add_user
from croupier.store.audit import audit_entries

ADDRESSES = itertools.count(2)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def person(house, casino):
    """Adds a person and gives a browser of their own."""
    browsers = []

    async def add(role="owner", password="correct horse"):
        platform = house.worker.platform
        name = text_of(platform.world.ids.random(9))
        email = f"{name}@casino.test"
        await add_user(platform.pool, User(name, email, "casino", role), password, platform.now(), reset=False)
        transport = httpx.ASGITransport(app=house.worker, client=(f"192.0.2.{next(ADDRESSES)}", 1))
        browsers.append(httpx.AsyncClient(transport=transport, base_url="http://platform.test"))
        return email, browsers[-1]

    yield add
    for browser in browsers:
        await browser.aclose()


async def login(browser, email, password="correct horse"):
    return await browser.post("/account/api/login", json={"email": email, "password": password})


async def test_signing_in_and_out(person):
    email, browser = await person()
    answer = await login(browser, email)
    assert answer.json() == {"email": email, "operator_id": "casino", "role": "owner"}
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    me = (await browser.get("/account/api/me")).json()
    assert (me["operator_id"], me["test"], me["currencies"]) == ("casino", True, ["EUR", "JPY"])
    assert (await browser.get("/api/v1/players")).status_code == 200

    left = await browser.post("/account/api/logout", headers={"x-croupier-csrf": me["csrf"]})
    assert left.status_code == 204
    browser.cookies.set("croupier_account", answer.cookies["croupier_account"])
    assert (await browser.get("/account/api/me")).status_code == 401


async def test_a_file_for_a_person_runs_nothing_in_a_spreadsheet_and_the_one_for_a_server_is_as_it_is(person, casino):
    for name in ("@formula", "-1.2", "plain"):
        await casino.player(name)
        assert (await (await casino.open(name)).bet("one")).status_code == 200
    email, browser = await person()
    await login(browser, email)
    wanted = {"accept": "text/csv"}
    by_person = await browser.get("/api/v1/transactions", headers=wanted)
    by_key = await casino.call("GET", "/transactions", headers=wanted)
    names = {row["player_id"] for row in csv.DictReader(io.StringIO(by_person.text))}
    assert {"'@formula", "'-1.2", "plain"} <= names
    assert {row["player_id"] for row in csv.DictReader(io.StringIO(by_key.text))} == {
        n.removeprefix("'") for n in names
    }


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('=HYPERLINK("https://a.test")', '\'=HYPERLINK("https://a.test")'),
        ("+491234", "'+491234"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("p=1", "p=1"),
        ("", ""),
        (None, None),
        (-5, -5),  # an amount is a number, and stays one
    ],
)
async def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(cell, shown):
    assert transactions.in_spreadsheet(cell) == shown


async def test_a_change_by_cookie_needs_the_pages_proof(house, person):
    email, browser = await person()
    await login(browser, email)
    csrf = (await browser.get("/account/api/me")).json()["csrf"]
    change = ("PUT", "/api/v1/game-sets/by-cookie")
    body = {"name": "By cookie", "game_ids": []}
    for headers in ({}, {"x-croupier-csrf": "x"}, {"x-croupier-csrf": csrf + "x"}):
        answer = await browser.request(*change, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    pool = house.worker.platform.pool
    before = len(await audit_entries(pool))
    assert (await browser.request(*change, json=body, headers={"x-croupier-csrf": csrf})).status_code == 201
    assert (await browser.request("PUT", change[1], json={}, headers={"x-croupier-csrf": csrf})).status_code == 422
    (entry,) = (await audit_entries(pool))[before:]
    told = json.loads(entry.entry)
    assert (told["act"], told["method"], told["object"], told["role"]) == ("games", *change, "owner")


async def test_a_read_only_person_changes_nothing(person):
    email, browser = await person(role="read_only")
    await login(browser, email)
    csrf = {"x-croupier-csrf": (await browser.get("/account/api/me")).json()["csrf"]}
    assert (await browser.get("/api/v1/rounds")).status_code == 200
    answer = await browser.put("/api/v1/players/nope", json={"currency": "EUR"}, headers=csrf)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_wrong_password_and_unknown_account_look_the_same(person):
    email, browser = await person()
    wrong = await login(browser, email, "wrong")
    unknown = await login(browser, "nobody@casino.test")
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.json()["code"] == "login_failed"
    assert "set-cookie" not in wrong.headers


async def test_guessing_is_slowed_down_also_for_the_right_password(person):
    email, browser = await person()
    for _ in range(FREE):
        assert (await login(browser, email, "guess")).status_code == 401
    answer = await login(browser, email)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer.headers["retry-after"]) <= pause_s(FREE)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 2), (6, 4), (8, 16), (13, 512), (14, 900), (99, 900)]
)
async def test_pauses_double(failures, seconds):
    assert pause_s(failures) == seconds


async def test_a_new_password_ends_the_old_cookie(house, person):
    email, browser = await person()
    await login(browser, email)
    platform = house.worker.platform
    user = User("x", email, "casino", "owner")
    await add_user(platform.pool, user, "another one", platform.now(), reset=True)
    assert (await browser.get("/account/api/me")).status_code == 401
    assert (await login(browser, email)).status_code == 401
    assert (await login(browser, email, "another one")).status_code == 200


async def test_a_cookie_that_was_idle_for_long_is_over(house, person):
    email, browser = await person()
    await login(browser, email)
    await house.worker.platform.pool.execute("UPDATE user_sessions SET seen_at = seen_at - 12 * 3600 * 1000000::bigint")
    assert (await browser.get("/account/api/me")).status_code == 401
