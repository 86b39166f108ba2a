"""The real platform on a real database, and wallets of the catalogue behind real HTTP; one clock that can be stepped.

Hours pass in moments: platform and wallets share a stepped clock, so the settings are those of production (`max_life`
660 s, retries up to a minute apart, alarms after 1 and 15 minutes). Only the time-out of a call is shorter, since
sockets live in real time.
"""

import asyncio
import contextlib
import datetime as dt
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest
import pytest_asyncio
import uvicorn

from croupier.domain.parties import Operator
from croupier.ledger.asked import Asked
from croupier.main.app import Worker, create
from croupier.main.settings import Settings
from croupier.rounds.events import Event
from croupier.runtime.projector import run as project
from croupier.sandbox.run import server
from croupier.sandbox.settings import CasinoSettings
from croupier.store import formats
from croupier.store.catch_up import catch_up
from croupier.store.reconciliations import Document, keep, reconcile
from croupier.store.registry import new_secret
from journeys.books import Book, casino_of, compared, journal_of
from ports import free_port
from postgres import dsn_of, new_database
from zoo.stepped_clock import LeasesAt, SteppedClock

TIMEOUT_MS = 400
PATIENCE_S = 20.0

SURE_WIN = {
    "bet": 100,
    "choice": {
        "bets": [
            {"type": "red", "amount": 40},
            {"type": "black", "amount": 40},
            {"type": "straight", "numbers": [0], "amount": 20},
        ]
    },
}
"""Every number of the wheel pays something."""

_numbers = itertools.count(1)


@dataclass
class Wallet:
    """An operator whose wallet is a server of its own: the sandbox casino's."""

    zoo: "Zoo"
    operator: Operator
    settings: CasinoSettings
    api_key: str = ""
    players: int = 0
    _server: uvicorn.Server | None = None
    _serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._server = server(self.settings, self.zoo.clock)
        self._server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign]
        self._serving = asyncio.create_task(self._server.serve())
        while not self._server.started:
            assert not self._serving.done(), "the wallet did not start"
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        assert self._server is not None
        assert self._serving is not None
        self._server.should_exit = True
        await self._serving

    async def restart(self, **changes: Any) -> None:
        """Start again what was stopped; `changes` to its settings."""
        self.settings = msgspec.structs.replace(self.settings, **changes)
        await self.start()

    async def switch(self, name: str, calls: tuple[str, ...] = ()) -> None:
        async with httpx.AsyncClient(base_url=self.operator.wallet_url.removesuffix("/wallet")) as http:
            answer = await http.post("/bug", json={"name": name, "calls": calls})
            assert answer.status_code == 200, answer.text

    async def player(self, game_id: str) -> "Player":
        self.players += 1
        player_id = f"{self.operator.operator_id}-{self.players}"
        async with httpx.AsyncClient(base_url=self.operator.wallet_url.removesuffix("/wallet")) as http:
            opened = await http.post("/players", json={"player_id": player_id, "currency": "EUR", "balance": 100_000})
            assert opened.status_code == 201, opened.text
        http, key = self.zoo.http, {"Authorization": f"Bearer {self.api_key}"}
        await http.put(f"/api/v1/players/{player_id}", json={"currency": "EUR"}, headers=key)
        body = {"player_id": player_id, "game_id": game_id}
        launched = await http.post("/api/v1/sessions", json=body, headers=key)
        assert launched.status_code == 201, launched.text
        token = httpx.URL(launched.json()["launch_url"]).params["token"]
        session = await http.post("/play/v1/sessions", json={"token": token})
        return Player(self.zoo, player_id, {"Authorization": f"Bearer {session.json()['play_token']}"})

    async def differences(self) -> list[str]:
        """What the casino's book and ours do not agree on, once everything of ours has an end or none is in sight."""
        for _ in range(40):
            ours, theirs, balances = await self.books()
            found = compared(ours, theirs, balances)
            if not found:
                break
            self.zoo.clock.step(0.1)
            await asyncio.sleep(0.05)
        return found

    async def reconcile(self, clocks_differ_s: int = 0) -> list[tuple[str, str]]:
        """What `croupier reconcile` finds in the casino's own statements, once their days are over: code and player.

        What rules allow to be done at once is done. `clocks_differ_s`: by how much a clock was set back meanwhile.
        """
        found, last = [], dt.datetime.fromtimestamp(self.zoo.clock.now() / 1e6, dt.UTC).date()
        pool = self.zoo.worker.platform.pool
        await catch_up(self.zoo.dsn, pool, 10)
        for day in (last - dt.timedelta(1), last):
            async with httpx.AsyncClient(base_url=self.operator.wallet_url.removesuffix("/wallet")) as http:
                statement = (await http.get("/statement", params={"date": day.isoformat()})).content
            asked = Asked(self.operator.operator_id, day, clocks_differ=clocks_differ_s * 1_000_000)
            later = self.zoo.clock.now() + 2 * 86_400_000_000
            name, document = await reconcile(pool, asked, lambda statement=statement: [statement], later)
            async with pool.acquire() as db, db.transaction():
                await keep(db, name, document, "zoo", later)
            differences = msgspec.json.decode(document, type=Document).report.differences
            found += [(d.code, (d.ours or d.theirs).player_id) for d in differences if d.action != "wait"]
        return sorted(found)

    async def books(self) -> tuple[Book, Book, dict[str, int]]:
        """Ours, the casino's, and by how much the casino's balances have changed."""
        prefix = self.operator.operator_id
        ours = await journal_of(self.zoo.dsn, prefix)
        return ours, *casino_of(self.settings.data / "casino.sqlite3", prefix)


@dataclass
class Player:
    zoo: "Zoo"
    player_id: str
    key: dict[str, str]

    async def bet(self, body: dict[str, Any] | None = None) -> "Round":
        request = {"request_id": f"r{next(_numbers)}", **(body or {"bet": 100})}
        began = self.zoo.clock.now()
        for _ in range(50):
            answer = await self.zoo.http.post("/play/v1/rounds", json=request, headers=self.key)
            if answer.status_code != 503:
                break
            await asyncio.sleep(0.1)  # the platform has not yet noticed that its clock is right again
        return Round(self, answer.json()["round_id"], began, answer.status_code, answer.json())


@dataclass
class Round:
    player: Player
    round_id: str
    began: int
    status: int
    told: dict[str, Any] = field(repr=False)

    async def state(self) -> str:
        path = f"/play/v1/rounds/{self.round_id}"
        answer = await self.player.zoo.http.get(path, headers=self.player.key)
        state: str = answer.json()["state"]
        return state

    async def reaches(self, state: str, step_s: float = 10.0) -> int:
        """Time passes until the round is in that state; its age then, in whole seconds."""
        clock = self.player.zoo.clock
        until = asyncio.get_running_loop().time() + PATIENCE_S
        while (now := await self.state()) != state:
            assert asyncio.get_running_loop().time() < until, f"still {now} at the age of {self.age_s} s"
            await asyncio.sleep(0.02)
            clock.step(step_s)
        return self.age_s

    @property
    def age_s(self) -> int:
        return (self.player.zoo.clock.now() - self.began) // 1_000_000

    async def events(self) -> list[Event]:
        """What the journal holds of this player, in order."""
        connection = await asyncpg.connect(self.player.zoo.dsn)
        try:
            rows = await connection.fetch(
                "SELECT format, payload FROM journal JOIN seats USING (seat_id) WHERE player_id = $1 ORDER BY seq",
                self.player.player_id,
            )
        finally:
            await connection.close()
        return [event for number, payload in rows for event in formats.decode(number, payload)]


@dataclass
class Zoo:
    worker: Worker
    http: httpx.AsyncClient
    clock: SteppedClock
    dsn: str
    folder: Path
    wallets: list[Wallet] = field(default_factory=list)

    async def wallet(self, name: str, *, signed: bool = False, **settings: Any) -> Wallet:
        """A new operator called after `name`, its wallet running and correct."""
        port = free_port()
        operator_id = f"{name}-{next(_numbers)}"
        secret, answer_secret = new_secret(), new_secret()
        operator = Operator(
            *(operator_id, settings.pop("dialect", "native"), f"http://127.0.0.1:{port}/wallet", (secret,), ("EUR",)),
            timeout_ms=TIMEOUT_MS,
            signed_answers=signed,
            answer_secrets=(answer_secret,) if signed else (),
            **settings,
        )
        casino = CasinoSettings(
            data=self.folder / operator_id,
            wallet_secrets=(secret,),
            port=port,
            answer_secrets=(answer_secret,) if signed else (),
        )
        wallet = Wallet(self, operator, casino)
        registry = self.worker.platform.registry
        wallet.api_key = await registry.add_operator(operator, self.clock.now())
        await self.worker.platform.directory.find(operator_id)
        await wallet.start()
        self.wallets.append(wallet)
        return wallet


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(postgres_server, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Zoo]:
    dsn = dsn_of(postgres_server, await new_database(postgres_server))
    folder, clock = tmp_path_factory.mktemp("zoo"), SteppedClock()
    parts = {"clock": clock, "leases": lambda real: LeasesAt(real, clock)}
    worker = create(Settings(data=folder, database_url=dsn, port=free_port()), **parts)
    await worker.start()
    stop = asyncio.Event()
    projector = asyncio.create_task(project(dsn, stop))
    transport = httpx.ASGITransport(app=worker, client=("192.0.2.1", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://platform.test") as http:
        yield Zoo(worker, http, clock, dsn, folder)
    stop.set()
    await projector
    await worker.close()


@pytest_asyncio.fixture(loop_scope="module")
async def zoo(platform: Zoo) -> AsyncIterator[Zoo]:
    """The platform with the system's time; its wallets end with the test."""
    platform.clock.back()
    yield platform
    for wallet in platform.wallets:
        await wallet.stop()
    platform.wallets.clear()
    platform.clock.back()
