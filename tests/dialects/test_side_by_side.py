"""One platform, one operator for each API, all at once, and wallets that lose answers: all books agree with ours.

CROUPIER_TEST_DIALECT_ROUNDS=2000 plays the whole of it.
"""

import asyncio
import datetime as dt
import logging
import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from croupier.dialects import DIALECTS
from croupier.domain.parties import Operator
from croupier.store.connect import open_pool
from croupier.store.registry import Registry, new_secret
from croupier.store.vault import Vault, master_keys
from dialects.examples import HERE, operator_of
from journeys.books import casino_of, compared, journal_of
from journeys.demo_process import CROUPIER
from journeys.players import GAMES, Caller, Player, until_answered
from postgres import dsn_of, new_database
from sandbox.process import CasinoProcess, free_port

ROUNDS = int(os.environ.get("CROUPIER_TEST_DIALECT_ROUNDS", "40"))
"""Of each operator."""
PLAYERS = 6
FREE = 5
LOST_OF_100 = 5
log = logging.getLogger(__name__)

START_S = 60
CLOSING_S = 60

pytestmark = [pytest.mark.timeout(300 + ROUNDS), pytest.mark.asyncio(loop_scope="module")]


@dataclass
class Side:
    """One operator: what it has agreed with the platform, its casino's process, its players."""

    operator: Operator
    api_key: str
    casino: CasinoProcess
    data: Path
    players: list[Player] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return f"{self.operator.dialect}-"

    async def sits_down(self, address: str) -> None:
        platform, casino = Caller(address), Caller(self.casino.url)
        for number in range(PLAYERS):
            name = f"{self.prefix}{number}"
            game = GAMES[number % len(GAMES)]
            await until_answered(platform, "PUT", f"/api/v1/players/{name}", {"currency": "EUR"}, self.api_key)
            counted_here = DIALECTS[self.operator.dialect].abilities.free_bets in ("call", "local")
            free = await self.gives(platform, name) if game == GAMES[0] and counted_here else None
            player = Player(platform, casino, self.api_key, name, game, random.Random(name), free)
            await player.sit_down()
            self.players.append(player)

    async def gives(self, platform: Caller, player_id: str) -> str:
        """Free rounds, for those who count theirs at the platform."""
        path, now = f"/api/v1/campaigns/for-{player_id}", dt.datetime.now(dt.UTC)
        lasts = {"starts_at": now.isoformat(), "ends_at": (now + dt.timedelta(days=1)).isoformat()}
        body = {"game_ids": [GAMES[0]], "rounds": FREE, "bet": 20, "currency": "EUR", **lasts}
        await until_answered(platform, "PUT", path, body, self.api_key)
        await until_answered(platform, "PUT", f"{path}/players", {"player_ids": [player_id]}, self.api_key)
        return f"for-{player_id}"

    async def plays(self, rounds: int) -> None:
        fault = {"mode": "lost_answers", "share": LOST_OF_100, "seed": 11}
        assert await self.players[0].casino.call("POST", "/break", fault) == (200, {"mode": "lost_answers"})
        left = iter(range(rounds))

        async def play(player: Player) -> None:
            for _ in left:
                await player.play()

        try:
            await asyncio.gather(*(play(player) for player in self.players))
        finally:
            await self.players[0].casino.call("POST", "/break", {"mode": "off"})
        for player in self.players:
            await player.settle()

    async def differences(self, dsn: str) -> list[str]:
        until = time.monotonic() + CLOSING_S
        ours = await journal_of(dsn, self.prefix)
        while ours.pending and time.monotonic() < until:
            await asyncio.sleep(0.3)
            ours = await journal_of(dsn, self.prefix)
        book, balances = casino_of(self.data / "casino.sqlite3", self.prefix)
        assert len(balances) == PLAYERS
        return [f"{self.operator.dialect}: {what}" for what in compared(ours, book, balances)]

    @property
    def ends(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for player in self.players:
            counts.update(player.counts)
        return counts


async def added(registry: Registry, dialect: str, folder: Path) -> Side:
    """A casino of its own that speaks this API, with the settings of the API's examples, known to the platform."""
    agreed = operator_of(HERE / dialect / "any", {})
    kind = DIALECTS[dialect].abilities.key
    secrets = (new_secret(kind),) if kind != "rsa" else agreed.wallet_secrets
    operator = DIALECTS[dialect].abilities.given_to(
        replace(agreed, operator_id=f"{dialect}-casino", wallet_secrets=secrets, currencies=("EUR",))
    )
    api_key = await registry.add_operator(operator, time.time_ns() // 1000)
    stored = await registry.operator(operator.operator_id)
    assert stored is not None
    casino = await asyncio.to_thread(
        CasinoProcess,
        folder / dialect,
        CROUPIER_CASINO_DIALECT=dialect,
        CROUPIER_CASINO_OPERATOR_ID=stored.operator_id,
        CROUPIER_CASINO_NUMBER=str(stored.number),
        CROUPIER_CASINO_WALLET_SECRET=secrets[0],
        CROUPIER_CASINO_SETTINGS=",".join(f"{name}={value}" for name, value in stored.settings.items()),
    )
    await registry.change_operator(replace(stored, wallet_url=f"{casino.url}/wallet"))
    return Side(stored, api_key, casino, folder / dialect)


@contextmanager
def served(dsn: str, folder: Path) -> Iterator[str]:
    """`croupier serve` on that database; its address."""
    port = free_port()
    command = [str(CROUPIER), "serve", "--port", str(port), "--data", str(folder)]
    process = subprocess.Popen(command, env={**os.environ, "CROUPIER_DATABASE_URL": dsn})
    address, until = f"http://127.0.0.1:{port}", time.monotonic() + START_S
    try:
        while not _ready(address):
            assert process.poll() is None, "the platform did not start"
            assert time.monotonic() < until, "the platform does not answer"
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


async def test_an_operator_for_each_api_and_all_books_agree(postgres_server, tmp_path):
    dsn = dsn_of(postgres_server, await new_database(postgres_server))
    pool = await open_pool(dsn, "test", size=2)
    registry = Registry(pool, Vault(*master_keys(tmp_path)))
    sides = await asyncio.gather(*(added(registry, dialect, tmp_path) for dialect in DIALECTS))
    await pool.close()
    try:
        with served(dsn, tmp_path) as address:
            await asyncio.gather(*(side.sits_down(address) for side in sides))
            began = time.monotonic()
            await asyncio.gather(*(side.plays(ROUNDS) for side in sides))
            took = time.monotonic() - began
            found = [what for side in sides for what in await side.differences(dsn)]
    finally:
        for side in sides:
            side.casino.kill()
    assert not found, "\n".join(found)
    for side in sides:
        log.info("%s: %d rounds in %.0f s, %s", side.operator.dialect, ROUNDS, took, dict(side.ends))
        assert sum(player.rounds for player in side.players) == ROUNDS
        assert side.ends["closed"] > 0
    assert sum((side.ends for side in sides), Counter())["wallet_unknown"] > 0, "answers to bets were lost"
