"""Checks of wallets that several servers take at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from croupier.domain.parties import Operator
from croupier.store.certifications import AT_ONCE, Asked, Certification, ask_for, take_next
from croupier.store.connect import Pool, open_pool
from croupier.store.registry import Registry
from croupier.store.vault import Vault

SERVERS = 8


@pytest.fixture
async def pool(postgres_dsn: str) -> AsyncIterator[Pool]:
    pool = await open_pool(postgres_dsn, "test", SERVERS)
    yield pool
    await pool.close()


async def test_however_many_servers_look_at_once_so_many_run_and_the_oldest_first(pool: Pool) -> None:
    registry = Registry(pool, Vault(bytes(32)))
    for n in range(SERVERS):
        await registry.add_operator(Operator(f"op{n}", "native", "http://127.0.0.1:1", ("s",), ("EUR",)), 1)
        asked = Asked(rules=("BAL-01",), level="basic", whole=False, currency="EUR", players=("ana",))
        async with pool.acquire() as db:
            await ask_for(db, Certification(
                certification_id=f"cert_{n}", operator_id=f"op{n}", state="queued", asked=asked, asked_by="test",
                asked_at=100 - n, wallet=None, began_at=None, ended_at=None, why="", fix_first="", verdicts={},
            ))  # fmt: skip
    for _ in range(5):
        await asyncio.gather(*(pool.execute("SELECT 1") for _ in range(SERVERS)))  # all connections are there
        taken = await asyncio.gather(*(take_next(pool) for _ in range(SERVERS)))
        assert sorted(one for one in taken if one) == [f"cert_{n}" for n in range(SERVERS - AT_ONCE, SERVERS)]
        await pool.execute("UPDATE certifications SET state = 'queued'")
