"""The casino's page: visitors, games, launches, and wallet calls as they happen."""

import asyncio
import json

import httpx
import pytest
from starlette.applications import Starlette

from croupier.sandbox.front import Front
from croupier.wallet.calls import Bet, Context
from runtime.misbehaving import misbehaving
from sandbox.process import CasinoProcess, Platform


@pytest.fixture
def browser(casino: CasinoProcess):
    with httpx.Client(base_url=casino.url) as client:
        yield client


def test_a_visitor_stays_who_they_are(browser: httpx.Client):
    first = browser.get("/casino/api/me").json()
    assert (first["currency"], first["exponent"], first["balance"], first["language"]) == ("EUR", 2, 100_000, "en")
    assert browser.get("/casino/api/me").json() == first
    cookie = next(iter(browser.cookies.jar))
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.value not in first["player_id"]


@pytest.mark.parametrize(
    ("currency", "exponent", "balance"),
    [("USD", 2, 100_000), ("JPY", 0, 100_000), ("KWD", 3, 300_000), ("BTC", 8, 1_000_000), ("BRL", 2, 500_000)],
)
def test_another_currency_is_another_player(browser: httpx.Client, currency, exponent, balance):
    euro = browser.get("/casino/api/me").json()
    other = browser.post("/casino/api/me", json={"currency": currency, "language": "de"}).json()
    assert (other["currency"], other["exponent"], other["balance"]) == (currency, exponent, balance)
    assert other["language"] == "de"
    assert other["player_id"] != euro["player_id"]
    assert browser.post("/casino/api/me", json={"currency": "EUR"}).json() == euro | {"language": "de"}


@pytest.mark.parametrize(
    ("path", "content", "kind", "status"),
    [
        ("/casino/api/me", b'{"currency":"XXX"}', "application/json", 422),
        ("/casino/api/me", b'{"language":"tlh"}', "application/json", 422),
        ("/casino/api/me", b'{"balance":1000000}', "application/json", 422),
        ("/casino/api/me", b"{", "application/json", 422),
        ("/casino/api/me", b"\xff", "application/json", 422),
        ("/casino/api/me", b"{}", "text/plain", 415),
        ("/casino/api/me", b" " * 70_000, "application/json", 413),
        ("/casino/api/launch", b'{"game_id":"../x"}', "application/json", 422),
        ("/casino/api/launch", b'{"game_id":"krakens-hoard"}', "application/json", 404),
        ("/players", b'{"currency":"EUR","balance":-1}', "application/json", 422),
        ("/players", b'{"currency":"EUR","balance":1.5}', "application/json", 422),
        ("/players", b'{"currency":"EUR","balance":"1"}', "application/json", 422),
        ("/players", b'{"currency":"XXX","balance":1}', "application/json", 422),
        ("/players", b'{"currency":"EUR","balance":1,"player_id":"a b"}', "application/json", 422),
        ("/nowhere", b"{}", "application/json", 404),
        ("/healthz", b"{}", "application/json", 405),
    ],
)
def test_bad_input_is_a_clear_4xx(browser: httpx.Client, path, content, kind, status):
    answer = browser.post(path, content=content, headers={"content-type": kind})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


@pytest.mark.parametrize("path", ["/players/nobody", "/casino/api/games", "/nowhere"])
def test_what_is_not_there_is_a_404(browser: httpx.Client, path):
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/ledger?limit=-1", "/ledger?limit=10001", "/casino/api/wire?after=x"])
def test_bad_queries(browser: httpx.Client, path):
    assert browser.get(path).status_code == 422


def test_a_player_is_opened_once(browser: httpx.Client):
    made = browser.post("/players", json={"currency": "KWD", "balance": 5}).json()
    assert browser.get(f"/players/{made['player_id']}").json()["exponent"] == 3
    assert browser.post("/players", json=made).status_code == 409


async def test_the_wire_shows_this_visitors_calls_as_they_happen(casino: CasinoProcess):
    async with httpx.AsyncClient(base_url=casino.url) as browser:
        me = (await browser.get("/casino/api/me")).json()
        who = Context(me["player_id"], "ses_1", "krakens-hoard", "EUR")
        platform = Platform(casino)

        async def play(name: str) -> None:
            await platform.send(Bet(who, f"{me['player_id'][8:20]}-{name}", "rd", 100, 2**52))

        await play("before")
        async with browser.stream("GET", "/casino/api/wire") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            heard = (json.loads(line[5:]) async for line in stream.aiter_lines() if line.startswith("data:"))
            first = await asyncio.wait_for(anext(heard), 5)
            await play("after")
            second = await asyncio.wait_for(anext(heard), 5)
        assert [seen["path"] for seen in (first, second)] == ["/wallet/bet"] * 2
        assert [seen["answer"]["balance"] for seen in (first, second)] == [99_900, 99_800]
        assert first["request"]["amount"] == 100
        assert (first["status"], first["broken_by"], first["method"]) == (200, None, "POST")
        assert (await browser.get("/casino/api/wire?after=0")).json() == [first, second]
        assert (await browser.get(f"/casino/api/wire?after={first['id']}")).json() == [second]
        resumed = {"last-event-id": str(first["id"])}
        async with browser.stream("GET", "/casino/api/wire", headers=resumed) as stream:
            heard = (json.loads(line[5:]) async for line in stream.aiter_lines() if line.startswith("data:"))
            assert await asyncio.wait_for(anext(heard), 5) == second
        assert (await httpx.AsyncClient(base_url=casino.url).get("/casino/api/wire?after=0")).json() == []


def http(status: str, value: object) -> list:
    body = json.dumps(value).encode()
    return [b"HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n%s" % (status.encode(), len(body), body)]


async def test_a_launch_uses_the_platforms_public_api_only(tmp_path):
    games = {"items": [{"id": "krakens-hoard", "name": "Kraken's Hoard", "pad": "x" * 200_000}], "next_cursor": None}
    launched = {
        "session_id": "ses_1",
        "launch_url": "http://p/play?token=t",
        "launch_expires_at": "2026-11-22T12:00:00Z",
    }
    play = {"/api/v1/games?limit=100": http("200 OK", games), "/api/v1/sessions": http("201 Created", launched)}
    async with misbehaving(play) as platform:
        casino = CasinoProcess(
            tmp_path,
            CROUPIER_CASINO_PLATFORM_URL=f"http://127.0.0.1:{platform.port}",
            CROUPIER_CASINO_API_KEY="sk_test_key",
        )
        try:
            async with httpx.AsyncClient(base_url=casino.url) as browser:
                me = (await browser.get("/casino/api/me")).json()
                play[f"/api/v1/players/{me['player_id']}"] = http("201 Created", {})
                assert (await browser.get("/casino/api/games")).json() == games
                assert (await browser.get("/casino/api/games")).json() == games
                wanted = {"game_id": "krakens-hoard", "language": "es"}
                answer = await browser.post("/casino/api/launch", json=wanted)
                assert answer.json() == {"launch_url": launched["launch_url"], "session_id": "ses_1"}
                assert platform.requests == [
                    "/api/v1/games?limit=100",
                    f"/api/v1/players/{me['player_id']}",
                    "/api/v1/sessions",
                ]
                assert json.loads(platform.bodies[1]) == {"currency": "EUR", "language": "es"}
                assert json.loads(platform.bodies[2]) == {
                    "player_id": me["player_id"],
                    "game_id": "krakens-hoard",
                    "language": "es",
                    "return_url": f"{casino.url}/",
                }
                refusal = {"code": "wallet_refused", "detail": "The wallet refused the balance."}
                play["/api/v1/sessions"] = http("424 Failed Dependency", refusal)
                answer = await browser.post("/casino/api/launch", json=wanted)
                assert (answer.status_code, answer.json()["code"]) == (424, "wallet_refused")
                page = await browser.get("/")
                assert f"frame-src http://127.0.0.1:{platform.port};" in page.headers["content-security-policy"]
        finally:
            casino.kill()


async def test_a_platform_that_is_away_is_a_502(tmp_path):
    async with misbehaving({}) as platform:
        url = f"http://127.0.0.1:{platform.port}"
    casino = CasinoProcess(tmp_path, CROUPIER_CASINO_PLATFORM_URL=url)
    try:
        async with httpx.AsyncClient(base_url=casino.url) as browser:
            answer = await browser.get("/casino/api/games")
        assert (answer.status_code, answer.json()["code"]) == (502, "platform_unreachable")
    finally:
        casino.kill()


def front(platform_origin: str, web) -> httpx.AsyncClient:
    app = Starlette(routes=Front(platform_origin, web).routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://casino.example")


async def test_the_built_page_and_its_assets(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "casino.html").write_text("<!doctype html><title>Casino</title>")
    (tmp_path / "assets" / "casino.js").write_text("export {};")
    client = front("https://games.example", tmp_path)
    for path in ("/", "/g/krakens-hoard"):
        page = await client.get(path)
        assert (page.status_code, "<title>Casino" in page.text) == (200, True)
        assert "frame-src https://games.example;" in page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"
    assert (await client.get("/assets/casino.js")).status_code == 200
    assert (await client.get("/assets/%2e%2e/casino.html")).status_code == 404


async def test_a_page_that_was_not_built_says_so(tmp_path):
    answer = await front("", tmp_path).get("/")
    assert (answer.status_code, "make setup" in answer.text) == (503, True)
