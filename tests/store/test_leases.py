"""The leases' store: its contract in memory and on PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from croupier.store.leases import MemoryLeases, PostgresLeases
from croupier.store.records import Unavailable
from store.lease_contract import LeaseContract, unheard


class TestMemory(LeaseContract):
    @pytest.fixture
    def leases(self) -> MemoryLeases:
        return MemoryLeases(at=lambda: 1)

    @pytest.fixture
    def others(self, leases: MemoryLeases) -> MemoryLeases:
        return leases


class TestPostgres(LeaseContract):
    @pytest.fixture
    async def leases(self, postgres_dsn: str) -> AsyncIterator[PostgresLeases]:
        opened = PostgresLeases(postgres_dsn)
        yield opened
        await opened.close()

    @pytest.fixture
    async def others(self, postgres_dsn: str) -> AsyncIterator[PostgresLeases]:
        opened = PostgresLeases(postgres_dsn)
        yield opened
        await opened.close()

    async def test_an_absent_store_is_unavailable_and_then_there_again(self, leases: PostgresLeases) -> None:
        await leases.enter("a", "", unheard)
        dsn, leases.dsn = leases.dsn, "postgresql://nobody@127.0.0.1:1/nothing"
        await leases.close()
        with pytest.raises(Unavailable):
            await leases.beat("a", 0)
        leases.dsn = dsn
        assert "a" in (await leases.beat("a", 0)).beats
