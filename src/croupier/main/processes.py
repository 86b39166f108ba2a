"""Which processes there are and how each is started: database, platform, projector, and beside them the demo casino."""

import asyncio
import secrets
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from croupier.main.place import PLACE
from croupier.main.settings import Settings
from croupier.main.supervisor import CannotStart, Child, Supervisor, module
from croupier.store.embedded import EmbeddedPostgres
from croupier.store.embedded_place import CannotRun
from croupier.store.migrate import migrate
from croupier.store.restore import RestoreUnfinished, must_be_whole

Say = Callable[[str], None]


def to_stderr(text: str) -> None:
    """Progress goes to stderr: stdout is for what scripts read."""
    print(text, file=sys.stderr, flush=True)


def must_be_free(host: str, port: int) -> None:
    """CannotStart when something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"port {port} is taken: another program listens on {host}:{port}. Stop it, or choose another --port."
            ) from error


def start_database(settings: Settings, say: Say) -> tuple[EmbeddedPostgres | None, str]:
    """The database server when it is ours, and how to reach it; its schema is brought up to date."""
    database, dsn = None, settings.database_url
    if not dsn:
        settings.data.mkdir(parents=True, exist_ok=True)
        database = EmbeddedPostgres(settings.data, say)
        try:
            database.start()
            database.wait_ready()
        except CannotRun as error:
            raise CannotStart(f"database: {error}") from error
        dsn = database.dsn
    try:
        for version in asyncio.run(migrate(dsn)):
            say(f"database: migrated to {version}")
        asyncio.run(must_be_whole(dsn))
    except (OSError, RestoreUnfinished) as error:
        if database is not None:
            database.stop()
        why = f"cannot connect: {error}" if isinstance(error, OSError) else str(error)
        raise CannotStart(f"database: {why}") from error
    return database, dsn


def platform_children(settings: Settings, dsn: str) -> tuple[Child, ...]:
    """The workers that serve everything over HTTP, and the projector that makes lists and statistics."""
    environment = settings.environment() | {"CROUPIER_DATABASE_URL": dsn}
    address = f"http://{_reachable(settings.host)}:{settings.port}"
    # Of an embedded database we are the only server: whoever was at our places before is certainly gone.
    server = secrets.token_hex(8) if settings.database_url else "embedded"
    workers = [
        Child(
            "platform" if settings.workers == 1 else f"worker {number}",
            module("croupier.main.worker"),
            environment | {PLACE: f"{server}/{number}"},
            f"{address}/readyz",
        )
        for number in range(1, settings.workers + 1)
    ]
    return (*workers, Child("projector", module("croupier.main.projector"), environment))


def casino_child(settings: Settings, folder: Path, *, operator_id: str, api_key: str, wallet_secret: str) -> Child:
    """The demo casino, a program of its own that knows us by our public API only."""
    port = settings.port + 1
    environment = {
        "CROUPIER_CASINO_DATA": str(folder),
        "CROUPIER_CASINO_HOST": settings.host,
        "CROUPIER_CASINO_PORT": str(port),
        "CROUPIER_CASINO_PLATFORM_URL": settings.public,
        "CROUPIER_CASINO_OPERATOR_ID": operator_id,
        "CROUPIER_CASINO_API_KEY": api_key,
        "CROUPIER_CASINO_WALLET_SECRET": wallet_secret,
    }
    address = f"http://{_reachable(settings.host)}:{port}/healthz"
    return Child("casino", module("croupier.sandbox.run"), environment, address)


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound


def serve(settings: Settings, say: Say) -> None:
    """`croupier serve`: until SIGINT or SIGTERM. CannotStart says what is missing."""
    must_be_free(settings.host, settings.port)
    supervisor = Supervisor(None, (), say)
    supervisor.handle_signals()
    supervisor.database, dsn = start_database(settings, say)
    try:
        for child in platform_children(settings, dsn):
            supervisor.start(child)
        say(f"Croupier answers at {settings.public}")
        supervisor.run()
    finally:
        supervisor.stop()
