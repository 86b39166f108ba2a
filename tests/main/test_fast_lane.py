"""The short way and the long way give the same answers, and whatever is unusual takes the long one."""

import asyncio
import contextlib

import msgspec
import pytest
import uvicorn

from croupier.api.player.app import Play
from croupier.api.player.forwarding import FORWARDED
from croupier.api.replies import Reply
from croupier.main.fast_lane import FastLane, plain_play

BODY = b'{"request_id":"a","bet":100}'
HEADERS = (b"Host: x", b"Authorization: Bearer pt_1", b"Content-Type: application/json", b"Content-Length: 28")


def request(first: bytes = b"POST /play/v1/rounds HTTP/1.1", headers=HEADERS, body: bytes = BODY) -> bytes:
    return b"\r\n".join((first, *headers)) + b"\r\n\r\n" + body


def test_a_plain_bet_takes_the_short_way():
    assert plain_play(request()) == Play("pt_1", None, BODY)


def test_a_plain_action_takes_the_short_way():
    first = b"POST /play/v1/rounds/rd_AbC-9_/actions HTTP/1.1"
    assert plain_play(request(first)) == Play("pt_1", "rd_AbC-9_", BODY)


def with_header(line: bytes) -> bytes:
    return request(headers=(*HEADERS, line))


def without_header(start: bytes) -> bytes:
    return request(headers=tuple(line for line in HEADERS if not line.startswith(start)))


UNUSUAL = {
    "not plain HTTP": with_header(b"Transfer-Encoding: chunked"),
    "another method": request(b"PUT /play/v1/rounds HTTP/1.1"),
    "another address": request(b"POST /play/v1/sessions HTTP/1.1"),
    "a query": request(b"POST /play/v1/rounds?x=1 HTTP/1.1"),
    "an escape in the address": request(b"POST /play/v1/rounds/a%2Fb/actions HTTP/1.1"),
    "an absolute address": request(b"POST http://x/play/v1/rounds HTTP/1.1"),
    "an old version": request(b"POST /play/v1/rounds HTTP/1.0"),
    "two keys": with_header(b"Authorization: Bearer pt_2"),
    "two hosts": with_header(b"Host: y"),
    "no host": without_header(b"Host"),
    "no key": without_header(b"Authorization"),
    "another kind of key": request(headers=(HEADERS[0], b"Authorization: Basic eDp5", *HEADERS[2:])),
    "from another worker": with_header(FORWARDED + b": 1"),
}


@pytest.mark.parametrize("data", UNUSUAL.values(), ids=UNUSUAL.keys())
def test_what_is_unusual_takes_the_long_way(data):
    assert plain_play(data) is None


class Application:
    """Echoes what it was asked, by both ways; says which one it was in a header of its own."""

    def __init__(self) -> None:
        self.player_api = self
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def play(self, call: Play) -> Reply:
        await self.go_on.wait()
        return Reply(200, ((b"way", b"short"),), msgspec.json.encode([call.token, call.body.decode()]))

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        token = dict(scope["headers"]).get(b"authorization", b"").decode().partition(" ")[2]
        await Reply(200, ((b"way", b"long"),), msgspec.json.encode([token, body.decode()])).send(send)


@contextlib.asynccontextmanager
async def served(application, **settings):
    config = uvicorn.Config(
        application,
        port=0,
        http=FastLane,
        lifespan="off",
        log_level="error",
        ws="none",
        proxy_headers=False,
        **settings,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it no other way
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer, server
    finally:
        writer.close()
        server.should_exit = True
        await task


async def answer(reader: asyncio.StreamReader) -> tuple[str, list[str]]:
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).decode().lower()
    lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
    assert "date" in lines
    return lines["way"], msgspec.json.decode(await reader.readexactly(int(lines["content-length"])))


SAID = ["pt_1", BODY.decode()]


async def test_both_ways_answer_alike_on_one_connection():
    async with served(Application()) as (reader, writer, _):
        for data, way in ((request(), "short"), (with_header(b"Expect: 100-continue"), "long"), (request(), "short")):
            writer.write(data)
            if way == "long":
                assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            assert await answer(reader) == (way, SAID)


async def test_a_request_in_pieces_is_put_together():
    async with served(Application()) as (reader, writer, _):
        for cut in (10, 60, len(request()) - 5):
            writer.write(request()[:cut])
            await asyncio.sleep(0.02)
            writer.write(request()[cut:])
            assert await answer(reader) == ("long", SAID)
        writer.write(request())
        assert await answer(reader) == ("short", SAID)


async def test_requests_that_do_not_wait_are_answered_in_order():
    application = Application()
    async with served(application) as (reader, writer, _):
        application.go_on.clear()
        writer.write(request())
        await asyncio.sleep(0.02)
        other = request(body=BODY.replace(b"100", b"200"))
        writer.write(other + other[:40])
        await asyncio.sleep(0.02)
        application.go_on.set()
        assert await answer(reader) == ("short", SAID)
        assert await answer(reader) == ("long", ["pt_1", BODY.replace(b"100", b"200").decode()])
        writer.write(other[40:])
        assert (await answer(reader))[1] == ["pt_1", BODY.replace(b"100", b"200").decode()]


async def test_a_connection_that_says_nothing_more_is_closed():
    async with served(Application(), timeout_keep_alive=1) as (reader, writer, _):
        writer.write(request())
        await answer(reader)
        await asyncio.sleep(0.6)
        writer.write(request())
        await answer(reader)
        await asyncio.sleep(0.6)
        assert not reader.at_eof(), "it was used 0.6 s ago"
        assert await asyncio.wait_for(reader.read(), 3) == b""


async def test_a_server_that_stops_answers_first():
    application = Application()
    async with served(application) as (reader, writer, server):
        application.go_on.clear()
        writer.write(request())
        await asyncio.sleep(0.05)
        server.should_exit = True
        await asyncio.sleep(0.3)
        application.go_on.set()
        assert await answer(reader) == ("short", SAID)
        assert await asyncio.wait_for(reader.read(), 3) == b""
