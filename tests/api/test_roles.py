"""Who may do what: every role at every route, against a table written by hand; what nobody wrote down is forbidden."""

import itertools
from typing import get_args

import httpx
import pytest
import pytest_asyncio

from croupier.api.operator.app import openapi_document
from croupier.api.operator.roles import ROLES, ROUTES, act_of
from croupier.domain.ids import text_of
from croupier.store.accounts import Role, User, add_user

pytestmark = pytest.mark.asyncio(loop_scope="module")
PASSWORD = "correct horse"

# Columns: owner, finance, support, read only, staff account manager, staff engineer, staff admin.
WHO = ("owner", "finance", "support", "read_only", "staff_account_manager", "staff_engineer", "staff_admin")
TABLE = {
    "look": "ooooooo",
    "money": "oo..o.o",
    "launch": "o....oo",
    "end_session": "o.o.o.o",
    "retry": "ooo.ooo",
    "keep_exchanges": "o....oo",
    "games": "o...o.o",
    "campaigns": "o...o..",
    "certify": "o...ooo",
    "schedule": "o...ooo",
    "go_live": "o.....o",
    "origins": "o....oo",
    "propose_resolution": ".o..ooo",
    "approve_resolution": "......o",
    "propose_void": "ooo.o.o",
    "approve_void": ".o....o",
    "suspend": "....ooo",
    "audit": "ooo.ooo",
}
OPERATIONS = [(m.upper(), p.removeprefix("/api/v1")) for p, ops in openapi_document()["paths"].items() for m in ops]


async def test_the_table_of_roles_is_the_one_that_was_decided():
    assert set(get_args(Role)) == set(WHO)
    found = {act: "".join("o" if role in roles else "." for role in WHO) for act, roles in ROLES.items()}
    assert found == TABLE


async def test_every_route_that_changes_something_has_an_act_and_every_act_a_route_that_exists():
    nobody = [f"{m} {p}" for m, p in OPERATIONS if act_of(m, p) is None]
    assert nobody == [], "say in roles.py who may do this; until then no person may"
    assert set(ROUTES) <= {f"{m} {p}" for m, p in OPERATIONS}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def signed_in(house, casino):
    """One person of each role."""
    people = {}
    addresses = itertools.count(200)
    for role in WHO:
        platform = house.worker.platform
        name = text_of(platform.world.ids.random(9))
        user = User(name, f"{name}@casino.test", "casino", role)
        await add_user(platform.pool, user, PASSWORD, platform.now(), reset=False)
        transport = httpx.ASGITransport(app=house.worker, client=(f"192.0.2.{next(addresses)}", 1))
        browser = httpx.AsyncClient(transport=transport, base_url="http://platform.test")
        await browser.post("/account/api/login", json={"email": user.email, "password": PASSWORD})
        browser.headers["x-croupier-csrf"] = (await browser.get("/account/api/me")).json()["csrf"]
        people[role] = browser
    yield people
    for browser in people.values():
        await browser.aclose()


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[f"{m} {p}" for m, p in OPERATIONS])
async def test_each_role_at_each_route(signed_in, method, path):
    act = act_of(method, path)
    given = {"json": {}}
    if (method, path) == ("POST", "/reconciliations"):
        given = {"content": b"", "headers": {"content-type": "text/csv"}}
    for role, mark in zip(WHO, TABLE[act], strict=True):
        name = path.replace("{date}", "2026-11-22").replace("{", "").replace("}", "")
        answer = await signed_in[role].request(method, f"/api/v1{name}", **({} if method == "GET" else given))
        forbidden = answer.status_code == 403 and answer.json()["code"] == "forbidden"
        assert forbidden == (mark == "."), f"{role} at {method} {path}: {answer.text}"
