"""A demo whose worker dies on order, players at its tables, and what must be so after every death."""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crashes.doomed import ORDERS, children_of
from crashes.points import POINTS
from journeys.books import differences
from journeys.demo_process import pid_of, start_demo
from journeys.players import PATIENCE_S, SETTLING, Caller, Player, sit, table, until_answered

PLAYERS = 12
NEW_PLAYERS_AFTER = 25
RECOVERY_S = 10.0
OBEYED_S = 30.0
PLATFORM, PROJECTOR, DATABASE = "crashes.doomed", "croupier.main.projector", "postgres"
DEMO = (sys.executable, str(Path(__file__).with_name("doomed_demo.py")))


def doomed_house(folder: Path, port: int = 0, **environment: str) -> Iterator["House"]:
    orders = folder / "orders"
    orders.mkdir()
    for demo in start_demo(folder, DEMO, port, **{ORDERS: str(orders)}, **environment):
        yield House(demo, orders, environment)


@dataclass
class House:
    demo: dict[str, Any]
    orders: Path
    environment: dict[str, str]
    seats: int = 0
    deaths: int = -1
    players: list[Player] = field(default_factory=list)
    slowest_s: float = 0.0
    died: Counter[str] = field(default_factory=Counter)
    """What died where -> how often, with equal books and everything at rest afterwards."""
    rounds: int = 0

    @property
    def prefix(self) -> str:
        return f"p{self.seats}-"

    @property
    def rounds_played(self) -> int:
        return self.rounds + sum(player.rounds for player in self.players)

    @property
    def platform(self) -> Caller:
        return self.players[0].platform

    async def seat_players(self) -> None:
        """New players now and then; the books of those before are compared no more."""
        self.deaths += 1
        if self.players and self.deaths % NEW_PLAYERS_AFTER:
            # Connections belong to the event loop of a scene, and every death is a scene.
            platform, casino = Caller(self.demo["platform"]), Caller(self.demo["casino"])
            for player in self.players:
                player.platform, player.casino = platform, casino
            return
        self.seats += 1
        self.rounds += sum(player.rounds for player in self.players)
        self.players = table(self.demo, PLAYERS, seed=self.seats)
        await sit(self.players)

    def pid(self, what: str) -> int:
        """On a busy machine the supervisor may still be starting what died with the one before."""
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                return pid_of(self.demo["pid"], what)
            except (AssertionError, OSError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def order(self, point: str, nth: int, victim: str, signal_: int = signal.SIGKILL) -> None:
        pid = 0 if victim == PLATFORM else self.pid(victim)
        order = {"point": point, "nth": nth, "victim": pid, "family": victim == DATABASE, "signal": signal_}
        (self.orders / "obeyed.json").unlink(missing_ok=True)
        (self.orders / "order.new").write_text(json.dumps(order))
        (self.orders / "order.new").rename(self.orders / "order.json")

    def set_clock(self, ahead_s: int) -> None:
        """The worker's clock, until its life ends."""
        (self.orders / "clock").write_text(str(ahead_s))
        os.kill(self.pid(PLATFORM), signal.SIGUSR1)

    async def obeyed(self) -> dict[str, Any]:
        """What the worker saw when it did as it was told."""
        file = self.orders / "obeyed.json"
        until = time.monotonic() + OBEYED_S
        while not file.exists():
            assert time.monotonic() < until, "the ordered point was not reached"
            await asyncio.sleep(0.01)
        return json.loads(file.read_text())

    async def break_wallet(self, mode: str, share: int = 100, seed: int = 0) -> None:
        switched = await self.players[0].casino.call("POST", "/break", {"mode": mode, "share": share, "seed": seed})
        assert switched is not None
        assert switched[0] == 200

    async def ready(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            answered = await self.platform.call("GET", "/readyz", timeout_ms=3000)
            if answered is not None and answered[0] == 200:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the platform did not come back")

    async def rest(self) -> float:
        """Seconds until no round waits for the wallet any more, though nobody asks for it. At most RECOVERY_S."""
        since = time.monotonic()
        waiting = self.players
        while waiting := [player for player in waiting if await _is_settling(player)]:
            assert time.monotonic() - since < RECOVERY_S, f"{[p.player_id for p in waiting]} wait for the wallet"
            await asyncio.sleep(0.05)
        return time.monotonic() - since

    async def die(
        self, point: str, victim: str, rng: random.Random, signal_: int = signal.SIGKILL, pause_s: float = 0.0
    ) -> dict[str, Any]:
        """Players play, a process dies at that point, everything comes to rest, the books agree. What was seen.

        With SIGSTOP it stands still for `pause_s` instead.
        """
        rollbacks = POINTS[point].of == "rollback"
        fault = ("http_500", 30, rng.randrange(9**9)) if rollbacks else ("lost_answers", 3, rng.randrange(9**9))
        async with self.load(*fault):
            self.order(point, rng.randint(1, 12), victim, signal_)
            seen = await self.obeyed()
            if pause_s:
                await asyncio.sleep(pause_s)
                pid = self.pid(victim)
                for stopped in (pid, *children_of(pid)):
                    os.kill(stopped, signal.SIGCONT)
        return {**seen, "state": await self.state_of(seen["round_id"])}

    @asynccontextmanager
    async def load(self, mode: str = "off", share: int = 0, seed: int = 0) -> AsyncIterator[None]:
        """Players play meanwhile; afterwards everything comes to rest in time, and the books agree."""
        await self.seat_players()
        await self.break_wallet(mode, share, seed)
        stop = asyncio.Event()

        async def play(player: Player) -> None:
            while not stop.is_set():
                await player.play(stop)

        playing = asyncio.gather(*(play(player) for player in self.players))
        try:
            yield
        finally:
            stop.set()
        await self.break_wallet("off")
        await self.ready()
        self.slowest_s = max(self.slowest_s, await self.rest())
        await asyncio.wait_for(playing, PATIENCE_S)
        found = await differences(self.demo["data"], self.prefix)
        assert not found, "\n".join(found)

    def told(self) -> str:
        deaths = ", ".join(f"{what} {times}" for what, times in sorted(self.died.items()))
        return (
            f"deaths {sum(self.died.values())} ({deaths}); rounds {self.rounds_played:,}; money differences 0; "
            f"longest until nothing was open {self.slowest_s:.1f} s"
        )

    async def state_of(self, round_id: str | None) -> str | None:
        """None for a round that does not exist."""
        if round_id is None:
            return None
        answered = await self.platform.call("GET", f"/api/v1/rounds/{round_id}", token=self.demo["operator"]["api_key"])
        assert answered is not None
        assert answered[0] in (200, 404)
        return answered[1]["state"] if answered[0] == 200 else None


async def _is_settling(player: Player) -> bool:
    session = await until_answered(player.platform, "GET", "/play/v1/session", token=player.token)
    view = session["open_round"]
    return view is not None and view["state"] in SETTLING
