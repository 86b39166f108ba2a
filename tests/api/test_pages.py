"""Pages and probes: headers that keep them safe, and who may frame the game."""

import pytest
import pytest_asyncio

from croupier.api.pages import Pages, page_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"),
        ("/play", None),
        ("/play/", "play.html"),
        ("/account", "account.html"),
        ("/account/exchanges/ex_1", "account.html"),
        ("/docs", None),
        ("/docs/", "docs/index.html"),
        ("/docs/errors/busy", None),
        ("/docs/errors/busy/", "docs/errors/busy/index.html"),
        ("/docs/css/felt.css", "docs/css/felt.css"),
        ("/assets/app-1.js", "assets/app-1.js"),
    ],
)
async def test_addresses(address, file):
    assert page_of(address) == file


@pytest_asyncio.fixture(loop_scope="module")
async def get(tmp_path):
    """Asks the pages of a small site."""
    (tmp_path / "index.html").write_text("<script>let a = 1</script><script src='/assets/a.js'></script>" + " " * 2000)
    (tmp_path / "play.html").write_text("<p>play")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a.js").write_text("a")
    (tmp_path / "games").mkdir()
    (tmp_path / "games" / "square.svg").write_text("<svg/>")
    (tmp_path.parent / "secret.txt").write_text("secret")

    async def framers(token, session_id, page):
        return ("https://casino.example",) if token == "lt_good" or session_id == "ss_good" else ()

    pages = Pages(tmp_path, framers)

    async def ask(path, query=b"", method="GET", headers=()):
        sent = []

        async def send(message):
            sent.append(message)

        scope = {"method": method, "path": path, "query_string": query, "headers": list(headers)}
        await pages(scope, send)
        return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, sent[1]["body"]

    return ask


async def test_pictures_of_games_are_for_every_lobby(get):
    status, headers, _ = await get("/games/square.svg")
    assert (status, headers["content-type"]) == (200, "image/svg+xml")
    assert headers["cache-control"] == "public, max-age=86400"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "script-src 'self'" in headers["content-security-policy"], "opened by itself it is as tame as a page"
    assert (await get("/games/square.svg", headers=[(b"if-none-match", headers["etag"].encode())]))[0] == 304
    _, page, _ = await get("/")
    assert not {"access-control-allow-origin", "cross-origin-resource-policy"} & set(page)


async def test_strict_headers_and_only_known_scripts(get):
    status, headers, body = await get("/")
    policy = headers["content-security-policy"]
    assert status == 200
    assert "script-src 'self' 'sha256-" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert body.startswith(b"<script>let a")


async def test_the_game_may_be_framed_by_its_operators_pages_only(get):
    assert "frame-ancestors 'self';" in (await get("/play/"))[1]["content-security-policy"] + ";"
    good = (await get("/play/", b"token=lt_good&lang=de"))[1]["content-security-policy"]
    assert good.endswith("frame-ancestors 'self' https://casino.example")
    reloaded = (await get("/play/", b"lang=de&session=ss_good"))[1]["content-security-policy"]
    assert reloaded.endswith("frame-ancestors 'self' https://casino.example")
    strange = (await get("/play/", b"session=ss_good%00"))[1]["content-security-policy"]
    assert strange.endswith("frame-ancestors 'self'")


async def test_no_way_out_of_the_folder(get):
    for path in ("/../secret.txt", "/assets/../../secret.txt", "/assets/%2e%2e/secret.txt", "//etc/passwd", "/assets"):
        status, headers, _ = await get(path)
        assert (status, headers["content-type"]) == (404, "application/problem+json")


async def test_files_are_zipped_and_known_ones_not_sent_again(get):
    _, headers, body = await get("/", headers=[(b"accept-encoding", b"gzip")])
    assert headers["content-encoding"] == "gzip"
    assert len(body) < 1000
    status, _, body = await get("/", headers=[(b"if-none-match", headers["etag"].encode())])
    assert (status, body) == (304, b"")
    assert (await get("/assets/a.js"))[1]["cache-control"].endswith("immutable")
    assert (await get("/", method="POST"))[0] == 405
    assert (await get("/", method="HEAD"))[2] == b""


async def test_probes(house, casino):
    assert (await house.http.get("/healthz")).text == "ok\n"
    assert (await house.http.get("/readyz")).text == "ready\n"
    await casino.player("ola")
    seat = await casino.open("ola")
    await seat.bet("r-1")
    await seat.bet("r-1", 0)
    page = (await house.http.get("/metrics")).text
    assert 'croupier_player_calls_total{call="bet",result="ok"} 1.0' in page
    assert 'croupier_wallet_calls_total{call="bet",verdict="accepted"} 1.0' in page
    assert "croupier_projector_lag_ms" in page
    assert f'croupier_operator_breaker_open{{operator="{casino.operator.operator_id}"}} 0.0' in page
    assert (await house.http.get("/openapi.json")).json()["openapi"].startswith("3.1")


async def test_the_real_game_page_may_be_framed_from_loopback_for_test_operators(house, casino):
    await casino.player("pia")
    launched = await casino.launch("pia")
    answer = await house.http.get(launched["launch_url"].replace("http://localhost:24001", ""))
    assert "frame-ancestors 'self' http://localhost:* http://127.0.0.1:*" in answer.headers["content-security-policy"]
    unused = await house.http.post(
        "/play/v1/sessions", json={"token": launched["launch_url"].split("token=")[1].split("&")[0]}
    )
    assert unused.status_code == 201, "looking at the page does not use the token up"
    reloaded = await house.http.get(f"/play/?session={unused.json()['session_id']}")
    assert "frame-ancestors 'self' http://localhost:* " in reloaded.headers["content-security-policy"]
    other = await house.http.get("/play/?session=ss_unknown")
    assert other.headers["content-security-policy"].endswith("frame-ancestors 'self'")
