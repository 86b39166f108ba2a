"""Connections are an operator's own: whose wallet hangs takes them from nobody else."""

import asyncio
import socket
import time

from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.runtime.wallet_client import WalletClient
from runtime.misbehaving import HANG, misbehaving

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
PLAY = {"/well": [OK], "/slow": [0.02, OK], "/dead": [HANG]}


def to(server, path, timeout_ms=2000, body=b"{}"):
    return HttpRequest("POST", f"http://127.0.0.1:{server.port}{path}", (), body, timeout_ms)


async def hanging(client, server, operator_id, count):
    """Calls that are never answered."""
    calls = [
        asyncio.ensure_future(client.send(to(server, "/dead", 30_000), private=True, operator_id=operator_id))
        for _ in range(count)
    ]
    await asyncio.sleep(0.1)
    return calls


async def ended(client, calls):
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    client.close()


async def test_two_operators_at_one_host():
    client = WalletClient(connections=3)
    async with misbehaving(PLAY) as server:
        calls = await hanging(client, server, "dead", 10)
        assert server.requests == ["/dead"] * 3
        async with asyncio.timeout(20):  # the dead ones hang for longer
            assert (await client.send(to(server, "/well"), private=True, operator_id="well")).status == 200
        await ended(client, calls)


async def test_one_operator_at_several_hosts_has_one_share():
    client = WalletClient(connections=3)
    async with misbehaving(PLAY) as first, misbehaving(PLAY) as second:
        calls = await hanging(client, first, "moved", 2)
        calls += await hanging(client, second, "moved", 2)
        assert (len(first.requests), len(second.requests)) == (2, 1)
        calls[0].cancel()
        await asyncio.sleep(0.2)
        assert len(second.requests) == 2, "whoever waits gets the place that became free at the other host"
        await ended(client, calls)


async def test_wins_and_bets_take_turns():
    client = WalletClient(connections=1)
    async with misbehaving(PLAY) as server:
        send = [
            client.send(to(server, "/slow", body=b"%s %d" % (kind, n)), private=True, owed=kind == b"win")
            for kind, count in ((b"bet", 8), (b"win", 4))
            for n in range(count)
        ]
        await asyncio.gather(*send)
        assert b", ".join(server.bodies) == (
            b"bet 0, win 0, bet 1, win 1, bet 2, win 2, bet 3, win 3, bet 4, bet 5, bet 6, bet 7"
        )


async def test_where_places_are_short_nobody_has_more_than_a_part_of_what_is_free():
    client = WalletClient(connections_of_all=16)
    async with misbehaving(PLAY) as server:
        calls = await hanging(client, server, "dead", 20)
        assert server.requests == ["/dead"] * 2
        answer = await client.send(to(server, "/well"), private=True, operator_id="well")
        assert isinstance(answer, HttpResponse)
        await ended(client, calls)


async def test_what_one_operator_leaves_idle_another_one_gets():
    client = WalletClient(connections_of_all=1)
    async with misbehaving(PLAY) as server:
        for operator_id in ("a", "b", "a"):
            answer = await client.send(to(server, "/well"), private=True, operator_id=operator_id)
            assert isinstance(answer, HttpResponse)
        assert client.counts()["open"] == 1
        client.close()


async def test_dead_name_servers_hold_up_nobody_else(monkeypatch):
    """More of them than the event loop has threads of its own."""
    honest = socket.getaddrinfo

    def lookup(host, port, *args, **more):
        if "dead" in host:
            time.sleep(1.0)
            raise OSError("no name server answers")
        return honest("127.0.0.1", port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    client = WalletClient()
    async with misbehaving(PLAY) as server:
        dead = [
            asyncio.ensure_future(
                client.send(HttpRequest("POST", f"http://dead-{n}.example/", (), b""), private=True, operator_id=f"{n}")
            )
            for n in range(20)
        ]
        await asyncio.sleep(0.05)
        request = HttpRequest("POST", f"http://well.example:{server.port}/well", (), b"", 500)
        assert isinstance(await client.send(request, private=True, operator_id="well"), HttpResponse)
        assert {answer.why for answer in await asyncio.gather(*dead)} == {"dns"}
