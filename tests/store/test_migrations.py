"""The schema comes up from nothing and from every earlier version, also for a login with few rights."""

import time
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import asyncpg
import pytest

from croupier.domain.ids import uuid7
from croupier.domain.parties import Seat, SeatKey
from croupier.store.connect import connect
from croupier.store.embedded import EmbeddedPostgres
from croupier.store.journal import PostgresJournal
from croupier.store.migrate import FOLDER, migrate, pending
from croupier.store.migrations import VERSIONS
from croupier.store.partitions import make_partitions, months_ahead
from croupier.store.projection_tables import Projections
from postgres import dsn_of, new_database
from store.played import Stream

MONTH_US = 31 * 86_400_000_000


@pytest.fixture
async def empty(postgres_server: EmbeddedPostgres) -> AsyncIterator[str]:
    name = await new_database(postgres_server, "template0")
    yield dsn_of(postgres_server, name)
    connection = await asyncpg.connect(dsn_of(postgres_server, "postgres"))
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


async def schema(dsn: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(dsn)
    columns = await connection.fetch(
        """SELECT table_name, column_name, data_type, column_default, is_nullable FROM information_schema.columns
           WHERE table_schema = 'public' ORDER BY 1, 2"""
    )
    indexes = await connection.fetch("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
    await connection.close()
    return [tuple(row) for row in (*columns, *indexes)]


def test_every_file_is_in_the_list_and_in_order() -> None:
    files = sorted(path.stem for path in (FOLDER / "versions").glob("*.sql"))
    assert list(VERSIONS) == files
    assert [int(name[:4]) for name in VERSIONS] == list(range(1, len(VERSIONS) + 1))


async def test_from_nothing(empty: str) -> None:
    assert await pending(empty) == list(VERSIONS)
    assert await migrate(empty) == list(VERSIONS)
    assert await pending(empty) == []
    assert await migrate(empty) == []


@pytest.mark.parametrize(("before", "after"), list(pairwise(VERSIONS)))
async def test_from_each_earlier_version(empty: str, postgres_dsn: str, before: str, after: str) -> None:
    await migrate(empty, before)
    assert (await pending(empty))[0] == after
    await migrate(empty)
    assert await schema(empty) == await schema(postgres_dsn)


async def test_data_of_the_first_version_is_kept_and_projected(empty: str) -> None:
    await migrate(empty, VERSIONS[0])
    seat = Seat(uuid7(time.time_ns() // 1000, bytes(10)), SeatKey("casino", "anna", "dice", "real"))
    played = Stream(seat)
    old = await asyncpg.connect(empty)
    await old.execute("INSERT INTO seats VALUES ($1, 'casino', 'anna', 'dice', 'real')", seat.seat_id)
    for r in (played.opened(), *played.spin(100, 0)):
        await old.execute(
            """INSERT INTO journal (seat_id, seq, writer, era, at, format, opening, request_id, payload)
               VALUES ($1, $2, 'w', 1, $3, $4, $5, $6, $7)""",
            *(r.seat_id, r.seq, r.at, r.format, r.opening, r.request_id, r.payload),
        )
    await migrate(empty)
    projections = await Projections.open(empty)
    assert projections is not None
    assert await projections.follow(1) == 3
    await projections.close()
    assert await old.fetchval("SELECT state FROM rounds") == "closed"
    await old.close()


async def test_a_version_that_fails_leaves_nothing(empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "0001_good.sql").write_text("CREATE TABLE good (); CREATE TABLE journal (a int);")
    (tmp_path / "versions" / "0002_bad.sql").write_text("CREATE TABLE half (); SELECT 1/0;")
    monkeypatch.setattr("croupier.store.migrate.FOLDER", tmp_path)
    monkeypatch.setattr("croupier.store.migrate.VERSIONS", ("0001_good", "0002_bad"))
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty)
    assert await pending(empty) == ["0002_bad"]
    connection = await asyncpg.connect(empty)
    tables = await connection.fetch("SELECT relname FROM pg_class WHERE relname IN ('good', 'half')")
    await connection.close()
    assert [row[0] for row in tables] == ["good"]


async def test_an_ordinary_login_that_owns_the_database_is_enough(postgres_server: EmbeddedPostgres) -> None:
    name = await new_database(postgres_server, "template0")
    admin = await asyncpg.connect(dsn_of(postgres_server, "postgres"))
    await admin.execute("CREATE ROLE plain LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB")
    await admin.execute(f"ALTER DATABASE {name} OWNER TO plain")
    dsn = dsn_of(postgres_server, name).replace("croupier@", "plain@")
    await migrate(dsn)
    journal = PostgresJournal(dsn, now=lambda: time.time_ns() // 1000, random=bytes, pool_size=1)
    await journal.open()
    played = Stream(await journal.seat(SeatKey("casino", "anna", "dice", "real")))
    for record in (played.opened(), *played.spin(100, 0)):
        await journal.append(record)
    projections = await Projections.open(dsn)
    assert projections is not None
    assert await projections.follow(1) == 3
    await projections.close()
    await journal.close()
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.execute("DROP ROLE plain")
    await admin.close()


async def test_partitions_are_made_two_months_ahead_and_seats_fall_into_theirs(postgres_dsn: str) -> None:
    owner = await asyncpg.connect(postgres_dsn)
    now = time.time_ns() // 1000
    later = now + 7 * MONTH_US
    assert await months_ahead(owner, now) == 2
    assert await months_ahead(owner, now + 2 * MONTH_US) <= 0
    assert await months_ahead(owner, later) == -1
    await make_partitions(owner, later)
    await make_partitions(owner, later)
    assert await months_ahead(owner, later) == 2
    app = await connect(postgres_dsn, "test")
    for at in (now, later):
        await app.execute(
            """INSERT INTO journal (seat_id, seq, writer, era, at, format, opening, payload)
               VALUES ($1, 1, 'w', 1, 1, 1, false, '')""",
            uuid7(at, b"\xff" * 10),
        )
    names = await app.fetch("SELECT tableoid::regclass::text FROM journal ORDER BY seat_id")
    expected = [time.strftime("journal_%Y_%m", time.gmtime(at / 1e6)) for at in (now, later)]
    assert [row[0] for row in names] == expected
    await app.close()
    await owner.close()
