"""Ten thousand rounds by API while the casino's wallet loses answers: both books agree to the minor unit."""

import asyncio
import os
from collections import Counter
from typing import Any

from journeys.books import differences
from journeys.players import Player, perform, sit, table

ROUNDS = int(os.environ.get("CROUPIER_TEST_ROUNDS", "10000"))
PLAYERS = 64


def test_ten_thousand_rounds_with_lost_answers_leave_two_equal_books(demo: dict[str, Any]) -> None:
    players = table(demo, PLAYERS, seed=1)
    found = perform(_play(players, demo))
    ends = Counter[str]()
    for player in players:
        ends.update(player.counts)
    assert sum(p.rounds for p in players) >= ROUNDS
    assert ends["wallet_unknown"] > 0, "answers of bets were lost"
    assert ends["closed"] > 0
    assert found == []


async def _play(players: list[Player], demo: dict[str, Any]) -> list[str]:
    await sit(players)
    casino = players[0].casino
    switched = await casino.call("POST", "/break", {"mode": "lost_answers", "share": 5, "seed": 7})
    assert switched == (200, {"mode": "lost_answers"})
    left = iter(range(ROUNDS))

    async def play(player: Player) -> None:
        for _ in left:
            await player.play()

    try:
        await asyncio.gather(*(play(p) for p in players))
    finally:
        await casino.call("POST", "/break", {"mode": "off"})
    for player in players:
        await player.settle()
    return await differences(demo["data"], "p1-")
