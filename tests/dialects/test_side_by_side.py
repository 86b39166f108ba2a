"""One platform, one operator for each API, all at once, and wallets that lose answers: all books agree with ours.

CROUPIER_TEST_DIALECT_ROUNDS=2000 plays the whole of it.
"""

import asyncio
import logging
import os
import time
from collections import Counter

import pytest

from croupier.dialects import DIALECTS
from croupier.store.connect import open_pool
from croupier.store.registry import Registry
from croupier.store.vault import Vault, master_keys
from dialects.sides import added, served
from postgres import dsn_of, new_database

ROUNDS = int(os.environ.get("CROUPIER_TEST_DIALECT_ROUNDS", "40"))
"""Of each operator."""
log = logging.getLogger(__name__)

pytestmark = [pytest.mark.timeout(300 + ROUNDS), pytest.mark.asyncio(loop_scope="module")]


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
