"""Pages that may frame the games: set by the operator, kept by a header, and seen when a browser shows a game there."""

import asyncio
from urllib.parse import urlsplit

import pytest

from croupier.api.framing import PAUSE_US, page_around
from croupier.store.audit import audit_entries

pytestmark = pytest.mark.asyncio(loop_scope="module")
OURS, STRANGE = "http://casino.localhost:9000", "https://stranger.example"


@pytest.mark.parametrize(
    ("headers", "page"),
    [
        ({b"sec-fetch-dest": b"iframe", b"referer": b"https://casino.example/"}, "https://casino.example"),
        (
            {b"sec-fetch-dest": b"iframe", b"referer": b"https://casino.example/lobby?player=ann"},
            "https://casino.example",
        ),
        ({b"sec-fetch-dest": b"frame", b"referer": b"http://localhost:8081/"}, "http://localhost:8081"),
        ({b"sec-fetch-dest": b"document", b"referer": b"https://casino.example/"}, None),
        ({b"sec-fetch-dest": b"iframe"}, None),
        ({b"sec-fetch-dest": b"iframe", b"referer": b"https://\xff.example/"}, None),
        ({b"sec-fetch-dest": b"iframe", b"sec-fetch-site": b"same-origin", b"referer": b"https://ours.example/"}, None),
        ({b"referer": b"https://casino.example/"}, None),
    ],
)
async def test_what_a_browser_says_of_the_page_around(headers, page):
    assert page_around(headers) == page


async def until(casino, wanted):
    """Another worker's settings, or ours, arrive with a heartbeat."""
    for _ in range(100):
        seen = (await casino.call("GET", "/origins")).json()
        if seen["origins"] == wanted:
            return seen
        await asyncio.sleep(0.05)
    raise AssertionError(seen)


async def open_in(house, casino, page):
    """As a browser asks for a game that a page frames: whose pages may, as the answer says."""
    house.worker.framing.pause_us = 0
    launched = await casino.launch("ann")
    address = urlsplit(launched["launch_url"])
    headers = {"sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site", "referer": f"{page}/"}
    answer = await house.http.get(f"{address.path}?{address.query}", headers=headers)
    return answer.headers["content-security-policy"].partition("frame-ancestors ")[2]


async def test_they_are_set_written_down_and_kept_by_the_header(house):
    casino = await house.casino("framer")
    await casino.player("ann")
    before = (await casino.call("GET", "/origins")).json()
    assert before == {"origins": [], "any_loopback": True, "framed": None, "blocked": None}
    assert await open_in(house, casino, OURS) == "'self' http://localhost:* http://127.0.0.1:*"
    blocked = (await casino.call("GET", "/origins")).json()["blocked"]
    assert blocked["origin"] == OURS

    answer = await casino.call("PUT", "/origins", json={"origins": [f"{OURS.upper()}/", OURS, STRANGE]})
    assert (answer.status_code, answer.json()["origins"]) == (200, [OURS, STRANGE])
    seen = await until(casino, [OURS, STRANGE])
    assert seen["blocked"] is None, "it may now"
    assert seen["framed"]["origin"] == OURS, "the last try of a page that may"
    assert await open_in(house, casino, OURS) == f"'self' {OURS} {STRANGE} http://localhost:* http://127.0.0.1:*"
    seen = (await casino.call("GET", "/origins")).json()
    assert (seen["framed"]["origin"], seen["blocked"]) == (OURS, None)
    entry = (await audit_entries(house.worker.platform.pool, "framer"))[-1].entry
    assert '"act":"change_operator"' in entry
    assert f'"after":{{"origins":["{OURS}","{STRANGE}"]}}' in entry


async def test_what_was_seen_is_judged_by_the_origins_of_today_and_is_nobody_elses(house):
    casino, other = await house.casino("mover"), await house.casino("onlooker")
    await casino.player("ann")
    await casino.call("PUT", "/origins", json={"origins": [STRANGE]})
    await until(casino, [STRANGE])
    await open_in(house, casino, STRANGE)
    assert (await casino.call("GET", "/origins")).json()["framed"]["origin"] == STRANGE
    await casino.call("PUT", "/origins", json={"origins": []})
    seen = await until(casino, [])
    assert (seen["framed"], seen["blocked"]["origin"]) == (None, STRANGE)
    await open_in(house, casino, "http://localhost:9000")
    seen = (await casino.call("GET", "/origins")).json()
    assert (seen["framed"]["origin"], seen["blocked"]) == ("http://localhost:9000", None), "any loopback, in a test"
    unseen = (await other.call("GET", "/origins")).json()
    assert (unseen["framed"], unseen["blocked"]) == (None, None)


async def test_however_often_it_is_opened_it_is_written_once_in_a_while(house):
    casino = await house.casino("popular")
    await casino.player("ann")
    await open_in(house, casino, "http://localhost:1")
    house.worker.framing.pause_us = PAUSE_US
    address = urlsplit((await casino.launch("ann"))["launch_url"])
    for port in range(2, 9):
        headers = {"sec-fetch-dest": "iframe", "referer": f"http://localhost:{port}/"}
        await house.http.get(f"{address.path}?{address.query}", headers=headers)
    assert (await casino.call("GET", "/origins")).json()["framed"]["origin"] == "http://localhost:1"
    rows = await house.worker.platform.pool.fetch("SELECT * FROM operator_frames WHERE operator_id = 'popular'")
    assert len(rows) == 1


@pytest.mark.parametrize(
    "origins",
    [
        *(["*"], ["casino.example"], ["https://casino.example/lobby"], ["https://casino.example;script-src *"]),
        *([f"https://brand-{n}.example" for n in range(21)], [7], "https://casino.example", None),
    ],
)
async def test_what_is_no_origin_is_refused(casino, origins):
    refused = await casino.call("PUT", "/origins", json={"origins": origins})
    assert refused.status_code == 422, refused.text
    assert (await casino.call("GET", "/origins")).json()["origins"] == []
