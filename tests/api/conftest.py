"""The real application on a real database; only the wallet on the other side is a book in memory."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from croupier.domain.exchange import HttpRequest, HttpResponse, NoAnswer
from croupier.domain.parties import Operator
from croupier.main.app import Worker, create
from croupier.main.settings import Settings
from croupier.runtime.clock import SystemClock
from croupier.runtime.play_money import DemoWallet
from croupier.runtime.projector import run as project
from croupier.store import reads
from croupier.store.registry import new_secret
from postgres import dsn_of, new_database


class Wallets:
    """A network with one correct wallet per operator. `fails`: what to answer instead, until it is None again."""

    def __init__(self) -> None:
        self.by_host: dict[str, DemoWallet] = {}
        self.fails: HttpResponse | NoAnswer | None = None
        self.calls: list[str] = []

    async def send(self, request: HttpRequest, *, private: bool, **share: Any) -> HttpResponse | NoAnswer:
        self.calls.append(request.url.rpartition("/")[2])
        if self.fails is not None:
            return self.fails
        return await self.by_host[request.url.split("/")[2]].send(request, private=private, **share)


@dataclass
class Casino:
    """An operator with its key, its wallet and a client that uses them."""

    operator: Operator
    api_key: str
    wallet: DemoWallet
    http: httpx.AsyncClient = field(repr=False)

    async def call(self, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.api_key}"} | given.pop("headers", {})
        return await self.http.request(method, f"/api/v1{path}", headers=headers, **given)

    async def player(self, player_id: str, balance: int = 100_000, currency: str = "EUR") -> None:
        self.wallet.book.open_account(player_id, currency, balance)
        answer = await self.call("PUT", f"/players/{player_id}", json={"currency": currency})
        assert answer.status_code in (200, 201), answer.text

    async def launch(self, player_id: str, game_id: str = "krakens-hoard", **more: Any) -> dict[str, Any]:
        body = {"player_id": player_id, "game_id": game_id, **more}
        answer = await self.call("POST", "/sessions", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def hand(self, name: str) -> "tuple[Seat, dict[str, Any]]":
        """A dealt hand that waits for its player and may stand: no natural, and no question about insurance."""
        for attempt in range(40):
            await self.player(f"{name}-{attempt}")
            seat = await self.open(f"{name}-{attempt}", "blackjack")
            dealt = (await seat.bet("deal")).json()
            if dealt["state"] == "in_play" and "stand" in {offered["action"] for offered in dealt["next_actions"]}:
                return seat, dealt
        raise AssertionError("forty hands in a row that cannot stand")

    async def open(self, player_id: str, game_id: str = "krakens-hoard", **more: Any) -> "Seat":
        launched = await self.launch(player_id, game_id, **more)
        token = token_of(launched["launch_url"])
        answer = await self.http.post("/play/v1/sessions", json={"token": token})
        assert answer.status_code == 201, answer.text
        return Seat(self.http, answer.json()["play_token"], launched["session_id"], player_id)


@dataclass
class Seat:
    """A game client that is signed in."""

    http: httpx.AsyncClient
    play_token: str
    session_id: str
    player_id: str

    async def call(self, method: str, path: str, **given: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.play_token}"} | given.pop("headers", {})
        return await self.http.request(method, f"/play/v1{path}", headers=headers, **given)

    async def bet(self, request_id: str, bet: int = 100, **more: Any) -> httpx.Response:
        return await self.call("POST", "/rounds", json={"request_id": request_id, "bet": bet, **more})


def token_of(launch_url: str) -> str:
    return httpx.URL(launch_url).params["token"]


@dataclass
class House:
    """The platform, and a way to add operators to it."""

    worker: Worker
    http: httpx.AsyncClient
    wallets: Wallets

    async def casino(self, operator_id: str, *, currencies: tuple[str, ...] = ("EUR", "JPY")) -> Casino:
        host = f"{operator_id}.wallet.test"
        wallet = self.wallets.by_host[host] = DemoWallet(SystemClock(), new_secret())
        operator = Operator(operator_id, "native", f"http://{host}/w", (wallet.secret,), currencies)
        registry = self.worker.platform.registry
        api_key = await registry.add_operator(operator, self.worker.platform.now())
        return Casino(operator, api_key, wallet, self.http)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(postgres_server) -> AsyncIterator[House]:
    """One platform for all tests of a file; each test brings players of its own."""
    dsn = dsn_of(postgres_server, await new_database(postgres_server))
    wallets = Wallets()
    with tempfile.TemporaryDirectory() as folder:
        worker = create(Settings(data=Path(folder), database_url=dsn, port=24001), wallets)
        await worker.start()
        stop = asyncio.Event()
        projector = asyncio.create_task(project(dsn, stop))
        transport = httpx.ASGITransport(app=worker, client=("192.0.2.1", 5000))
        with pytest.MonkeyPatch.context() as patient:
            # Lists wait for the projector; on a busy machine longer than a caller would like to.
            patient.setattr(reads, "WAIT_S", 10.0)
            async with httpx.AsyncClient(transport=transport, base_url="http://platform.test") as http:
                yield House(worker, http, wallets)
        stop.set()
        await projector
        await worker.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def casino(house: House) -> Casino:
    return await house.casino("casino")


@pytest.fixture
def broken_wallet(house: House):
    """Every wallet answers as the test says, until its end."""

    def answer(with_: HttpResponse | NoAnswer) -> None:
        house.wallets.fails = with_

    yield answer
    house.wallets.fails = None
    house.worker.platform.runner.admission.standings.clear()  # the next test is not refused because of this one
