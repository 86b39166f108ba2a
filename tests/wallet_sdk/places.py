"""Where an operator's wallet keeps its money: the same casino on three databases. Knows nothing of the platform."""

import psycopg
import pymysql

from croupier_wallet import Database, PlayerTable, mysql, postgresql, sqlite

KINDS = ("sqlite", "postgresql", "mysql")
PLAYERS = PlayerTable("user", id="name", balance="money", currency="currency", blocked="blocked")
# "user" is a reserved word in PostgreSQL: names are quoted.
TABLE = {
    "sqlite": 'CREATE TABLE "user" (name text PRIMARY KEY, money integer NOT NULL, currency text, blocked integer)',
    "postgresql": 'CREATE TABLE "user" (name text PRIMARY KEY, money bigint NOT NULL, currency text, blocked boolean)',
    "mysql": "CREATE TABLE user (name varchar(64) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY, "
    "money bigint NOT NULL, currency varchar(10), blocked boolean) ENGINE = InnoDB",
}


def database_at(kind: str, place: str) -> Database:
    """`place`: a path, a DSN, or ``socket database``."""
    if kind == "sqlite":
        return sqlite(place)
    return {"postgresql": postgresql, "mysql": mysql}[kind](lambda: connect(kind, place))


def connect(kind: str, place: str):
    if kind == "postgresql":
        return psycopg.connect(place)
    socket, _, name = place.partition(" ")
    return pymysql.connect(unix_socket=socket, user="root", database=name)
