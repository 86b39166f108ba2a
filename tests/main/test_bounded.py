"""A message that is too large or never ends costs its sender the connection, and nobody else anything."""

import asyncio
import time

import msgspec
import pytest

from croupier.main import bounded
from croupier.main.bounded import HEAD_MAX
from main.test_fast_lane import SAID, Application, answer, request, served, with_header


@pytest.fixture(autouse=True)
def _brief(monkeypatch):
    monkeypatch.setattr(bounded, "LINGER", 0.3)


BEGUN = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


async def problem(reader: asyncio.StreamReader) -> tuple[int, str]:
    """Status and code of the answer, after which the connection must end."""
    head, _, body = (await asyncio.wait_for(reader.read(), 10)).partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert {"connection: close", "content-type: application/problem+json"} <= set(lines)
    told = msgspec.json.decode(body)
    assert lines[0].split()[1] == str(told["status"])
    return told["status"], told["code"]


async def flood(writer: asyncio.StreamWriter, piece: bytes, times: int) -> None:
    for _ in range(times):
        writer.write(piece)
        await writer.drain()


ENDLESS = {
    "a header": BEGUN + b"X: ",
    "an address": b"GET /",
    "the name of a header": BEGUN,
    "many headers": BEGUN,
    "a trailer": CHUNKED + b"1\r\nx\r\n0\r\nX: ",
    "an extension of a chunk": CHUNKED + b"1;x=",
}


@pytest.mark.parametrize("what", ENDLESS)
async def test_what_is_no_body_is_bounded(what):
    async with served(Application()) as (reader, writer, _):
        writer.write(ENDLESS[what])
        piece = b"A: b\r\n" * 2000 if what == "many headers" else b"a" * 12_000
        sending = asyncio.create_task(flood(writer, piece, 400))
        assert await problem(reader) == (431, "head_too_large")
        await asyncio.gather(sending, return_exceptions=True)


async def test_a_head_of_many_megabytes_stops_nobody():
    """Without a bound this took minutes of the only thread there is: bytes are copied again with every packet."""
    async with served(Application()) as (reader, writer, server):
        port = writer.get_extra_info("peername")[1]
        hostile_reader, hostile = await asyncio.open_connection("127.0.0.1", port)
        spent = time.process_time()
        hostile.write(BEGUN + b"X: ")
        sending = asyncio.create_task(flood(hostile, b"a" * 65_536, 48 * 16))
        for _ in range(20):
            writer.write(request())
            assert await answer(reader) == ("short", SAID)
        await asyncio.gather(sending, return_exceptions=True)
        assert await problem(hostile_reader) == (431, "head_too_large")
        assert time.process_time() - spent < 2
        assert len(server.server_state.connections) == 1


async def test_a_large_head_and_many_small_chunks_are_fine():
    async with served(Application()) as (reader, writer, _):
        writer.write(with_header(b"X: " + b"a" * (HEAD_MAX - 1000)))
        assert await answer(reader) == ("long", SAID)
        writer.write(CHUNKED)
        for _ in range(20):
            writer.write(b"1;why=because\r\nx\r\n" * 1000)
            await asyncio.sleep(0)
        writer.write(b"0\r\n\r\n")
        assert await answer(reader) == ("long", ["", "x" * 20_000])


@pytest.mark.parametrize("begin", [b"", request()], ids=["alone", "behind another request"])
async def test_a_large_head_that_comes_at_once_is_too_large(begin):
    """One read takes up to 256 KiB: the parser is through with such a head before anybody has counted."""
    async with served(Application()) as (reader, writer, _):
        writer.write(begin + with_header(b"X: " + b"a" * (2 * HEAD_MAX + 1000)))
        if begin:
            assert await answer(reader) == ("long", SAID)
        assert await problem(reader) == (431, "head_too_large")


NOT_HTTP = {
    "noise": b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
    "lone line breaks": b"GET /healthz HTTP/1.1\nHost: x\n\n",
    "a folded header": BEGUN + b"X: a\r\n b\r\n\r\n",
    "a space before the colon": BEGUN + b"Authorization : Bearer x\r\n\r\n",
    "two lengths": BEGUN + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "a length and chunks": BEGUN + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a signed length": BEGUN + b"Content-Length: +5\r\n\r\nhello",
    "a chunk of no size": CHUNKED + b"zz\r\n",
}


@pytest.mark.parametrize("what", NOT_HTTP)
async def test_what_is_no_http_is_told_so_like_everything_else(what):
    async with served(Application()) as (reader, writer, _):
        writer.write(request())
        assert await answer(reader) == ("short", SAID)
        writer.write(NOT_HTTP[what])
        assert await problem(reader) == (400, "invalid_http")


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(bounded, "PATIENCE", 0.4)


UNFINISHED = {
    "a head": BEGUN,
    "a body": b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx",
    "a bet": request()[:-1],
}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("what", UNFINISHED)
async def test_a_message_must_come_to_its_end(what):
    async with served(Application()) as (reader, writer, _):
        writer.write(request())
        assert await answer(reader) == ("short", SAID)
        writer.write(UNFINISHED[what])
        assert await problem(reader) == (408, "request_timeout")


@pytest.mark.usefixtures("impatient")
async def test_drops_of_a_head_are_no_progress():
    async with served(Application()) as (reader, writer, _):

        async def drip():
            for byte in BEGUN * 3:
                writer.write(bytes((byte,)))
                await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        assert await problem(reader) == (408, "request_timeout")
        dripping.cancel()


@pytest.mark.usefixtures("impatient")
async def test_who_connects_and_is_silent_is_let_go():
    async with served(Application()) as (reader, _, _):
        assert await asyncio.wait_for(reader.read(), 5) == b""


@pytest.mark.usefixtures("impatient")
async def test_who_has_been_answered_may_be_silent_and_a_body_may_take_its_time(monkeypatch):
    monkeypatch.setattr(bounded, "SLOWEST", 8)
    long_way = request().replace(b"POST", b"PUT")
    async with served(Application()) as (reader, writer, _):
        for data, way in ((request(), "short"), (long_way, "long"), (request(), "short")):
            writer.write(data)
            assert await answer(reader) == (way, SAID)
            await asyncio.sleep(0.6)
            assert not reader.at_eof()
        writer.write(long_way[:-10])
        await asyncio.sleep(0.8)
        writer.write(long_way[-10:])
        assert await answer(reader) == ("long", SAID)


@pytest.mark.usefixtures("impatient")
async def test_an_answer_may_take_longer_than_the_request():
    application = Application()
    async with served(application) as (reader, writer, _):
        application.go_on.clear()
        writer.write(request())
        await asyncio.sleep(0.8)
        application.go_on.set()
        assert await answer(reader) == ("short", SAID)
