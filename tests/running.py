"""A platform on a real port with a real database, and what `croupier operator add` tells an operator of it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest_asyncio
import uvicorn

from croupier.dialects import DIALECTS, FACADES
from croupier.domain.parties import Operator
from croupier.main.app import Worker, create
from croupier.main.settings import Settings
from croupier.runtime.projector import run as project
from croupier.store.registry import new_secret
from ports import free_port
from postgres import dsn_of, new_database

PROXY = "127.0.0.1"
FRESH = httpx.Limits(max_keepalive_connections=0)
"""A connection for each call: a server closes one that was idle for seconds, perhaps just as it is used again."""


@dataclass
class House:
    worker: Worker
    port: int
    http: httpx.AsyncClient
    api_keys: dict[str, str] = field(default_factory=dict)
    """Operator -> key of the native API."""

    async def casino(
        self, operator_id: str, callback: str, dialect: str = "mascot", **changed: Any
    ) -> tuple[Operator, dict[str, Any]]:
        """As `croupier operator add` does: the operator, and what its technician is told. `changed`: fields of it."""
        registry, now = self.worker.platform.registry, self.worker.platform.now()
        abilities = DIALECTS[dialect].abilities
        plain = Operator(operator_id, dialect, callback, (new_secret(abilities.key),), ("EUR", "JPY"))
        given = msgspec.structs.replace(abilities.given_to(plain), **changed)
        self.api_keys[operator_id] = await registry.add_operator(given, now)
        operator = await registry.operator(operator_id)
        assert operator is not None
        return operator, FACADES[dialect].handover(operator, f"http://127.0.0.1:{self.port}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(postgres_server) -> AsyncIterator[House]:
    dsn, port = dsn_of(postgres_server, await new_database(postgres_server)), free_port()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data=Path(folder), database_url=dsn, port=port, public_url=f"http://127.0.0.1:{port}", trusted_proxies=PROXY
        )
        worker = create(settings)
        server = uvicorn.Server(
            uvicorn.Config(worker, port=port, lifespan="on", log_level="warning", proxy_headers=False)
        )
        serving = asyncio.create_task(server.serve())
        stop = asyncio.Event()
        projector = asyncio.create_task(project(dsn, stop))
        while not server.started:
            assert not serving.done(), "the platform did not start"
            await asyncio.sleep(0.02)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, limits=FRESH) as http:
            yield House(worker, port, http)
        stop.set()
        await projector
        server.should_exit = True
        await serving
