"""`croupier serve --workers 2`: one port, two processes; whichever a connection meets, the answer is the same."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from croupier.store.embedded import EmbeddedPostgres
from journeys.balancer import Balancer, round_robin
from journeys.books import casino_of, compared, journal_of
from journeys.players import Caller, Player, perform, sit, table
from journeys.servers import Servers, eventually, two_servers
from postgres import dsn_of, new_database


@pytest.fixture(scope="module")
def servers(postgres_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """One server with two workers."""
    name = perform(new_database(postgres_server))
    folder = tmp_path_factory.mktemp("workers")
    yield from two_servers(folder, dsn_of(postgres_server, name), workers=(2,))


def workers_of(servers: Servers) -> list[int]:
    children = Path(f"/proc/{servers.running[0].pid}/task/{servers.running[0].pid}/children").read_text().split()
    return [int(pid) for pid in children if b"croupier.main.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]


async def on_new_connections(servers: Servers, times: int, call: str, body=None, *, token: str):
    """The same call over as many connections: the kernel deals them out to both workers."""
    method, path = call.split()
    answers = []
    for number in range(times):
        caller = Caller(f"http://127.0.0.1:{servers.ports[0]}")
        answers.append(await caller.call(method, path, body(number) if body else None, token))
        caller.client.close()
    return answers


def test_a_demo_is_played_by_the_worker_that_holds_it_whichever_is_asked(servers: Servers) -> None:
    perform(_demo(servers))


async def _demo(servers: Servers) -> None:
    caller = Caller(f"http://127.0.0.1:{servers.ports[0]}")
    body = {"game_id": "european-roulette", "currency": "EUR", "start_balance": 100_000}
    status, opened = await caller.call("POST", "/api/v1/demo-sessions", body, servers.operator["api_key"])
    assert status == 201
    launch = parse_qs(urlsplit(opened["launch_url"]).query)["token"][0]
    status, started = await caller.call("POST", "/play/v1/sessions", {"token": launch})
    assert status == 201

    def spin(number: int) -> dict[str, object]:
        bets = [{"type": "red", "amount": 20}]
        return {"request_id": f"r{number}", "bet": 20, "choice": {"bets": bets}}

    spins = await on_new_connections(servers, 12, "POST /play/v1/rounds", spin, token=started["play_token"])
    assert [status for status, _ in spins] == [200] * 12
    balances = [view["balance"] for _, view in spins]
    assert balances[-1] == 100_000 + sum(view["win"] - view["bet"] for _, view in spins), "one seat, one account"
    views = await on_new_connections(servers, 8, "GET /play/v1/session", token=started["play_token"])
    assert {view["balance"] for _, view in views} == {balances[-1]}


def test_a_disabled_operator_is_closed_at_all_workers_when_the_command_returns(servers: Servers) -> None:
    perform(_disable(servers))


async def _disable(servers: Servers) -> None:
    body = {"game_id": "european-roulette", "currency": "EUR"}
    key = servers.operator["api_key"]
    began = time.monotonic()
    disabled = await asyncio.to_thread(servers.croupier, "operator", "disable", "two")
    took = time.monotonic() - began
    assert disabled["enabled"] is False
    assert disabled["effective_at"]
    assert took < 6 + 4, "a lease and the start of a command"
    answers = await on_new_connections(servers, 12, "POST /api/v1/demo-sessions", lambda _: body, token=key)
    assert {answer["code"] for _, answer in answers} == {"operator_disabled"}
    await asyncio.to_thread(servers.croupier, "operator", "enable", "two")
    answers = await on_new_connections(servers, 12, "POST /api/v1/demo-sessions", lambda _: body, token=key)
    assert [status for status, _ in answers] == [201] * 12


def test_a_worker_is_killed_under_load(servers: Servers) -> None:
    perform(_kill(servers))


async def _kill(servers: Servers) -> None:
    balancer = Balancer([servers.ports[0]], round_robin())
    await balancer.start(servers.balancer_port)
    players = table(servers.demo, 12, seed=9)
    await sit(players)
    stop = asyncio.Event()

    async def play(player: Player) -> None:
        while not stop.is_set():
            await player.play(stop)

    playing = asyncio.gather(*(play(player) for player in players))
    await asyncio.sleep(1.5)
    os.kill(workers_of(servers)[1], signal.SIGKILL)
    await asyncio.sleep(1.5)
    stop.set()
    await asyncio.wait_for(playing, 30)
    for player in players:
        await player.settle()

    async def equal() -> bool:
        ours = await journal_of(servers.dsn, "p9-")
        return not compared(ours, *casino_of(servers.folder / "casino" / "casino.sqlite3", "p9-"))

    await eventually(equal, 10.0)
    await balancer.close()
