"""Brings the schema up to date: Alembic, with the SQL files of `migrations/versions`."""

import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import asyncpg
import sqlalchemy
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from croupier.store.migrations import VERSIONS
from croupier.store.partitions import make_partitions

FOLDER = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 0x63726F75
"""Key of the advisory lock that a migrating process holds."""


async def migrate(dsn: str, target: str = "head") -> list[str]:
    """Apply what is missing, each file in a transaction of its own, and make the journal's next partitions.

    Returns the versions that were applied. The login must own the schema. Several processes may call it at once.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", ONE_AT_A_TIME)
        applied = await _alembic(dsn, target, apply=True)
        await make_partitions(connection, time.time_ns() // 1000)
    finally:
        await connection.close()
    return applied


async def pending(dsn: str) -> list[str]:
    """Versions that are not applied. Empty = the schema is this release's."""
    return await _alembic(dsn, "head", apply=False)


async def _alembic(dsn: str, target: str, *, apply: bool) -> list[str]:
    def within(connection: sqlalchemy.Connection) -> list[str]:
        scripts = SqlFiles(FOLDER)
        current = MigrationContext.configure(connection).get_current_revision() or "base"
        steps = scripts._upgrade_revs(target, current)  # noqa: SLF001 - what Alembic's own `upgrade` command calls
        missing = [step.revision.revision for step in steps]
        connection.rollback()  # Alembic leaves the committing to whoever has begun, and that was the reading above
        if apply and missing:
            options = {"transaction_per_migration": True, "fn": lambda *_: steps}
            context = MigrationContext.configure(connection, opts=options)
            with context.begin_transaction():
                context.run_migrations(connection=connection)
        return missing

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(dsn), poolclass=sqlalchemy.NullPool
    )
    async with engine.connect() as connection:
        return await connection.run_sync(within)


class SqlFiles(ScriptDirectory):
    """Alembic's revisions, from the list of SQL files instead of a folder of Python modules."""

    def _load_revisions(self) -> Iterator[Script]:
        before: str | None = None
        for version in VERSIONS:
            path = FOLDER / "versions" / f"{version}.sql"
            yield Script(_module(version, before, path.read_text(encoding="utf-8")), version, path)
            before = version


def _module(version: str, before: str | None, sql: str) -> ModuleType:
    def upgrade(connection: sqlalchemy.Connection) -> None:
        # This statement begins the transaction that the file runs in.
        connection.execute(sqlalchemy.text("SELECT set_config('lock_timeout', '10s', true)"))
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.run_async(lambda database: database.execute(sql))

    module = ModuleType(version, version.replace("_", " "))
    module.__dict__.update(revision=version, down_revision=before, upgrade=upgrade)
    return module
