"""kill -9 while the sum of free rounds is owed, or before it is: after the next start it is told, and paid once."""

import asyncio
import random
import time
from pathlib import Path

import pytest

from croupier.store.connect import open_pool
from croupier.store.registry import Registry
from croupier.store.vault import Vault, master_keys
from dialects.sides import Side, added, running
from journeys.books import casino_of, compared, journal_of
from journeys.players import GAMES, Caller, Player, until_answered
from postgres import dsn_of, new_database

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]

TOLD_S = 30

PLAYED = {"ana": (3, 3), "bea": (2, 2), "cyd": (5, 2)}
"""Player -> free rounds, and how many of them are played before the platform dies."""


async def test_sums_outlive_their_process(postgres_server, tmp_path: Path):
    dsn = dsn_of(postgres_server, await new_database(postgres_server))
    pool = await open_pool(dsn, "test", size=2)
    side = await added(Registry(pool, Vault(*master_keys(tmp_path))), "softswiss-v1", tmp_path)
    await pool.close()
    try:
        with running(dsn, tmp_path) as (address, process):
            issued = {player: await _issued(side, address, player) for player in PLAYED}
            # One sum is paid and its answer lost, the other does not arrive; the third is due after the next start.
            await asyncio.to_thread(side.casino.post, "/break", mode="lost_answers", calls=["win"])
            won = {"ana": await _played(side, issued["ana"])}
            await asyncio.to_thread(side.casino.post, "/break", mode="http_500", calls=["win"])
            won |= {player: await _played(side, issued[player]) for player in ("bea", "cyd")}
            process.kill()
            process.wait(20)
        await asyncio.to_thread(side.casino.post, "/break", mode="off")
        with running(dsn, tmp_path) as (address, _):
            path = f"/api/v1/campaigns/{issued['cyd'].campaign_id}"
            assert (await Caller(address).call("DELETE", path, token=side.api_key) or [0])[0] == 204
            for player, ended in issued.items():
                await _told(side, Caller(address), ended.campaign_id, won[player])
        for player in PLAYED:
            ours = await journal_of(dsn, player)
            book, balances = casino_of(side.data / "casino.sqlite3", player)
            assert compared(ours, book, balances) == []
            assert (balances, ours.pending) == ({player: won[player]}, 0)
            lines = side.casino.get(f"/ledger?player_id={player}")["items"]
            told = [(line["transaction_id"], line["kind"], line["amount"]) for line in lines]
            assert told == [(issued[player].campaign_id, "win", won[player])]
    finally:
        side.casino.kill()


async def _issued(side: Side, address: str, name: str) -> Player:
    rounds, _ = PLAYED[name]
    platform, casino = Caller(address), Caller(side.casino.url)
    issue = await side.issues(platform, casino, name, rounds=rounds)
    player = Player(platform, casino, side.api_key, name, GAMES[0], random.Random(1), issue)
    await player.sit_down()
    return player


async def _played(side: Side, player: Player) -> int:
    """What these free rounds have won."""
    for _ in range(PLAYED[player.player_id][1]):
        await player.play()
    path = f"/api/v1/rounds?campaign_id={player.campaign_id}"
    found = await until_answered(player.platform, "GET", path, token=side.api_key)
    return sum(one["win"] for one in found["items"] if not one["settlement"])


async def _told(side: Side, platform: Caller, name: str | None, won: int) -> None:
    until = time.monotonic() + TOLD_S
    while True:
        found = await until_answered(platform, "GET", f"/api/v1/rounds?campaign_id={name}", token=side.api_key)
        sums = [one for one in found["items"] if one["settlement"]]
        if sums and sums[0]["state"] == "closed":
            break
        assert time.monotonic() < until, f"the sum is not told: {found}"
        await asyncio.sleep(0.3)
    assert [one["win"] for one in sums] == [won]
    campaign = await until_answered(platform, "GET", f"/api/v1/campaigns/{name}", token=side.api_key)
    assert (campaign["won"], campaign["owed"]) == (won, 0)
