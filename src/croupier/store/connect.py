"""Connections to PostgreSQL, with the rights and the limits that our work needs."""

from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    # Generic in the stubs only.
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Connection = asyncpg.Connection
    Pool = asyncpg.Pool

AWAY = (
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that died in the middle of a statement
)
"""How it looks when the database cannot be reached, or went away meanwhile."""

TROUBLE = (*AWAY, OSError, asyncpg.PostgresError)
"""Anything that the database, or the way to it, can raise."""

ROLE = "croupier_app"

# Only where the login may: without the role it works with its own rights.
_TAKE_ROLE = """
SELECT set_config('role', rolname, false) FROM pg_roles
WHERE rolname = $1 AND CASE WHEN current_setting('server_version_num')::int >= 160000
                            THEN pg_has_role(oid, 'SET') ELSE pg_has_role(oid, 'MEMBER') END
"""

LIMITS = {
    "lock_timeout": "200ms",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "2s",
    "tcp_user_timeout": "5s",
}
"""For whoever writes while rounds wait: nothing may hold them up for long."""


BY_INDEX = {"enable_seqscan": "off", "enable_bitmapscan": "off", "jit": "off"}
"""For whoever follows the journal's end. With stale statistics PostgreSQL would read all that waits for each batch."""


async def take_role(connection: Connection) -> None:
    """Work as `croupier_app`, which may add to the journal and change nothing in it."""
    await connection.fetchval(_TAKE_ROLE, ROLE)


async def connect(dsn: str, name: str, settings: dict[str, str] | None = None) -> Connection:
    """One connection, or an error within 5 s. `name` shows in pg_stat_activity; `settings` are PostgreSQL's."""
    connection = await asyncpg.connect(
        dsn, timeout=5, server_settings={"application_name": f"croupier {name}", **(settings or {})}
    )
    await take_role(connection)
    return connection


async def open_pool(dsn: str, name: str, size: int = 8) -> Pool:
    """A pool for reads and for everything that is not the journal. Statements end after 30 s."""
    pool = asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        init=take_role,
        server_settings={"application_name": f"croupier {name}", "statement_timeout": "30s"},
    )
    return await pool
