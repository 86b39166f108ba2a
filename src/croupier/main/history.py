"""Past rounds for the demo: played by the real engine with its clock set back, for an operator of their own.

``python -m croupier.main.history ROUNDS`` plays what is missing up to so many. The operator's wallet is a book in
this process, so the demo casino's own ledger stays comparable with its rounds. An evening is played in memory and
written when it is over: however this process ends, nobody finds a round whose wallet is gone.
"""

import asyncio
import os
import random
import sys
import time
import uuid
from collections.abc import Callable

import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from croupier.dialects import DIALECTS
from croupier.domain.days import DAY_US
from croupier.domain.ids import text_of
from croupier.domain.parties import Operator, Player, SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.games.catalogue import GAMES
from croupier.games.catalogue.blackjack.strategy import decide
from croupier.games.catalogue.blackjack.table import Table
from croupier.games.game import Json
from croupier.main.database import vault
from croupier.main.settings import Settings
from croupier.main.terminal import voice
from croupier.runtime.entropy import SystemIds, SystemRng
from croupier.runtime.play_money import DemoWallet, NothingKept
from croupier.runtime.requests import ActionRequest, BetRequest
from croupier.runtime.round_runner import RoundRunner
from croupier.runtime.world import World
from croupier.store.journal import PostgresJournal
from croupier.store.memory import MemoryJournal, Streams
from croupier.store.players import put_player
from croupier.store.registry import Registry, new_secret

OPERATOR = "demo-history"
DAYS = 30
CURRENCIES = ("EUR", "EUR", "EUR", "USD", "USD", "JPY", "KWD", "BTC")
FAVOUR = {"slot": 5, "roulette": 3, "blackjack": 2}
PACE_US = 6_000_000


class PastClock:
    """Stands still while nobody waits. `at` in microseconds since 1970, UTC."""

    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> int:
        self.at += 1500
        return self.at

    def boot(self) -> int:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += int(seconds * 1_000_000)
        await asyncio.sleep(0)


class OneOperator:
    def __init__(self, operator: Operator) -> None:
        self.operator = operator

    def get(self, _operator_id: str) -> Operator:
        return self.operator


class Visitor:
    """A player of one evening: some dozens of rounds at one game, then home."""

    def __init__(self, operator: Operator, player_id: str, chance: random.Random) -> None:
        opened = time.time_ns() // 1000 - DAY_US - int(chance.betavariate(1.2, 1.2) * (DAYS - 1) * DAY_US)
        self.clock = PastClock(opened)
        self.chance = chance
        ids = SystemIds()
        self.player = Player(operator.operator_id, player_id, chance.choice(CURRENCIES))
        self.game = GAMES[
            chance.choices(tuple(GAMES), weights=tuple(5 if g.kind == "slot" else 3 for g in GAMES.values()))[0]
        ]
        wallet = DemoWallet(self.clock, operator.wallet_secrets[0])
        levels = self.game.bet_levels(self.player.currency)
        self.bet = levels[chance.randrange(min(6, len(levels)))]
        wallet.book.open_account(player_id, self.player.currency, levels[-1] * 200)
        self.streams = Streams()
        journal = MemoryJournal(self.streams, now=self.clock.now, random=ids.random)
        world = World(self.clock, SystemRng(), ids, wallet, journal, NothingKept())
        self.runner = RoundRunner(world, OneOperator(operator), GAMES, DIALECTS)
        self.session = Session("s_" + text_of(ids.random(15)), self.player.currency, "en", opened, opened + DAY_US)

    async def play(self, most: int) -> int:
        """At most so many rounds; how many it were."""
        key = SeatKey(self.player.operator_id, self.player.player_id, self.game.game_id, "real")
        seat = await self.runner.open_session(key, self.session)
        evening = min(most, 20 + int(self.chance.expovariate(1 / 60)))
        played = 0
        while played < evening:
            self.clock.at += PACE_US + self.chance.randrange(PACE_US)
            try:
                await self._round(seat.seat_id, played)
            except Refused as refused:
                if refused.code != "insufficient_funds":
                    raise
                break
            played += 1
        await self.runner.close()
        return played

    async def _round(self, seat_id: uuid.UUID, number: int) -> None:
        session_id = self.session.session_id
        view = await self.runner.bet(seat_id, session_id, self._opening(f"{number}"))
        step = 0
        while view.next_actions:
            step += 1
            self.clock.at += PACE_US // 3
            r = await self.runner.reading.find(seat_id, view.round_id)
            assert r is not None, "it was just played"
            # Only blackjack has rounds of several steps; its players know basic strategy.
            request = ActionRequest(f"{number}-{step}", decide(msgspec.json.decode(r.game_state, type=Table)))
            view = await self.runner.act(seat_id, session_id, view.round_id, request)

    def _opening(self, request_id: str) -> BetRequest:
        if self.game.scale:
            return BetRequest(request_id, self.bet)
        bets: list[dict[str, Json]] = [
            {"type": self.chance.choice(("red", "black", "even", "odd")), "amount": self.bet},
            {"type": "straight", "numbers": [self.chance.randrange(37)], "amount": self.bet},
            {"type": "dozen", "index": self.chance.randrange(1, 4), "amount": self.bet},
        ]
        chosen = bets[: self.chance.randrange(1, 4)]
        return BetRequest(request_id, self.bet * len(chosen), choice={"bets": chosen})


async def make(settings: Settings, rounds: int, progress: Callable[[int], None]) -> int:
    """Plays until the operator has so many rounds; returns how many were played now."""
    ids = SystemIds()
    journal = PostgresJournal(settings.database_url, now=lambda: time.time_ns() // 1000, random=ids.random, pool_size=2)
    await journal.open()
    try:
        operator = await Registry(journal.pool, vault(settings)).operator(OPERATOR)
        assert operator is not None, "the demo has made it"
        missing = rounds - await journal.pool.fetchval("SELECT count(*) FROM rounds WHERE operator_id = $1", OPERATOR)
        played = 0
        while played < missing:
            visitor = Visitor(operator, "guest-" + text_of(ids.random(6)), random.Random(ids.random(8)))  # noqa: S311 - who comes when; games draw elsewhere
            played += await visitor.play(missing - played)
            async with journal.pool.acquire() as connection:
                await put_player(connection, visitor.player, visitor.clock.now())
            for stream in visitor.streams.by_id.values():
                await journal.keep(stream.seat, stream.records)
            progress(played)
        return played
    finally:
        await journal.close()


def history_operator() -> Operator:
    """The operator of past rounds. Nobody answers at its wallet's address: it only looks back."""
    return Operator(OPERATOR, "native", "http://history.invalid", (new_secret(),), tuple(sorted(set(CURRENCIES))))


def main(rounds: int) -> None:
    # Whoever plays now comes first.
    os.nice(10)
    with Progress(
        "past rounds", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=voice, transient=True
    ) as bar:
        task = bar.add_task("past rounds", total=rounds)
        asyncio.run(make(Settings.read(), rounds, lambda played: bar.update(task, completed=played)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
