"""A failure is explained wherever it is met: in the refusal, in the list, in its group, on its own page."""

import asyncio
import hmac
from types import SimpleNamespace

import httpx
import pytest

from croupier.dialects.softswiss.signature import HEADER
from croupier.domain.exchange import HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.store.accounts import User, add_user
from croupier.store.exchange_reads import found

pytestmark = pytest.mark.asyncio(loop_scope="module")

JSON = (("content-type", "application/json"),)
WRAPPED = HttpResponse(200, JSON, '{"data":{"balance":1,"currency":"EUR"},"n":"é😀"}'.encode())


async def written(house, casino) -> None:
    for _ in range(100):
        if not house.worker.platform.exchanges.waiting.get(casino.operator.operator_id):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("exchanges wait for more than 5 seconds")


async def test_a_wrapped_answer_from_the_refusal_to_its_page(house, broken_wallet):
    casino = await house.casino("wrapper")
    await casino.player("lou")
    broken_wallet(WRAPPED)
    body = {"player_id": "lou", "game_id": "krakens-hoard"}
    problem = (await casino.call("POST", "/sessions", json=body)).json()
    assert (problem["code"], problem["finding"]) == ("wallet_refused", "CRP-JSON-003")
    await casino.call("POST", "/sessions", json=body)
    broken_wallet(NoAnswer("refused", sent=False))
    assert (await casino.call("POST", "/sessions", json=body)).json()["finding"] == "CRP-NET-001"
    await written(house, casino)

    items = (await casino.call("GET", "/exchanges?finding=CRP-JSON-003")).json()["items"]
    assert {(one["direction"], one["call"], one["side"]) for one in items} == {
        ("out", "balance", "yours"),
        ("in", "sessions", "yours"),
    }
    assert len(items) == 4
    assert (await casino.call("GET", "/exchanges?side=ours")).json()["items"] == []

    groups = (await casino.call("GET", "/exchanges/groups")).json()["items"]
    found = {(one["finding"], one["direction"], one["endpoint"]): one["exchanges"] for one in groups}
    assert found == {
        ("CRP-JSON-003", "out", "/w/balance"): 2,
        ("CRP-JSON-003", "in", "/api/v1/sessions"): 2,
        ("CRP-NET-001", "out", "/w/balance"): 1,
        ("CRP-NET-001", "in", "/api/v1/sessions"): 1,
    }
    group = next(one for one in groups if one["finding"] == "CRP-JSON-003" and one["direction"] == "out")
    assert group["title"] == "The answer is wrapped"
    assert group["doc_url"] == "/docs/errors/CRP-JSON-003"
    assert group["first_at"] < group["last_at"]
    assert (await casino.call("GET", "/exchanges/groups?from=2100-01-01")).json() == {"items": []}

    shown = (await casino.call("GET", f"/exchanges/{group['last_exchange_id']}")).json()
    assert (shown["finding"], shown["side"]) == ("CRP-JSON-003", "yours")
    first = shown["findings"][0]
    assert (first["code"], first["confidence"]) == ("CRP-JSON-003", 100)
    assert "`data`" in first["detail"]
    assert first["hint"]
    assert shown["expected"] == '{"balance":100003,"currency":"EUR"}'
    (steps,) = shown["signatures"]
    assert (steps["of"], steps["header"]) == ("request", "webhook-signature")
    assert steps["text"].endswith(shown["request"]["body"])
    assert steps["expected"].startswith("v1,")
    assert {"webhook-signature": "***"}.items() <= dict(shown["request"]["headers"]).items()
    assert casino.wallet.secret not in str(shown)
    assert casino.wallet.secret.removeprefix("whsec_") not in str(shown)


async def test_a_call_to_us_is_explained_as_well(house):
    casino = await house.casino("caller")
    refused = await casino.call("PUT", "/players/nat", json={"currency": 7})
    assert refused.json()["finding"] == "CRP-REQ-001"
    shown = (await casino.call("GET", "/exchanges/" + refused.json()["log_url"].rpartition("/")[2])).json()
    (found,) = shown["findings"]
    assert (found["code"], found["side"]) == ("CRP-REQ-001", "yours")
    assert found["doc_url"] == f"/docs/errors/{refused.json()['code']}"
    assert found["hint"] == refused.json()["hint"]
    assert shown["expected"] is None


async def test_an_error_in_a_foreign_api_says_in_headers_why_and_where_to_look(house):
    platform, secret = house.worker.platform, "5ecret"
    operator = Operator("foreign", "softswiss-v2", "https://foreign.test", (secret,), ("EUR",))
    await platform.registry.add_operator(operator, platform.now())
    await platform.directory.look_again()
    user = b'{"id":"u1","nickname":"uma","country":"DE","registered_at":"2026-01-01","date_of_birth":"1990-01-01"}'
    asked = b'"game_id":"croupier:dragons","locale":"en","ip":"203.0.113.9","client_type":"desktop","currency":"EUR"'
    urls = b'{"return_url":"https://foreign.test/","deposit_url":"https://foreign.test/deposit"}'
    body = b'{"casino_id":"foreign",' + asked + b',"balance":1,"urls":' + urls + b',"user":' + user + b"}"
    right = hmac.digest(secret.encode(), body, "sha256").hex()

    async def told(content: bytes, signature: str) -> dict[str, str]:
        address = "/dialects/softswiss-v2/api/v1/softswiss/launcher/real"
        answer = await house.http.post(address, content=content, headers={HEADER: signature})
        assert answer.status_code >= 400
        names = [name for name in answer.headers if name.startswith("x-croupier-")]
        return {name.removeprefix("x-croupier-"): answer.headers[name] for name in names}

    proved, forged = await told(body, right), await told(body, "0" * 64)
    unknown = await told(b'{"casino_id": "nobody"}', "0" * 64)
    assert {**proved, "log": ""} == {"code": "unknown_game", "finding": "CRP-REQ-003", "log": ""}
    assert {**forged, "log": ""} == {"code": "unauthenticated", "log": ""}
    assert unknown == {"code": "unauthenticated"}
    await written(house, SimpleNamespace(operator=operator))
    ids = [one["log"].removeprefix("/account/exchanges/") for one in (proved, forged)]
    kept = [await found(platform.pool, platform.exchanges, "foreign", one) for one in ids]
    assert [one.why for one in kept if one is not None] == ["unknown_game", "unauthenticated"]


async def test_only_who_may_make_a_call_is_shown_its_signature(house):
    """Whoever can reach us can send a text of their choice, signed wrong: its right signature would be theirs."""
    platform, secret = house.worker.platform, "5ecret"
    operator = Operator("oracle", "softswiss-v2", "https://oracle.test", (secret,), ("EUR",))
    await platform.registry.add_operator(operator, platform.now())
    await platform.directory.look_again()
    forged = b'{"casino_id": "oracle", "bonus_id": "b1", "amount": 100000}'
    answer = await house.http.post(
        "/dialects/softswiss-v2/v2/provider_a8r.Freespins/Issue", content=forged, headers={HEADER: "0" * 64}
    )
    assert answer.status_code >= 400
    await written(house, SimpleNamespace(operator=operator))
    shown = {}
    for role in ("owner", "support", "staff_engineer"):
        user = User(role, f"{role}@oracle.test", "oracle", role)
        await add_user(platform.pool, user, "correct horse", platform.now(), reset=False)
        transport = httpx.ASGITransport(app=house.worker, client=(f"192.0.2.{len(shown) + 90}", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://platform.test") as browser:
            await browser.post("/account/api/login", json={"email": user.email, "password": "correct horse"})
            listed = (await browser.get("/api/v1/exchanges")).json()["items"]
            one = (await browser.get(f"/api/v1/exchanges/{listed[0]['exchange_id']}")).json()
            (shown[role],) = one["signatures"]
    right = hmac.digest(secret.encode(), forged, "sha256").hex()
    assert {role: steps["expected"] for role, steps in shown.items()} == {
        "owner": right, "support": None, "staff_engineer": None,
    }  # fmt: skip
    assert right not in str([shown["support"], shown["staff_engineer"]])
    assert shown["support"]["mistakes"] == []
    assert shown["support"]["text_sha256"] is not None


async def test_what_is_well_has_no_finding(house):
    casino = await house.casino("fine")
    await casino.player("eve")
    await casino.launch("eve")
    await written(house, casino)
    items = (await casino.call("GET", "/exchanges")).json()["items"]
    assert {(one["verdict"], one["finding"], one["side"]) for one in items} >= {("accepted", None, None)}
    assert (await casino.call("GET", "/exchanges/groups")).json() == {"items": []}


async def test_one_operator_sees_nothing_of_another(house, broken_wallet):
    mine, other = await house.casino("mine"), await house.casino("other")
    await mine.player("ida")
    broken_wallet(NoAnswer("timeout"))
    await mine.call("POST", "/sessions", json={"player_id": "ida", "game_id": "krakens-hoard"})
    await written(house, mine)
    assert (await other.call("GET", "/exchanges/groups")).json() == {"items": []}
    assert (await mine.call("GET", "/exchanges/groups")).json()["items"] != []
