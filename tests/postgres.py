"""PostgreSQL for tests, as a pytest plugin: the product's own launcher, one server a run, a database a test."""

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from croupier.store.embedded import DATABASE, EmbeddedPostgres
from croupier.store.migrate import migrate

_numbers = itertools.count(1)
_SPEED = "ALTER SYSTEM SET fsync = off"  # tests kill processes, never the machine


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """A running server whose database is migrated; it is the template of the tests' databases."""
    with tempfile.TemporaryDirectory(prefix="croupier-tests-") as folder:
        Path(folder).chmod(0o755)  # as root, the server runs as another user
        server = EmbeddedPostgres(Path(folder) / "data", say=lambda _: None)
        server.start()
        server.wait_ready()
        asyncio.run(_prepare(server.dsn))
        yield server
        server.stop()


async def _prepare(dsn: str) -> None:
    await migrate(dsn)
    connection = await asyncpg.connect(dsn)
    await connection.execute(_SPEED)
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


async def new_database(server: EmbeddedPostgres, template: str = DATABASE) -> str:
    """Name of a new database, made from a template."""
    name = f"test_{next(_numbers)}"
    connection = await asyncpg.connect(dsn_of(server, "postgres"))
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    await connection.close()
    return name


def dsn_of(server: EmbeddedPostgres, database: str) -> str:
    return server.dsn.replace(f"/{DATABASE}?", f"/{database}?")


@pytest.fixture
async def postgres_dsn(postgres_server: EmbeddedPostgres) -> AsyncIterator[str]:
    """A fresh, migrated database."""
    name = await new_database(postgres_server)
    yield dsn_of(postgres_server, name)
    connection = await asyncpg.connect(dsn_of(postgres_server, "postgres"))
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()
