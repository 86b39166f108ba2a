"""Operators of a real platform, one for each API, each with a casino of its own: what tests of several are made of."""

import asyncio
import datetime as dt
import hashlib
import hmac
import json
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
from msgspec.structs import replace

from croupier.dialects import DIALECTS
from croupier.domain.parties import Operator
from croupier.store.registry import Registry, new_secret
from dialects.examples import HERE, operator_of
from journeys.books import casino_of, compared, journal_of
from journeys.demo_process import CROUPIER
from journeys.players import GAMES, OPENING, Caller, Player, until_answered
from ports import free_port
from sandbox.process import CasinoProcess

PLAYERS = 6
FREE = 5
LOST_OF_100 = 5
START_S = 60
CLOSING_S = 60


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
            free = await self.gives(platform, casino, name) if game == GAMES[0] and counted_here else None
            player = Player(platform, casino, self.api_key, name, game, random.Random(name), free)
            await player.sit_down()
            self.players.append(player)

    async def gives(self, platform: Caller, casino: Caller, player_id: str) -> str:
        """Free rounds, for those who count theirs at the platform."""
        if DIALECTS[self.operator.dialect].abilities.free_sum:
            return await self.issues(platform, casino, player_id)
        path, now = f"/api/v1/campaigns/for-{player_id}", dt.datetime.now(dt.UTC)
        lasts = {"starts_at": now.isoformat(), "ends_at": (now + dt.timedelta(days=1)).isoformat()}
        body = {"game_ids": [GAMES[0]], "rounds": FREE, "bet": 20, "currency": "EUR", **lasts}
        await until_answered(platform, "PUT", path, body, self.api_key)
        await until_answered(platform, "PUT", f"{path}/players", {"player_ids": [player_id]}, self.api_key)
        return f"for-{player_id}"

    async def issues(self, platform: Caller, casino: Caller, player_id: str, *, rounds: int = FREE) -> str:
        """By the API's own call: the wallet hears once what all of them have won."""
        name, until = f"for-{player_id}", dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        await until_answered(
            casino, "POST", "/players", {"player_id": player_id, "currency": "EUR", "balance": OPENING}
        )
        await until_answered(casino, "POST", f"/players/{player_id}", {"issue": name})
        asked = {
            "casino_id": self.operator.operator_id,
            "issue_id": name,
            "currency": "EUR",
            "games": [f"croupier:{GAMES[0]}"],
            "freespins_quantity": rounds,
            "bet_level": 1,
            "valid_until": until.isoformat(timespec="seconds"),
            "user": {"id": player_id},
        }
        body = json.dumps(asked).encode()
        signed = hmac.new(self.operator.wallet_secrets[0].encode(), body, hashlib.sha256).hexdigest()
        url = f"{platform.base}/dialects/{self.operator.dialect}/freespins/issue"
        async with httpx.AsyncClient() as http:
            answer = await http.post(url, content=body, headers={"X-REQUEST-SIGN": signed})
        assert (answer.status_code, answer.json()) == (200, {})
        return name

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
    await registry.change_operator(replace(stored, wallet_url=f"{casino.url}/wallet"), 1)
    return Side(stored, api_key, casino, folder / dialect)


@contextmanager
def served(dsn: str, folder: Path) -> Iterator[str]:
    """`croupier serve` on that database; its address."""
    with running(dsn, folder) as (address, _):
        yield address


@contextmanager
def running(dsn: str, folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """As `served`, with its first process, for who wants to kill it."""
    port = free_port()
    command = [str(CROUPIER), "serve", "--port", str(port), "--data", str(folder)]
    process = subprocess.Popen(command, env={**os.environ, "CROUPIER_DATABASE_URL": dsn})
    address, until = f"http://127.0.0.1:{port}", time.monotonic() + START_S
    try:
        while not _ready(address):
            assert process.poll() is None, "the platform did not start"
            assert time.monotonic() < until, "the platform does not answer"
            time.sleep(0.1)
        yield address, process
    finally:
        process.terminate()
        process.wait(20)


def _ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
