"""One database of each kind for a module; tests use players of their own."""

import asyncio
import itertools

import pymysql
import pytest

from postgres import dsn_of, new_database
from wallet_sdk.houses import House
from wallet_sdk.places import KINDS

_numbers = itertools.count(1)


@pytest.fixture(scope="module", params=KINDS)
def house(request, tmp_path_factory):
    return House(request.param, place_of(request, request.param, tmp_path_factory)).build()


@pytest.fixture(scope="module")
def small_house(request, tmp_path_factory):
    """On SQLite: for what no database does differently."""
    return House("sqlite", place_of(request, "sqlite", tmp_path_factory)).build()


def place_of(request, kind, tmp_path_factory) -> str:
    if kind == "sqlite":
        return str(tmp_path_factory.mktemp("house") / "wallet.db")
    if kind == "postgresql":
        server = request.getfixturevalue("postgres_server")
        return dsn_of(server, asyncio.run(new_database(server, "template1")))
    socket, name = request.getfixturevalue("mariadb_socket"), f"test_{next(_numbers)}"
    with pymysql.connect(unix_socket=socket, user="root") as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    return f"{socket} {name}"
