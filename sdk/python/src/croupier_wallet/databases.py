"""What differs between SQLite, PostgreSQL and MySQL or MariaDB: connections, transactions, a few words of SQL."""

import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from os import PathLike
from typing import Any, Literal, cast, get_args

Kind = Literal["sqlite", "postgresql", "mysql"]
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")


class Withdrawn(Exception):
    """Ends a transaction on purpose: nothing of it stays, and the connection is fine."""


class Sql:
    """One transaction. Statements have ``?`` for their values, whatever the database's driver writes."""

    def __init__(self, connection: Any, kind: Kind, placeholder: str) -> None:
        self.connection = connection
        self.kind = kind
        self._placeholder = placeholder

    def one(self, statement: str, *values: object) -> Sequence[Any] | None:
        """The first row, or None."""
        with self._run(statement, values) as cursor:
            row: Sequence[Any] | None = cursor.fetchone()
        return row

    def execute(self, statement: str, *values: object) -> int:
        """The number of rows that were changed."""
        with self._run(statement, values) as cursor:
            return int(cursor.rowcount)

    def name(self, name: str) -> str:
        """A table's or column's name, quoted: ``shop.user`` is fine. ValueError when it is more than a name."""
        if _NAME.fullmatch(name) is None:
            raise ValueError(f"{name!r} is no name of a table or column")
        quote = "`" if self.kind == "mysql" else '"'
        return ".".join(f"{quote}{part}{quote}" for part in name.split("."))

    @contextmanager
    def _run(self, statement: str, values: tuple[object, ...]) -> Iterator[Any]:
        # Closed also when it fails: SQLite's connection would live, and hold its lock, as long as an open cursor does.
        with closing(self.connection.cursor()) as cursor:
            cursor.execute(statement.replace("?", self._placeholder), values)
            yield cursor


class Database:
    """Where the ledger's transactions come from.

    `transaction`: gives a connection within a new transaction, commits at the end and rolls back on any exception.
    """

    def __init__(
        self, kind: str, transaction: Callable[[], AbstractContextManager[Any]], placeholder: str = "%s"
    ) -> None:
        if kind not in get_args(Kind):
            raise ValueError(f"the ledger knows {', '.join(get_args(Kind))}, not {kind}")
        self.kind: Kind = cast("Kind", kind)
        self._transaction = transaction
        self._placeholder = placeholder

    @contextmanager
    def transaction(self) -> Iterator[Sql]:
        with self._transaction() as connection:
            yield Sql(connection, self.kind, self._placeholder)


def sqlite(path: str | PathLike[str]) -> Database:
    """A file. For trying and for small casinos: one writer at a time."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=4, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    return Database("sqlite", Idle(connect, "BEGIN IMMEDIATE").transaction, "?")


def postgresql(connect: Callable[[], Any]) -> Database:
    """`connect`: ``lambda: psycopg.connect(dsn)``, psycopg2's, or SQLAlchemy's ``engine.raw_connection``."""

    def without_autocommit() -> Any:
        connection = connect()
        if getattr(connection, "autocommit", False):
            raise ValueError("the ledger needs transactions: connect without autocommit=True")
        return connection

    return Database("postgresql", Idle(without_autocommit).transaction)


def mysql(connect: Callable[[], Any]) -> Database:
    """`connect`: ``lambda: pymysql.connect(…)`` or MySQLdb's, or SQLAlchemy's ``engine.raw_connection``."""
    return Database("mysql", Idle(connect, "START TRANSACTION").transaction)


class Idle:
    """Connections between two calls: each is used by one thread at a time and kept for the next."""

    def __init__(self, connect: Callable[[], Any], begin: str | None = None) -> None:
        self._connect, self._begin = connect, begin
        self._idle: list[Any] = []
        self._process = os.getpid()
        self._lock = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        with self._lock:
            if self._process != os.getpid():
                # A server forked its workers: these connections are the parent's, two must not talk on one line.
                self._process, self._idle = os.getpid(), []
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._connect()
        try:
            if self._begin:
                connection.cursor().execute(self._begin)
            yield connection
            connection.commit()
        except Withdrawn:
            connection.rollback()
            self._keep(connection)
            raise
        except BaseException:
            with suppress(Exception):
                connection.rollback()
            # The server may be gone, and then the others are of no use either.
            with self._lock:
                doubtful, self._idle = [connection, *self._idle], []
            for one in doubtful:
                with suppress(Exception):
                    one.close()
            raise
        self._keep(connection)

    def _keep(self, connection: Any) -> None:
        with self._lock:
            self._idle.append(connection)
