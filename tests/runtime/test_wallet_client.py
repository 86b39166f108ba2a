"""Our HTTP client against servers that behave badly in every way we know, on both event loops."""

import asyncio
import socket
from types import SimpleNamespace

import msgspec
import pytest

from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.runtime import connections
from croupier.runtime.wallet_client import WalletClient
from ports import free_port
from runtime.misbehaving import CLOSE, ENDLESS, HANG, RESET, misbehaving

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

# What the server sends -> the answer (status and body) or why there is none, and whether the connection is kept.
ANSWERS = {
    "plain": ([OK + b"{}"], (200, b"{}"), True),
    "in pieces": ([OK[:20], 0.01, OK[20:] + b"{", 0.01, b"}"], (200, b"{}"), True),
    "chunked": ([CHUNKED + b"1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n"], (200, b"{}"), True),
    "chunked with trailers": ([CHUNKED + b"2\r\n{}\r\n0\r\nx-late: 1\r\n\r\n"], (200, b"{}"), True),
    "no content": ([b"HTTP/1.1 204 No Content\r\n\r\n"], (204, b""), True),
    "ends by closing": ([b"HTTP/1.1 200 OK\r\n\r\n{}", CLOSE], (200, b"{}"), False),
    "HTTP/1.0": ([b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}"], (200, b"{}"), False),
    "says that it closes": ([OK[:-2] + b"connection: close\r\n\r\n{}"], (200, b"{}"), False),
    "continue first": ([b"HTTP/1.1 100 Continue\r\n\r\n", 0.01, OK + b"{}"], (200, b"{}"), True),
    "early hints first": ([b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" + OK + b"{}"], (200, b"{}"), True),
    "redirect": ([b"HTTP/1.1 302 Found\r\nlocation: /plain\r\ncontent-length: 0\r\n\r\n"], (302, b""), True),
    "server error": ([b"HTTP/1.1 500 Oops\r\ncontent-length: 4\r\n\r\noops"], (500, b"oops"), True),
    "page": ([b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>"], (200, b"<html>"), True),
    "compressed": ([OK[:-2] + b"content-encoding: gzip\r\n\r\n\x1f\x8b"], (200, b"\x1f\x8b"), True),
    "two answers": ([OK + b"{}" + OK + b"[]"], (200, b"{}"), False),
    "second answer later": ([OK + b"{}", 0.05, OK + b"[]"], (200, b"{}"), False),
    "garbage after": ([OK + b"{}garbage"], (200, b"{}"), False),
    "hint to close soon": ([OK[:-2] + b"keep-alive: timeout=1\r\n\r\n{}"], (200, b"{}"), False),
    "garbage": ([b"SSH-2.0-OpenSSH_9.2\r\n"], "bad_http", False),
    "no HTTP version": ([b"200 OK\r\n\r\n{}"], "bad_http", False),
    "two lengths": ([OK[:-2] + b"content-length: 3\r\n\r\n{}"], "bad_http", False),
    "length and chunked": ([OK[:-2] + b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n"], "bad_http", False),
    "negative length": ([b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}"], "bad_http", False),
    "bad chunk": ([CHUNKED + b"zz\r\n{}\r\n"], "bad_http", False),
    "other protocol": ([b"HTTP/1.1 101 Switch\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n"], "bad_http", False),
    "closes at once": ([CLOSE], "reset", False),
    "resets at once": ([RESET], "reset", False),
    "cut in the header": ([OK[:20], CLOSE], "reset", False),
    "cut in the body": ([OK + b"{", CLOSE], "reset", False),
    "cut in a chunk": ([CHUNKED + b"2\r\n{", CLOSE], "reset", False),
    "cut before the last chunk": ([CHUNKED + b"2\r\n{}\r\n", CLOSE], "reset", False),
    "reset in the body": ([OK + b"{", 0.02, RESET], "reset", False),
    "never": ([HANG], "timeout", False),
    "half a body": ([OK + b"{", HANG], "timeout", False),
    "drop by drop": ([part for byte in OK + b"{}" for part in (bytes([byte]), 0.03)], "timeout", False),
    "large body": ([b"HTTP/1.1 200 OK\r\ncontent-length: 65537\r\n\r\n" + b" " * 65_537], "too_large", False),
    "largest body": ([b"HTTP/1.1 200 OK\r\ncontent-length: 65536\r\n\r\n" + b" " * 65_536], (200, b" " * 65_536), True),
    "body of 100 MB": ([b"HTTP/1.1 200 OK\r\n\r\n", b" " * 100_000, ENDLESS], "too_large", False),
    "chunks of 100 MB": ([CHUNKED, b"1000\r\n" + b" " * 4096 + b"\r\n", ENDLESS], "too_large", False),
    "trailers of 100 MB": ([CHUNKED + b"0\r\n", b"x-late: 1\r\n" * 1000, ENDLESS], "too_large", False),
    "header of 100 MB": ([b"HTTP/1.1 200 OK\r\nx: ", b"x" * 100_000, ENDLESS], "too_large", False),
    "headers of 100 MB": ([b"HTTP/1.1 200 OK\r\n", b"x: 1\r\n" * 1000, ENDLESS], "too_large", False),
    "hints without end": ([b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n", ENDLESS], "too_large", False),
    "too many headers": ([OK[:-2] + b"x: 1\r\n" * 100 + b"\r\n{}"], "too_large", False),
    "long headers": ([OK[:-2] + b"x: " + b"1" * 16_384 + b"\r\n\r\n{}"], "too_large", False),
}


def path_of(name: str) -> str:
    return "/" + name.replace(" ", "-").replace("/", "-")


PLAY = {path_of(name): parts for name, (parts, _, _) in ANSWERS.items()}


def to(server, name: str, timeout_ms: int = 2000, body: bytes = b"{}") -> HttpRequest:
    headers = (("content-type", "application/json"),)
    return HttpRequest("POST", f"http://127.0.0.1:{server.port}{path_of(name)}", headers, body, timeout_ms)


async def settled(client: WalletClient, **expected: int) -> dict[str, int]:
    """The client's counts, as soon as they are as expected."""
    for _ in range(200):
        if expected.items() <= client.counts().items():
            break
        await asyncio.sleep(0.01)
    return {name: client.counts()[name] for name in expected}


@pytest.mark.parametrize("name", ANSWERS)
async def test_answer(name: str):
    _, expected, kept = ANSWERS[name]
    client = WalletClient()
    async with misbehaving(PLAY) as server:
        answer = await client.send(to(server, name, timeout_ms=300 if expected == "timeout" else 2000), private=True)
        if isinstance(answer, HttpResponse):
            assert (answer.status, answer.body) == expected
        else:
            assert (answer.why, answer.sent) == (expected, True), answer
        assert server.requests == [path_of(name)], "one attempt, no redirect followed"
        if name == "second answer later":
            assert await settled(client, open=0) == {"open": 0}
        # Whatever happened, the next call is answered, over the same connection only where that was clean.
        again = await client.send(to(server, "plain"), private=True)
        assert isinstance(again, HttpResponse)
        assert again.status == 200
        assert server.connections == (1 if kept else 2)
        assert await settled(client, open=1, busy=0, waiting=0) == {"open": 1, "busy": 0, "waiting": 0}
        client.close()
        assert await settled(client, open=0) == {"open": 0}


async def test_a_deadline_covers_everything_and_is_kept():
    client, loop = WalletClient(), asyncio.get_running_loop()
    async with misbehaving(PLAY) as server:
        began = loop.time()
        answer = await client.send(to(server, "drop by drop", timeout_ms=400), private=True)
        assert answer.why == "timeout"
        assert 0.39 <= loop.time() - began < 1
        assert 400_000 <= answer.timing.total_us < 1_000_000


async def test_calls_in_sequence_share_a_connection():
    client = WalletClient()
    async with misbehaving(PLAY) as server:
        answers = [await client.send(to(server, "plain", body=b"%d" % n), private=True) for n in range(20)]
        assert [answer.body for answer in answers] == [b"{}"] * 20
        assert server.bodies == [b"%d" % n for n in range(20)]
        assert server.connections == 1
        first, second = (answer.timing for answer in answers[:2])
        assert first.connect_us is not None
        assert (second.dns_us, second.connect_us, second.tls_us) == (None, None, None)
        named = to(server, "plain")
        named = msgspec.structs.replace(named, url=named.url.replace("127.0.0.1", "localhost"))
        looked_up = (await client.send(named, private=True)).timing
        assert looked_up.dns_us is not None, "a name takes a question; numbers do not"
        assert first.dns_us is None
        assert 0 < second.first_byte_us <= second.total_us


async def test_no_more_connections_than_allowed_and_the_others_wait_their_turn():
    client = WalletClient(connections=3)
    async with misbehaving({"/plain": [0.01, OK + b"{}"]}) as server:
        answers = await asyncio.gather(*(client.send(to(server, "plain"), private=True) for _ in range(20)))
        assert all(isinstance(answer, HttpResponse) for answer in answers)
        assert (server.most_open, len(server.requests)) == (3, 20)
        assert await settled(client, open=3, busy=0, waiting=0) == {"open": 3, "busy": 0, "waiting": 0}


async def test_waiting_for_a_connection_counts_against_the_deadline():
    client = WalletClient(connections=1)
    async with misbehaving(PLAY) as server:
        first = asyncio.ensure_future(client.send(to(server, "never", timeout_ms=600), private=True))
        await asyncio.sleep(0.05)
        second = await client.send(to(server, "plain", timeout_ms=100), private=True)
        assert (second.why, second.sent) == ("timeout", False)
        assert (await first).why == "timeout"
        assert server.requests == ["/never"]
        assert (await client.send(to(server, "plain"), private=True)).status == 200


async def test_whoever_waits_gets_the_place_of_a_connection_that_broke():
    client = WalletClient(connections=1)
    async with misbehaving(PLAY) as server:
        broken, waited = await asyncio.gather(
            client.send(to(server, "reset in the body"), private=True), client.send(to(server, "plain"), private=True)
        )
        assert (broken.why, waited.status) == ("reset", 200)


async def test_a_cancelled_call_leaves_nothing_behind():
    client = WalletClient(connections=1)
    async with misbehaving(PLAY) as server:
        call = asyncio.ensure_future(client.send(to(server, "never"), private=True))
        waiting = asyncio.ensure_future(client.send(to(server, "never"), private=True))
        await asyncio.sleep(0.05)
        waiting.cancel()
        call.cancel()
        await asyncio.gather(call, waiting, return_exceptions=True)
        assert await settled(client, open=0, waiting=0) == {"open": 0, "waiting": 0}
        assert (await client.send(to(server, "plain"), private=True)).status == 200


async def test_a_connection_that_the_server_closed_while_idle_is_replaced():
    client = WalletClient()
    async with misbehaving({"/plain": [OK + b"{}", 0.02, CLOSE]}) as server:
        assert (await client.send(to(server, "plain"), private=True)).status == 200
        assert await settled(client, open=0) == {"open": 0}
        assert (await client.send(to(server, "plain"), private=True)).status == 200
        assert len(server.requests) == 2


async def test_a_request_that_met_a_closing_connection_is_not_sent_again():
    """It may have been read: whether it is repeated is a money rule, not ours."""
    client = WalletClient()
    async with misbehaving(PLAY) as server:
        await client.send(to(server, "plain"), private=True)
        answer = await client.send(to(server, "closes at once"), private=True)
        assert (answer.why, answer.sent) == ("reset", True)
        assert server.requests == ["/plain", "/closes-at-once"]
        assert server.connections == 1


async def test_an_idle_connection_grows_too_old():
    client = WalletClient(idle_s=0.05)
    async with misbehaving(PLAY) as server:
        await client.send(to(server, "plain"), private=True)
        await asyncio.sleep(0.1)
        await client.send(to(server, "plain"), private=True)
        assert server.connections == 2


@pytest.mark.parametrize("greeting", [b"", b"220 mail.example ready\r\n", OK + b"{}"], ids=repr)
async def test_a_server_that_speaks_or_leaves_before_it_was_asked(greeting):
    """What comes before the question is no answer to it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()
        writer.close()

    client = WalletClient()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        request = HttpRequest("POST", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bet", (), b"")
        answers = [await client.send(request, private=True) for _ in range(20)]
    assert {type(answer) for answer in answers if greeting[:4] != b"HTTP"} <= {NoAnswer}
    assert await settled(client, open=0) == {"open": 0}


async def test_nobody_listens():
    async with misbehaving(PLAY) as server:
        request = to(server, "plain")
    answer = await WalletClient().send(request, private=True)
    assert (answer.why, answer.sent) == ("refused", False)


async def test_nobody_listens_and_the_connection_was_made_to_itself(monkeypatch):
    """The system chose the wallet's own port to connect from, as it may with a port that it lends: nobody is there."""
    port = free_port()

    def from_that_port(*kind: int) -> socket.socket:
        sock = socket.socket(*kind)
        sock.bind(("127.0.0.1", port))
        return sock

    monkeypatch.setattr(connections, "socket", SimpleNamespace(**{**vars(socket), "socket": from_that_port}))
    request = HttpRequest("POST", f"http://127.0.0.1:{port}/bet", (), b"{}")
    answer = await WalletClient().send(request, private=True)
    assert (answer.why, answer.sent) == ("refused", False)


async def test_the_next_address_is_tried_when_nothing_was_sent(monkeypatch):
    async def two_addresses(host: str, port: int) -> list[str]:
        return ["127.0.0.9", "127.0.0.1"]

    monkeypatch.setattr(connections, "_resolve", two_addresses)
    async with misbehaving(PLAY) as server:
        request = HttpRequest("POST", f"http://wallet.example:{server.port}/plain", (), b"")
        assert (await WalletClient().send(request, private=True)).status == 200


async def test_a_name_that_nobody_knows(monkeypatch):
    async def unknown(host: str, port: int) -> list[str]:
        raise OSError("Name or service not known")

    monkeypatch.setattr(connections, "_resolve", unknown)
    answer = await WalletClient().send(HttpRequest("POST", "https://wallet.example/bet", (), b""))
    assert (answer.why, answer.sent) == ("dns", False)


async def test_a_slow_name_server_is_part_of_the_deadline(monkeypatch):
    async def slow(host: str, port: int) -> list[str]:
        await asyncio.sleep(5)
        return ["127.0.0.1"]

    monkeypatch.setattr(connections, "_resolve", slow)
    client = WalletClient()
    answers = await asyncio.gather(
        *(client.send(HttpRequest("POST", "https://wallet.example/bet", (), b"", 100)) for _ in range(3))
    )
    assert {(answer.why, answer.sent) for answer in answers} == {("timeout", False)}
    assert client.counts()["open"] == 0


async def test_a_name_that_nobody_knows_after_all_is_no_error_of_ours(monkeypatch):
    async def slowly_unknown(host: str, port: int) -> list[str]:
        await asyncio.sleep(0.1)
        raise OSError("Name or service not known")

    errors: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: errors.append(about))
    monkeypatch.setattr(connections, "_resolve", slowly_unknown)
    answer = await WalletClient().send(HttpRequest("POST", "https://wallet.example/bet", (), b"", timeout_ms=30))
    assert (answer.why, answer.sent) == ("timeout", False)
    await asyncio.sleep(0.2)
    assert errors == [], "nobody waited for it any more"


@pytest.mark.parametrize("headers", [(("x", "1\r\ny: 2"),), (("x\n", "1"),), (("x", "\0"),), (("x", "1\r"),)], ids=repr)
async def test_a_header_cannot_break_out_of_its_line(headers):
    async with misbehaving(PLAY) as server:
        request = HttpRequest("POST", f"http://127.0.0.1:{server.port}/plain", headers, b"")
        answer = await WalletClient().send(request, private=True)
        assert answer == NoAnswer("bad_http", "line break in a header", sent=False, timing=answer.timing)
        assert server.connections == 0
