"""The platform checks an operator's wallet: a real wallet, a real process, everything kept."""

import asyncio
import json
import ssl
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import httpx
import pytest
import pytest_asyncio

from croupier.conformance.on_platform import NEEDS_HERE, CheckedClient
from croupier.conformance.rule import RULE_SET
from croupier.domain.exchange import HttpRequest, NoAnswer
from croupier.domain.instants import parse_rfc3339
from croupier.domain.parties import Operator
from croupier.main.care import Care
from croupier.store import certifications
from croupier.store.accounts import User, add_user
from croupier.store.audit import audit_entries, broken_at
from sandbox.process import SECRET, CasinoProcess

pytestmark = pytest.mark.asyncio(loop_scope="module")
FEW = ["ROLL-05", "SIG-02"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wallet(tmp_path_factory):
    process = CasinoProcess(tmp_path_factory.mktemp("wallet"), CROUPIER_CASINO_OPERATOR_ID="checked")
    yield process
    process.kill()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def checked(house, wallet):
    """An operator whose wallet is a process."""
    operator = Operator("checked", "native", f"{wallet.url}/wallet", (SECRET,), ("EUR", "USD"))
    registry = house.worker.platform.registry
    api_key = await registry.add_operator(operator, house.worker.platform.now())

    async def call(method, path, **given):
        return await house.http.request(
            method, f"/api/v1{path}", headers={"Authorization": f"Bearer {api_key}"}, **given
        )

    call.key = {"Authorization": f"Bearer {api_key}"}
    return call


async def ended(checked, certification_id):
    async with asyncio.timeout(40):
        while True:
            found = (await checked("GET", f"/certifications/{certification_id}")).json()
            if found["state"] not in ("queued", "running"):
                return found
            await asyncio.sleep(0.1)


async def begun(checked, certification_id):
    for _ in range(800):
        if (await checked("GET", f"/certifications/{certification_id}")).json()["judged"]:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nothing was judged in forty seconds")


async def nothing_differs(house, checked, wallet):
    """The wallet's own book has what checks did; reconciliation passes over it."""
    day = datetime.now(UTC).date()
    async with httpx.AsyncClient() as casino:
        statement = (await casino.get(f"{wallet.url}/statement?date={day}")).content
    assert len(statement.splitlines()) > 2
    compared = await house.http.post(
        f"/api/v1/reconciliations?date={day}", content=statement, headers={**checked.key, "content-type": "text/csv"}
    )
    assert compared.json()["differences"] == 0, compared.text


async def test_a_broken_wallet_is_told_which_rule_why_and_with_which_bytes(house, checked, wallet):
    wallet.post("/bug", name="forgets-rollbacks")
    body = {"rules": FEW, "players_url": f"{wallet.url}/players"}
    asked = await checked("POST", "/certifications", json=body)
    assert asked.status_code == 201, asked.text
    assert asked.json()["state"] == "queued"
    assert {one["verdict"] for one in asked.json()["results"]} == {None}
    again = await checked("POST", "/certifications", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "certification_running")

    name = asked.json()["certification_id"]
    found = await ended(checked, name)
    wallet.post("/bug", name="off")
    assert (found["state"], found["green"], found["why"]) == ("finished", False, "")
    assert found["fix_first"].startswith("ROLL-05")
    assert found["judged"] == found["rules"] == len(found["results"])
    verdicts = {one["id"]: one["verdict"] for one in found["results"]}
    assert verdicts["ROLL-05"] == "FAIL"
    assert verdicts["SIG-02"] == "PASS"
    assert found["asked_by"] == "API key"
    failed = next(one for one in found["results"] if one["id"] == "ROLL-05")
    assert failed["causes"][0]["code"] == "CRP-ROLL-003"

    detail = (await checked("GET", f"/certifications/{name}/rules/ROLL-05")).json()
    assert len(detail["evidence"]) == len(detail["calls"]) == 2
    late = detail["evidence"][-1]
    assert json.loads(late["request"]["body"])["type"] == "bet"
    assert ["webhook-signature", "***"] in late["request"]["headers"]
    exchange = (await checked("GET", f"/exchanges/{late['exchange_id']}")).json()
    assert exchange["request"]["body"] == late["request"]["body"]
    assert (exchange["certification_id"], exchange["rule_id"]) == (name, "ROLL-05")
    assert SECRET not in json.dumps(detail) + json.dumps(exchange)

    listed = (await checked("GET", "/exchanges")).json()["items"]
    assert not [one for one in listed if one["direction"] == "out"], "a check does not hide what really went wrong"
    unsigned = (await checked("GET", f"/certifications/{name}/rules/SIG-02")).json()["calls"][-1]
    refused = (await checked("GET", f"/exchanges/{unsigned['exchange_id']}")).json()
    assert (refused["verdict"], refused["findings"]) == ("declined", []), "its rule asks for this refusal"

    reports = {f: await checked("GET", f"/certifications/{name}/report?format={f}") for f in certifications.FORMATS}
    assert reports["json"].json()["counts"]["FAIL"] == 1
    assert len(ET.fromstring(reports["junit"].text)) == found["rules"]
    assert 'id="ROLL-05"' in reports["html"].text
    assert reports["markdown"].text.startswith("# Wallet check: ")
    await nothing_differs(house, checked, wallet)

    listed = (await checked("GET", "/certifications")).json()
    assert [one["certification_id"] for one in listed["items"]] == [name]


HOOKED = {"BAL-04": "block", "FUND-05": "limit", "SESS-02": "expire", "OPS-01": "restart"}


async def test_what_happens_to_players_and_the_wallet_is_asked_for_at_its_own_host(checked, wallet):
    """The reference wallet blocks, limits, logs out, and kills itself; a server without hooks is no error."""

    async def verdicts(**body):
        body = {"rules": [*HOOKED, "BAL-06"], "players_url": f"{wallet.url}/players?also=USD&session", **body}
        asked = await checked("POST", "/certifications", json=body)
        assert asked.status_code == 201, asked.text
        found = await ended(checked, asked.json()["certification_id"])
        assert not {"FAIL", "BLOCKED", "ERROR"} & {one["verdict"] for one in found["results"]}, found["results"]
        return {one["id"]: (one["verdict"], one["note"]) for one in found["results"] if one["id"] in body["rules"]}

    given = await verdicts(hooks_url=f"{wallet.url}/hooks", second_currency="USD")
    assert given == dict.fromkeys((*HOOKED, "BAL-06"), ("PASS", None))
    skipped = {rule: ("SKIP", NEEDS_HERE[hook]) for rule, hook in HOOKED.items()}
    skipped["BAL-06"] = ("SKIP", NEEDS_HERE["second currency"])
    assert await verdicts() == skipped
    assert await verdicts(hooks_url=f"{wallet.url}/nothing-here") == skipped


async def test_what_is_stopped_and_what_dies_with_the_platform_says_so(house, checked, wallet):
    body = {"player_ids": ["ann", "bob"]}
    for player in body["player_ids"]:
        wallet.open(player, 1_000_000)
    name = (await checked("POST", "/certifications", json=body)).json()["certification_id"]
    await begun(checked, name)
    stopped = (await checked("DELETE", f"/certifications/{name}")).json()
    assert (stopped["state"], stopped["green"], stopped["why"]) == ("stopped", False, "Stopped by API key.")
    report = await checked("GET", f"/certifications/{name}/report")
    assert (report.status_code, report.json()["code"]) == (409, "certification_not_finished")
    care: Care = house.worker.care
    for _ in range(400):
        if name not in care.certifying._processes:
            break
        await asyncio.sleep(0.05)
    await nothing_differs(house, checked, wallet)

    name = (await checked("POST", "/certifications", json=body)).json()["certification_id"]
    await begun(checked, name)
    (process,) = [one for of, one in care.certifying._processes.items() if of == name]
    process.kill()
    died = await ended(checked, name)
    assert died["state"] == "cut_off"
    assert 0 < died["judged"] < died["rules"]
    assert "had been judged" in died["why"]

    # A whole server is gone: nobody is left to say so but the clock.
    pool = house.worker.platform.pool
    await pool.execute(
        "UPDATE certifications SET state = 'running', why = '', beat_at = now() - interval '1 minute' "
        "WHERE certification_id = $1",
        name,
    )
    silent = (await checked("GET", f"/certifications/{name}")).json()
    assert (silent["state"], silent["why"]) == ("cut_off", certifications.DIED)


@pytest.mark.parametrize(
    ("body", "status", "code", "param"),
    [
        ({}, 422, "players_needed", "player_ids"),
        ({"player_ids": ["a"], "rules": ["ROLL-99"]}, 422, "unknown_rule", "rules"),
        ({"player_ids": ["a"], "currency": "JPY"}, 422, "invalid_value", "currency"),
        ({"players_url": "http://169.254.169.254/latest"}, 422, "invalid_value", "players_url"),
        ({"players_url": "http://127.0.0.1:1/players"}, 422, "invalid_value", "players_url"),
        ({"player_ids": ["a"], "hooks_url": "http://169.254.169.254/latest"}, 422, "invalid_value", "hooks_url"),
        ({"player_ids": ["a"], "hooks_url": "http://127.0.0.1:1/hooks"}, 422, "invalid_value", "hooks_url"),
        ({"player_ids": ["a"], "second_currency": "JPY"}, 422, "invalid_value", "second_currency"),
        ({"player_ids": ["a"], "second_currency": "EUR"}, 422, "invalid_value", "second_currency"),
        ({"player_ids": ["a"], "level": "all"}, 422, "invalid_value", "level"),
    ],
)
async def test_what_cannot_be_checked_is_refused(checked, body, status, code, param):
    answer = await checked("POST", "/certifications", json=body)
    assert (answer.status_code, answer.json()["code"], answer.json()["param"]) == (status, code, param), answer.text


async def test_a_live_wallet_is_checked_with_players_that_are_nobodys_and_at_public_addresses_only(house):
    platform = house.worker.platform
    operator = Operator("live", "native", "https://127.0.0.1:9/w", (SECRET,), ("EUR",), test=False)
    api_key = await platform.registry.add_operator(operator, platform.now())
    answer = await house.http.post(
        "/api/v1/certifications",
        json={"players_url": "https://127.0.0.1:9/players"},
        headers={"Authorization": f"Bearer {api_key}"},
    )
    assert answer.json()["code"] == "players_needed"
    answer = await house.http.post(
        "/api/v1/certifications",
        json={"player_ids": ["t"], "hooks_url": "https://127.0.0.1:9/hooks"},
        headers={"Authorization": f"Bearer {api_key}"},
    )
    assert (answer.status_code, answer.json()["param"]) == (422, "hooks_url"), "calls there are not signed"
    client = CheckedClient(operator, ssl.create_default_context())
    # The rules were written for test wallets: they allow every address.
    said = await client.send(HttpRequest("POST", operator.wallet_url + "/balance", (), b"{}"), private=True)
    assert isinstance(said, NoAnswer)
    assert said.why == "address_not_allowed"
    client.close()


async def test_real_play_opens_after_a_green_check_of_this_very_wallet_or_by_staff_with_a_reason(house, broken_wallet):
    """A live wallet cannot stand on this machine, so its checks are put where a run would have put them."""
    platform = house.worker.platform
    operator = Operator("opening", "native", "https://wallet.example/w", (SECRET,), ("EUR",), test=False)
    api_key = await platform.registry.add_operator(operator, platform.now())
    key = {"Authorization": f"Bearer {api_key}"}

    async def person(role, address):
        user = User(f"u-{role}", f"{role}@opening.test", "opening", role)
        await add_user(platform.pool, user, "correct horse", platform.now(), reset=False)
        transport = httpx.ASGITransport(app=house.worker, client=(address, 1))
        browser = httpx.AsyncClient(transport=transport, base_url="http://platform.test")
        await browser.post("/account/api/login", json={"email": user.email, "password": "correct horse"})
        browser.headers["x-croupier-csrf"] = (await browser.get("/account/api/me")).json()["csrf"]
        return browser

    async def launch():
        body = {"player_id": "ann", "game_id": "krakens-hoard"}
        answer = await house.http.post("/api/v1/sessions", json=body, headers=key)
        return answer.json()["code"]

    owner, admin = await person("owner", "192.0.2.60"), await person("staff_admin", "192.0.2.61")
    await house.http.put("/api/v1/players/ann", json={"currency": "EUR"}, headers=key)
    assert await launch() == "not_certified"
    assert (await house.http.post("/api/v1/going-live", json={}, headers=key)).json()["code"] == "person_needed"
    refused = (await owner.post("/api/v1/going-live", json={})).json()
    assert (refused["code"], [one["code"] for one in refused["missing"]]) == (
        "not_ready_to_go_live", ["no_whole_check"],
    )  # fmt: skip
    assert (await owner.post("/api/v1/going-live", json={"reason": "because I say so"})).status_code == 403

    async def checked_at(wallet_url, verdict, age_us=0):
        name = f"cert_{wallet_url}{verdict}{age_us}"
        asked = {"rules": ["CONN-01"], "level": "money-safe", "whole": True, "currency": "EUR", "players": ["t"]}
        tried = {
            "dialect": "native", "wallet_url": wallet_url, "currency": "EUR", "rule_set": RULE_SET,
            "rules_hash": "", "version": "",
        }  # fmt: skip
        await platform.pool.execute(
            "INSERT INTO certifications VALUES ($1, 'opening', 'finished', $2, 'x', $3, $4)",
            *(name, json.dumps(asked), platform.now() - age_us, json.dumps(tried)),
        )
        await platform.pool.execute(
            "INSERT INTO certification_results VALUES ($1, 1, 'CONN-01', $2, '', '')", name, verdict
        )
        return [one["code"] for one in (await owner.get("/api/v1/going-live")).json()["missing"]]

    day = 86_400_000_000
    assert await checked_at(operator.wallet_url, "PASS", 31 * day) == ["too_old"]
    assert await checked_at("https://test.wallet.example/w", "PASS", 3 * day) == ["other_wallet"]
    assert await checked_at(operator.wallet_url, "FAIL", 2 * day) == ["not_green"]
    assert (await owner.get("/api/v1/going-live")).json()["good_until"] is None
    assert await checked_at(operator.wallet_url, "WARN", day) == []
    until = parse_rfc3339((await owner.get("/api/v1/going-live")).json()["good_until"])
    assert abs(until - (platform.now() + 29 * day)) < 60_000_000
    opened = await owner.post("/api/v1/going-live", json={})
    assert (opened.status_code, opened.json()["open"]) == (200, True), opened.text
    await platform.directory.look_again()
    broken_wallet(NoAnswer("dns", "", sent=False))
    assert await launch() == "wallet_unreachable", "the gate is open; this address has no wallet"

    by_staff = await admin.post("/api/v1/going-live", json={"reason": "Moved from another platform, checked there."})
    assert by_staff.status_code == 200
    entries = await audit_entries(platform.pool, "opening")
    told = [one for one in (json.loads(entry.entry) for entry in entries) if one["act"] == "go_live"]
    assert [(one["act"], one["role"]) for one in told] == [("go_live", "owner"), ("go_live", "staff_admin")]
    assert told[1]["reason"].startswith("Moved")
    assert broken_at(await audit_entries(platform.pool)) is None
    for browser in (owner, admin):
        await browser.aclose()
